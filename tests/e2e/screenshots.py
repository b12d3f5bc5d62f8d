"""`make screenshots`: plays the demo story on a system of its own and pictures every page.

All pages at 375 and 1440 px, light and dark, go to var/screenshots/; the two of the README go to docs/img/.
"""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.system import ROOT, System

OUT = ROOT / "var" / "screenshots"
README = {"chat-order-375-light.png": "chat.png", "console-order-1440-light.png": "console.png"}


def main() -> int:
    """Start, picture, stop; return the picture script's exit code."""
    system = System(None)
    try:
        system.start()
        script = [sys.executable, "-m", "connectors.web.screenshots", "--base", system.public_url, "--out", str(OUT)]
        code = subprocess.run([*script, *sys.argv[1:]], cwd=ROOT, check=False).returncode
        for taken, shown in README.items():
            if code == 0 and (OUT / taken).exists():
                shutil.copyfile(OUT / taken, ROOT / "docs" / "img" / shown)
        return code
    finally:
        system.remove()


if __name__ == "__main__":
    sys.exit(main())
