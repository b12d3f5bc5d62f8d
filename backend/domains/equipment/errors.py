"""Problems of equipment."""

from backend.kit.problems import Conflict, NotFound


class CodeTaken(Conflict):
    """The estate has equipment with this code."""

    type, title = "/problems/code-taken", "Code taken"
    default_detail = "这个编号已经有设备在用，请换一个。"


class NoSuchAsset(NotFound):
    """No asset with this id that the person may see."""

    type, title = "/problems/no-such-asset", "No such asset"
    default_detail = "没有找到这台设备。"


class SameName(Conflict):
    """Another asset of the estate is called so; saved only when that is meant."""

    type, title = "/problems/same-name", "Same name"
