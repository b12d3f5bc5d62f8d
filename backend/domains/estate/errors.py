"""Problems of the estate."""

from backend.kit.problems import InvalidInput


class NoSuchPlace(InvalidInput):
    """The estate has no such building, unit or room."""

    type, title = "/problems/no-such-place", "No such place"
