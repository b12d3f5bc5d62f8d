"""Problems of dispatch."""

from backend.kit.problems import InvalidInput, NotFound


class NoSuchLeave(NotFound):
    """No leave with this id that the person may see."""

    type, title = "/problems/no-such-leave", "No such leave"
    default_detail = "没有找到这条请假记录。"


class NotATechnician(InvalidInput):
    """Rosters are kept for the estate's technicians."""

    default_detail = "这位不是本小区的师傅。"
