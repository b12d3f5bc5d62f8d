"""`python -m actions`: serve every action of this package at /webhook, and /health.

Rasa's own starter listens on all addresses and speaks at every request; this one stays local and quiet.
"""

import logging
import sys
import warnings

from actions.settings import load_settings


def main() -> int:
    """Serve until stopped."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    # Rasa 3.6 speaks the same webhook protocol as this SDK.
    warnings.filterwarnings("ignore", message="Your versions of rasa")
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    settings = load_settings()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.run(host=settings.bind_host, port=settings.actions_port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
