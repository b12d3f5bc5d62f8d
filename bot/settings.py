"""Settings of the Rasa process, read once from the environment.

`prepare_environment()` must run before anything imports Rasa, TensorFlow or numpy: it keeps every
BLAS at one thread (several threads make one sentence ten times slower on a busy machine), silences
TensorFlow and turns telemetry off.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "MALLOC_ARENA_MAX": "2",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class Settings:
    """What the process needs to know; secrets have no default."""

    service_token: str
    actions_url: str
    actions_timeout_s: float
    bind_host: str
    credentials: Path
    rasa_port: int
    tracker_url: str
    var_dir: Path

    @property
    def models_dir(self) -> Path:
        """Folder of trained models; `current` in it names the one to load."""
        return self.var_dir / "models"


def prepare_environment() -> None:
    """Set process-wide switches; keep what the operator has set already."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


def threads() -> int:
    """Return how many threads one computation may use: one where people are answered, all in training."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Return the settings; relative paths are relative to the repository root."""
    var_dir = Path(os.environ.get("GUANJIA_VAR_DIR", "var"))
    if not var_dir.is_absolute():
        var_dir = ROOT / var_dir
    return Settings(
        service_token=os.environ.get("GUANJIA_SERVICE_TOKEN", ""),
        actions_url=os.environ.get("GUANJIA_ACTIONS_URL", "http://127.0.0.1:5055/webhook"),
        actions_timeout_s=float(os.environ.get("GUANJIA_ACTIONS_TIMEOUT_S", "20")),
        bind_host=os.environ.get("GUANJIA_BIND_HOST", "127.0.0.1"),
        credentials=ROOT / os.environ.get("GUANJIA_RASA_CREDENTIALS", "bot/credentials.yml"),
        rasa_port=int(os.environ.get("GUANJIA_RASA_PORT", "5005")),
        tracker_url=os.environ.get("RASA_TRACKER_URL") or f"sqlite:///{var_dir / 'tracker.db'}",
        var_dir=var_dir,
    )
