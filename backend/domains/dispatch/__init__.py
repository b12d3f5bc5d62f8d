"""Dispatch 派单: who should do an order, when they are there, and when it can be promised.

Modes of an estate and category: grab 抢单 (offered to all who fit, the first takes it) · assign 指派 (staff choose) ·
auto 自动派单. It knows orders as errands that are passed in; ``planning`` is the pure planner.
"""
