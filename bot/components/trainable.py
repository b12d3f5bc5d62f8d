"""What the trainable steps share: keeping one Python object in Rasa's model archive."""

from __future__ import annotations

import logging
from typing import Any

import joblib
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

logger = logging.getLogger(__name__)

FILE = "learned.joblib"


def store(learned: Any, storage: ModelStorage, resource: Resource) -> None:
    """Write what a step has learned into the archive."""
    with storage.write_to(resource) as folder:
        joblib.dump(learned, folder / FILE, compress=3)


def load(storage: ModelStorage, resource: Resource) -> Any:
    """Read it back; None when the step was never trained."""
    try:
        with storage.read_from(resource) as folder:
            return joblib.load(folder / FILE)
    except ValueError:
        logger.warning("nothing learned is stored for %s", resource.name)
        return None
