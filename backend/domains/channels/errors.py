"""Problems of channels."""

from backend.kit.problems import NotFound


class NoSuchBinding(NotFound):
    """There is no such binding, or it is somebody else's."""

    type, title = "/problems/no-such-binding", "No such binding"
    default_detail = "没有找到这个绑定，可能已经解除了。"
