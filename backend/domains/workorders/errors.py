"""Problems of work orders."""

from backend.kit.problems import Conflict, Forbidden, NotFound


class IllegalTransition(Conflict):
    """The table has no such move from here."""

    type, title = "/problems/illegal-transition", "Illegal transition"


class NotYourMove(Forbidden):
    """The move exists, but somebody else has to make it."""

    type, title = "/problems/not-your-move", "Not your move"


class NoSuchOrder(NotFound):
    """No order with this number that the person may see."""

    type, title = "/problems/no-such-order", "No such order"
    default_detail = "没有找到这张工单，请核对一下单号。"


class NotYourEstate(Forbidden):
    """The words name an estate of the company where the speaker does not belong."""

    type, title = "/problems/not-your-estate", "Not your estate"


class AlreadyRated(Conflict):
    """An order is rated once."""

    type, title = "/problems/already-rated", "Already rated"
    default_detail = "这张工单已经评价过了。"


class PrivateMerge(Conflict):
    """Faults inside homes belong to their household alone."""

    type, title = "/problems/private-merge", "Private orders stay apart"
    default_detail = "户内的工单只属于那一户，不同的户不能合并，否则会看到别人家的情况。请分别处理。"


class NoTechnician(Conflict):
    """Nobody of the estate has the skill."""

    type, title = "/problems/no-technician", "No technician"
    default_detail = "本小区暂时没有能做这类活的师傅，请人工指定。"


class NothingToUndo(Conflict):
    """Nothing of a change of many orders can be taken back."""

    type, title = "/problems/nothing-to-undo", "Nothing to undo"
    default_detail = "这次操作没有能撤销的部分。"
