"""Clocks 时限: by when something must be done, in business hours or round the clock, and what happens when it is not.

running 计时中 ⇄ paused 暂停 → stopped 已停. On the way it reaches steps: half 过半 → warning 快到时限 → breach 超时 →
customer service 客服 → manager 项目经理 → regional 区域经理. A promise 承诺 is what the person who waits was told.
Clocks know nothing of what they time: a domain starts them for its rows and registers what a step brings about.
"""
