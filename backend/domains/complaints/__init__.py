"""Complaints 投诉: what somebody is unhappy about, who answers by when, and whether the answer is accepted.

    received 已收到 ─▶ investigating 处理中 ─▶ answered 已答复 ─▶ accepted 已认可
        │                  │      ▲               │
        └─▶ withdrawn ◀────┘      └─ refused 不认可 ┘   (once; then somebody above answers, and after that it is closed)
                                                  └────▶ closed 已结束

Only who complained and the desk see a complaint; never the person it is about. What is late goes up: customer service,
manager, regional manager.
"""
