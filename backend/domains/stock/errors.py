"""Problems of the store."""

from backend.kit.problems import Conflict, InvalidInput, NotFound, TooLarge, UnsupportedMedia


class NoSuchItem(NotFound):
    """No item with this id in the person's estates."""

    type, title = "/problems/no-such-stock-item", "No such stock item"
    default_detail = "库房里没有这种物料，请核对一下。"


class NoSuchPrice(NotFound):
    """The price list of the estate has no such line in use."""

    type, title = "/problems/no-such-price", "No such price"
    default_detail = "价目表里没有这一项，请核对一下。"


class ShortOfStock(Conflict):
    """Less is on hand than is wanted; nothing was taken."""

    type, title = "/problems/short-of-stock", "Short of stock"


class ItemCodeTaken(Conflict):
    """The estate has an item with this code."""

    type, title = "/problems/stock-code-taken", "Stock code taken"
    default_detail = "这个物料编码已经有了，请换一个。"


class UnitInUse(Conflict):
    """What has moved in one unit cannot be counted in another."""

    type, title = "/problems/stock-unit-in-use", "Unit in use"
    default_detail = "这种物料已经有出入库记录，单位不能再改。请停用它，另建一种。"


class NotASheet(UnsupportedMedia):
    """Not an Excel file that can be read."""

    type, title = "/problems/not-a-sheet", "Not an Excel file"
    default_detail = "只支持 Excel 文件（.xlsx）。请另存为 .xlsx 再导入。"


class SheetTooLarge(TooLarge):
    """Too many rows, or more inside than a list of items can be."""

    type, title = "/problems/sheet-too-large", "Sheet too large"


class BadRows(InvalidInput):
    """Rows that cannot be taken; nothing was imported."""

    type, title = "/problems/bad-rows", "Bad rows"
