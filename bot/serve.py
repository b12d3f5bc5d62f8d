"""Start the Rasa server: `python -m bot.serve`.

Binds to GUANJIA_BIND_HOST:GUANJIA_RASA_PORT (127.0.0.1:5005), loads the model named in var/models/current and offers Rasa's
HTTP API (PUT /model, /status) with the service token. No telemetry, no network but the action server.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings

from bot.settings import ROOT, load_settings, prepare_environment

prepare_environment()
warnings.filterwarnings("ignore")


def main() -> int:
    """Serve until stopped; return 2 when there is nothing to serve or no token."""
    settings = load_settings()
    if not settings.service_token:
        sys.stderr.write("GUANJIA_SERVICE_TOKEN is not set\n")
        return 2
    current = settings.models_dir / "current"
    if not current.exists():
        sys.stderr.write("no trained model: run python -m bot.train first\n")
        return 2
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("GUANJIA_ACTIONS_URL", settings.actions_url)
    os.environ["RASA_TRACKER_URL"] = settings.tracker_url
    model = settings.models_dir / current.read_text().strip()

    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot.action_endpoint import WatchedEndpoint

    configure_logging_and_warnings(log_level=logging.INFO, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(logging.WARNING)
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "bot" / "endpoints.yml"))
    endpoints.action = WatchedEndpoint(settings.actions_url, settings.actions_timeout_s)
    serve_application(
        model_path=str(model),
        interface=settings.bind_host,
        port=settings.rasa_port,
        credentials=str(settings.credentials),
        enable_api=True,
        auth_token=settings.service_token,
        endpoints=endpoints,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
