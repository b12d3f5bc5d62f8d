"""Which action answers which intent: every action that says so in its ``intents``."""

import importlib
import pkgutil
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions._base import BackendAction

_answers: dict[str, "type[BackendAction]"] = {}


def register(action: "type[BackendAction]", intents: tuple[str, ...]) -> None:
    """Remember an action. Raises ValueError when two answer one intent."""
    for intent in intents:
        if intent in _answers:
            raise ValueError(f"{intent}: {_answers[intent].__name__} and {action.__name__}")
        _answers[intent] = action


@lru_cache(maxsize=1)
def registry() -> "dict[str, BackendAction]":
    """Return one action for each intent that has one; all modules of the package are loaded for it."""
    package = importlib.import_module("actions")
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"actions.{module.name}")
    return {intent: action() for intent, action in _answers.items()}
