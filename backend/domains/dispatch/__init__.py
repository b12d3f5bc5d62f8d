"""Dispatch 派单: who should do an order, and when they can promise to be there."""
