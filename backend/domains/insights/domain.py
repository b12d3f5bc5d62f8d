"""The cards of the dashboard. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A number with a title, and where in the console its rows are. ``tone`` is info, warn, danger or done;
    ``unit`` stands behind the number (%)."""

    key: str
    title: str
    value: int
    tone: str
    query: str
    unit: str = ""
