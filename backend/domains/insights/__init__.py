"""Insights 工作台: what the desk should look at first, and the titles of everything that has one."""
