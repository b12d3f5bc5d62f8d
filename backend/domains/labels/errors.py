"""Problems of labels."""

from backend.kit.problems import Conflict, NotFound, TooManyRequests


class NoSuchLabel(NotFound):
    """No label with this token, or one that was revoked: the two look the same."""

    type, title = "/problems/no-such-label", "No such label"
    default_detail = "这个二维码已经失效了，请联系物业。"


class NothingToReport(Conflict):
    """The label is on an order."""

    type, title = "/problems/nothing-to-report", "Not for reports"
    default_detail = "这是工单的二维码，不能在这里报修。"


class NothingToTake(Conflict):
    """There is no order to take here, or more than one."""

    type, title = "/problems/nothing-to-take", "Nothing to take"


class AlreadyTaken(Conflict):
    """Somebody else was faster."""

    type, title = "/problems/already-taken", "Already taken"
    default_detail = "这张工单已经有师傅接了。"


class TooOften(TooManyRequests):
    """Strangers may use a label a few times only."""

    type, title = "/problems/label-too-often", "Too often"
