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
    """An order is rated once for each time its work was finished."""

    type, title = "/problems/already-rated", "Already rated"
    default_detail = "这张工单已经评价过了。"


class PrivateMerge(Conflict):
    """Faults inside homes belong to their household alone."""

    type, title = "/problems/private-merge", "Private orders stay apart"
    default_detail = "户内的工单只属于那一户，不同的户不能合并，否则会看到别人家的情况。请分别处理。"


class TakenByAnother(Conflict):
    """Several wanted the order at once, and somebody else was faster."""

    type, title = "/problems/taken-by-another", "Taken by another"
    default_detail = "手慢了一步，已经有师傅接了。"


class NoTechnician(Conflict):
    """Nobody of the estate has the skill."""

    type, title = "/problems/no-technician", "No technician"
    default_detail = "本小区暂时没有能做这类活的师傅，请人工指定。"


class NoSuchCost(NotFound):
    """The order has no such cost line."""

    type, title = "/problems/no-such-cost", "No such cost line"
    default_detail = "这张工单上没有这笔费用，请刷新后再看。"


class NoSuchQuote(NotFound):
    """The order has no such quote."""

    type, title = "/problems/no-such-quote", "No such quote"
    default_detail = "这张工单没有这份报价，请刷新后再看。"


class NoConsent(Conflict):
    """Nothing is charged to an owner who has not agreed to it, nor more than was agreed to."""

    type, title = "/problems/no-consent", "Owner has not consented"


class QuoteSettled(Conflict):
    """The quote cannot be answered (any more) in this way."""

    type, title = "/problems/quote-settled", "Quote settled"


class NotQuotable(Conflict):
    """Nobody can be asked to pay for this order."""

    type, title = "/problems/not-quotable", "No quote possible"


class ChecklistOpen(Conflict):
    """Required items of the checklist have no answer: ``items`` (id, text, kind), ``titles`` alone, ``page`` to fill them.

    A reason lets it end all the same.
    """

    type, title = "/problems/checklist-open", "Checklist open"


class TransferDecided(Conflict):
    """The question to take an order over has another answer already, or is over."""

    type, title = "/problems/transfer-decided", "Transfer decided"


class NoSuchIncident(NotFound):
    """No incident with this number that the person may see."""

    type, title = "/problems/no-such-incident", "No such incident"
    default_detail = "没有找到这个事件，请核对一下编号。"


class IncidentOpen(Conflict):
    """One area has one open incident of a kind."""

    type, title = "/problems/incident-open", "Incident open already"


class IncidentOver(Conflict):
    """The incident is resolved or closed."""

    type, title = "/problems/incident-over", "Incident over"
    default_detail = "这个事件已经恢复了，有新情况请另建一个。"


class NeverFolded(Conflict):
    """Danger to a person, or work that is over, is not put under an incident."""

    type, title = "/problems/never-folded", "Not for an incident"


class TooLateToUndo(Conflict):
    """A merge can be taken back for a short time only."""

    type, title = "/problems/too-late-to-undo", "Too late to undo"


class NothingToSplit(Conflict):
    """The order is over, or waits for the desk to confirm it."""

    type, title = "/problems/nothing-to-split", "Not to be split now"


class NothingToUndo(Conflict):
    """Nothing of a change of many orders can be taken back."""

    type, title = "/problems/nothing-to-undo", "Nothing to undo"
    default_detail = "这次操作没有能撤销的部分。"
