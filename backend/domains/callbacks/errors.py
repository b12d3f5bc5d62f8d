"""Problems of call-backs."""

from backend.kit.problems import Conflict, NotFound


class NoSuchCallback(NotFound):
    """No call-back with this id that the person may see."""

    type, title = "/problems/no-such-callback", "No such call-back"
    default_detail = "没有找到这条回访。"


class CallbackOver(Conflict):
    """The call has been made, or nobody tries any more."""

    type, title = "/problems/callback-over", "Call-back is over"
    default_detail = "这条回访已经结束了，请刷新看看是谁打的。"


class CallbackTaken(Conflict):
    """A colleague has it."""

    type, title = "/problems/callback-taken", "Call-back is taken"
    default_detail = "这条回访已经有同事在跟了。"
