"""Says whether this machine can run the browser tests: Chromium and a Chinese font.

Missing ones are a failure in CI (`CI=true`) and a plain hint elsewhere.
"""

from __future__ import annotations

import os
import shutil
import sys

from backend.ops.console import Board
from backend.ops.tools import answer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing() -> list[str]:
    """Return the Debian packages that the browser tests lack here."""
    lacking = []
    if not any(shutil.which(name) for name in NAMES):
        lacking.append("chromium")
    if sys.platform == "linux" and not answer(["fc-list", ":lang=zh"]):
        lacking.append("fonts-noto-cjk")
    return lacking


def main() -> int:
    """Tell the person; fail only where the tests must not be skipped."""
    lacking = missing()
    if not lacking:
        return 0
    Board().say(
        f"浏览器测试缺少 {' '.join(lacking)}，这些测试会跳过：apt-get install {' '.join(lacking)} · "
        "browser tests will be skipped without them"
    )
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
