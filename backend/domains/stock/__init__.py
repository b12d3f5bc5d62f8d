"""Stock 库存 and price list 价目表: what lies in the store of an estate, and what work in a home costs.

item 物料      a thing that is kept, with unit (个/米/卷), price and minimum
movement 流水  one line of the ledger, never changed: in 入库 / out 出库 / return 退库 / adjust 盘点
balance 结存   what is on hand: always the sum of the item's movements, never below zero
price 价目     labour of a paid repair in a home, for quotes

    in, return ──► + ┐
    out ─────────► − ├─► balance ──(below the minimum)──► the desk is told, once until it is refilled
    adjust ──────► ± ┘

Quantities are whole thousandths (``*_milli``) inside and decimals with at most three places outside; money is fen.
"""
