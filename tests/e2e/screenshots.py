"""`make screenshots`: drives Chromium through the demo story and writes every page as a picture.

All pages at 375 and 1440 px, light and dark, go to var/screenshots/; the two of the README go to docs/img/.
"""

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.system import ROOT, System

PASSWORD = "demo1234"
WIDTHS = {375: 812, 1440: 900}
SCHEMES = ("light", "dark")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Page:
    """A page to look at: who opens which address, and where the page keeps its login."""

    name: str
    path: str
    username: str
    storage: str


def pages(order: str) -> list[Page]:
    """Return every page, one order opened."""
    chat, console = "guanjia.chat", "guanjia.console"
    return [
        Page("login", "/", "", chat),
        Page("chat", "/", "zhangwei", chat),
        Page("chat-technician", "/", "lishifu", chat),
        Page("chat-empty", "/", "chenjing", chat),
        Page("console-login", "/console", "", console),
        Page("console-board", "/console", "kefu", console),
        Page("console-conversations", "/console/conversations", "kefu", console),
        Page("console-orders", "/console/orders", "kefu", console),
        Page("console-order", f"/console/orders/{order}", "kefu", console),
        Page("console-equipment", "/console/equipment", "kefu", console),
        Page("console-people", "/console/people", "jingli", console),
        Page("console-audit", "/console/audit", "jingli", console),
    ]


class Story:
    """What happens before the pictures are taken."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=60, trust_env=False)
        self.tokens: dict[str, str] = {}

    def token(self, username: str) -> str:
        """Log in once."""
        if username not in self.tokens:
            form = {"username": username, "password": PASSWORD}
            answer = self._client.post("/auth/token", data=form)
            answer.raise_for_status()
            self.tokens[username] = answer.json()["access_token"]
        return self.tokens[username]

    def say(self, username: str, text: str) -> list[dict[str, Any]]:
        """Say something in chat and return the replies."""
        headers = {"Authorization": f"Bearer {self.token(username)}"}
        answer = self._client.post("/chat/messages", json={"text": text}, headers=headers)
        answer.raise_for_status()
        replies: list[dict[str, Any]] = answer.json()["replies"]
        return replies

    def tell(self) -> str:
        """Tell the story; return the number of the order it is about."""
        replies = self.say("zhangwei", "我家楼下的灯坏了")
        number = next((r["card"]["number"] for r in replies if r.get("card")), "")
        self.say("wangfang", "厨房水管漏水，明天下午在家")
        self.say("liuyang", "转人工")
        self.say("lishifu", f"接单 {number}")
        self.say("zhangwei", "师傅什么时候来")
        return number


def shoot(browser: Browser, url: str, page: Page, token: str | None, target: Path, look: tuple[int, str]) -> None:
    """Write one picture."""
    width, scheme = look
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        device_scale_factor=2 if width < 500 else 1,
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    if token:
        context.add_init_script(f"localStorage.setItem({page.storage!r}, {token!r})")
    opened = context.new_page()
    opened.goto(url + page.path)
    opened.wait_for_load_state("load")
    opened.wait_for_timeout(1500)
    opened.screenshot(path=str(target))
    context.close()


def main() -> None:
    """Start a system, tell the story, write the pictures."""
    argparse.ArgumentParser(prog="make screenshots", description=__doc__).parse_args()
    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("需要 Chromium 和中文字体：apt-get install chromium fonts-noto-cjk · Chromium is needed")
    everything = ROOT / "var" / "screenshots"
    everything.mkdir(parents=True, exist_ok=True)
    system = System(None)
    try:
        print("starting ...", flush=True)
        system.start()
        story = Story(system.public_url)
        number = story.tell()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
            )
            for page in pages(number):
                token = story.token(page.username) if page.username else None
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        target = everything / f"{page.name}-{width}-{scheme}.png"
                        shoot(browser, system.public_url, page, token, target, (width, scheme))
                        print(target.relative_to(ROOT), flush=True)
            browser.close()
    finally:
        system.remove()
    images = ROOT / "docs" / "img"
    images.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(everything / "chat-375-light.png", images / "chat.png")
    shutil.copyfile(everything / "console-order-1440-light.png", images / "console.png")


if __name__ == "__main__":
    main()
