"""Finds what each domain brings: ``domain_modules("api")`` imports every ``backend/domains/*/api.py``."""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType

DOMAINS = "backend.domains"


def domain_names() -> list[str]:
    """Return the names of all domain packages, sorted."""
    domains = importlib.import_module(DOMAINS)  # by name: the kit knows no domain
    return sorted(m.name for m in pkgutil.iter_modules(domains.__path__) if m.ispkg)


def domain_modules(part: str) -> Iterator[ModuleType]:
    """Import and yield the module ``part`` of each domain that has one."""
    for name in domain_names():
        path = f"{DOMAINS}.{name}.{part}"
        if find_spec(path) is not None:
            yield importlib.import_module(path)


def table_modules() -> Iterator[ModuleType]:
    """Import and yield every module of tables: ``models.py`` of each domain, and ``models_*.py`` beside it."""
    for name in domain_names():
        package = importlib.import_module(f"{DOMAINS}.{name}")
        for found in pkgutil.iter_modules(package.__path__):
            if found.name == "models" or found.name.startswith("models_"):
                yield importlib.import_module(f"{DOMAINS}.{name}.{found.name}")
