"""Writes every page of a running demo as pictures: phones and desks, light and dark.

    python -m connectors.web.screenshots --base http://127.0.0.1:8000 --out docs/img

It first plays a short demo story through the API (a report, a hand-over, an emergency), once per run of the server,
then opens each page in headless Chromium as the person who would see it.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"375": {"width": 375, "height": 812}, "1440": {"width": 1440, "height": 900}}
SCHEMES = ("light", "dark")
DEMO_PASSWORD = "demo1234"  # the published password of the demo community
CHAT, CONSOLE = "guanjia.chat", "guanjia.console"
ANSWER_TIMEOUT_S = 60.0

STORY = (
    ("zhangwei", "我家楼下的灯坏了"),
    ("wangfang", "厨房水管漏水了，下午三点以后在家"),
    ("wangfang", "转人工"),
    ("liuyang", "厨房着火了"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: who looks at which address, and what must be visible before it is taken."""

    name: str
    path: str
    ready: str
    user: str | None = None
    large: bool = False
    act: Callable[[Page], None] | None = None


def open_first_order(page: Page) -> None:
    """Open the order on top of the list."""
    page.locator(".order-row").first.click()
    expect(page.locator(".timeline")).to_be_visible()


def open_first_conversation(page: Page) -> None:
    """Open the conversation on top of the queue."""
    page.locator("[data-conversation]").first.click()
    expect(page.locator("article.message").first).to_be_visible()


def open_search(page: Page) -> None:
    """Open the search and look for lamps."""
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="查找").fill("灯")
    expect(page.locator(".el-dialog li").first).to_be_visible()


SHOTS = (
    Shot("chat-login", "/", "form"),
    Shot("chat-welcome", "/", ".welcome", "chenjing"),
    Shot("chat-order", "/", ".order-card", "zhangwei"),
    Shot("chat-order-large", "/", ".order-card", "zhangwei", large=True),
    Shot("chat-handover", "/", ".bubble", "wangfang"),
    Shot("chat-danger", "/", ".danger", "liuyang"),
    Shot("technician", "/", ".job-area article, .job-area .none", "lishifu"),
    Shot("console-login", "/console", "form"),
    Shot("console-dashboard", "/console", ".cards", "jingli"),
    Shot("console-conversations", "/console/conversations", "[data-conversation]", "kefu"),
    Shot("console-conversation", "/console/conversations", "[data-conversation]", "kefu", act=open_first_conversation),
    Shot("console-orders", "/console/orders", ".order-row", "kefu"),
    Shot("console-order", "/console/orders", ".order-row", "kefu", act=open_first_order),
    Shot("console-search", "/console/orders", ".order-row", "kefu", act=open_search),
    Shot("console-equipment", "/console/equipment", ".rows", "kefu"),
    Shot("console-people", "/console/people", ".rows", "jingli"),
    Shot("console-audit", "/console/audit", ".rows", "jingli"),
)


def log_in(base: str, user: str) -> str:
    """Return a token of a demo account."""
    answer = httpx.post(
        f"{base}/api/v1/auth/token", data={"username": user, "password": DEMO_PASSWORD}, trust_env=False
    )
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def play_story(base: str, tokens: dict[str, str]) -> None:
    """Say the lines of the story; a line that was said by an earlier run is not said again."""
    for number, (user, text) in enumerate(STORY):
        headers = {"Authorization": f"Bearer {tokens[user]}", "Idempotency-Key": f"screenshots-{number}"}
        answer = httpx.post(
            f"{base}/api/v1/chat/messages",
            json={"text": text},
            headers=headers,
            timeout=ANSWER_TIMEOUT_S,
            trust_env=False,
        )
        answer.raise_for_status()


def take(browser: Browser, base: str, out: Path, shot: Shot, size: str, scheme: str, token: str | None) -> Path:
    """Take one picture."""
    phone = size == "375"
    context = browser.new_context(
        viewport={"width": SIZES[size]["width"], "height": SIZES[size]["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2 if phone else 1,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    stored = {"guanjia.look": json.dumps({"scheme": "auto", "large": shot.large})}
    if token:
        stored[CONSOLE if shot.path.startswith("/console") else CHAT] = token
    context.add_init_script(
        f"if (origin !== 'null') for (const [k, v] of Object.entries({json.dumps(stored)})) localStorage.setItem(k, v)"
    )
    page = context.new_page()
    page.goto(base + shot.path)
    expect(page.locator(shot.ready).first).to_be_visible(timeout=15_000)
    if shot.act:
        shot.act(page)
    page.evaluate("document.fonts.ready")
    file = out / f"{shot.name}-{size}-{scheme}.png"
    page.screenshot(path=file)
    context.close()
    return file


def chosen(only: str) -> Iterator[tuple[Shot, str, str]]:
    """Every picture whose name contains the given word."""
    for shot, size, scheme in product(SHOTS, SIZES, SCHEMES):
        if only in f"{shot.name}-{size}-{scheme}":
            yield shot, size, scheme


def main() -> int:
    """Play the story, take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of every page of a running demo")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("docs/img"))
    parser.add_argument("--only", default="", help="part of a picture's name, such as chat-order or 375-dark")
    parser.add_argument("--chromium", default=CHROMIUM)
    options = parser.parse_args()
    base = options.base.rstrip("/")
    options.out.mkdir(parents=True, exist_ok=True)
    users = {shot.user for shot in SHOTS if shot.user} | {user for user, _ in STORY}
    try:
        tokens = {user: log_in(base, user) for user in sorted(users)}
        play_story(base, tokens)
    except httpx.HTTPError as error:
        sys.stderr.write(f"{base} does not answer as a demo run should: {error}\n")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        for shot, size, scheme in chosen(options.only):
            token = tokens[shot.user] if shot.user else None
            sys.stdout.write(f"{take(browser, base, options.out, shot, size, scheme, token)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
