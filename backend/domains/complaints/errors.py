"""Problems of complaints."""

from backend.kit.problems import Conflict, Forbidden, NotFound


class NoSuchComplaint(NotFound):
    """No complaint with this number that the person may see."""

    type, title = "/problems/no-such-complaint", "No such complaint"
    default_detail = "没有找到这件投诉，请核对一下编号。"


class IllegalTransition(Conflict):
    """The table has no such move from here."""

    type, title = "/problems/illegal-transition", "Illegal transition"


class NotYourMove(Forbidden):
    """The move exists, but somebody else has to make it."""

    type, title = "/problems/not-your-move", "Not your move"


class RefusedTwice(Conflict):
    """The second answer is the last one of the company."""

    type, title = "/problems/refused-twice", "Refused twice"
    default_detail = "这已经是复查后的答复了，物业这边没有再上一级。您仍不满意，可以打 12345 热线反映，我们配合处理。"


class AnotherMustAnswer(Forbidden):
    """After a refusal somebody else answers."""

    type, title = "/problems/another-must-answer", "Another must answer"
    default_detail = "上一次答复业主没有认可，这次要换一位经理来答复。"
