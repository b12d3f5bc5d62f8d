"""People in front of their own browsers, against a running whole system (fixtures base_url and browser_page)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.people import Door

AXE = Path(__file__).parents[2] / "connectors/web/pages/node_modules/axe-core/axe.min.js"
PHONE = {"width": 375, "height": 812}
DESK = {"width": 1440, "height": 900}
expect.set_options(timeout=20_000)
ANSWER_MS = 60_000
SETTLE_MS = 5_000
# Colours glide from one scheme to the other, and a child begins when its parent has arrived, so look again until
# nothing moves; what never ends (a typing mark) is not waited for.
SETTLED = """async () => {
    const moving = () => document.getAnimations().filter(a => a.effect.getComputedTiming().endTime !== Infinity)
    const frame = () => new Promise(requestAnimationFrame)
    for (let still = 0; still < 3; still += 1) {
        if (moving().length) { still = -1; await Promise.all(moving().map(a => a.finished.catch(() => 0))) }
        await frame()
    }
}"""

# Written as a loop of its own: what playwright waits for by words would be evaluated, which the pages forbid.
OVERFLOW = """async (patience) => {
    const parts = () => [document.documentElement, ...document.querySelectorAll('.page')]
    const overflow = () => Math.max(...parts().map(e => e.scrollWidth - e.clientWidth))
    const until = performance.now() + patience
    while (overflow() > 0 && performance.now() < until) await new Promise(requestAnimationFrame)
    return overflow()
}"""

OpenAs = Callable[..., Page]


def token_of(base_url: str, username: str) -> str:
    """Log in through the API."""
    form = {"username": username, "password": "demo1234"}
    answer = httpx.post(f"{base_url}/api/v1/auth/token", data=form, trust_env=False)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


@pytest.fixture
def open_as(base_url: str, browser_page: Page) -> Iterator[OpenAs]:
    """Open a page as a person in a browser of their own: phones for the chat, desks for the console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    browser = browser_page.context.browser
    assert browser is not None

    def open_page(username: str | None, path: str = "/", **options: Any) -> Page:
        console = path.startswith("/console")
        context = browser.new_context(
            **{"viewport": DESK if console else PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        )
        contexts.append(context)
        context.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
        context.on("weberror", lambda e: complaints.append(str(e.error)))
        if username:
            key = json.dumps("guanjia.console" if console else "guanjia.chat")
            token = json.dumps(token_of(base_url, username))
            context.add_init_script(f"if (origin !== 'null') localStorage.setItem({key}, {token})")
        page = context.new_page()
        page.set_default_timeout(45_000)  # the encoder may still be loading beside it
        page.goto(base_url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(autouse=True)
def nothing_reported(door: Door) -> None:
    """What a test reports has no order yet."""
    door.empty_hands()


def say(page: Page, text: str) -> None:
    """Type a message and send it, as soon as the conversation is open."""
    field = page.get_by_role("textbox", name="说点什么")
    field.fill(text)
    field.press("Enter")


def said(page: Page, text: str) -> None:
    """The person's own newest bubble has these words."""
    expect(page.locator(".message.mine .bubble").last).to_have_text(text)


def answered(page: Page) -> None:
    """Nothing is on its way any more and the typing mark is gone."""
    expect(page.locator(".typing")).to_have_count(0, timeout=ANSWER_MS)


def serious_issues(page: Page) -> list[str]:
    """What axe-core calls serious or worse on this page, in light and in dark."""
    expect(page.locator(".el-message")).to_have_count(0)  # one that fades has the contrast of a fading one
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"{scheme} {issue}" for scheme in ("light", "dark") for issue in _issues(page, scheme)]


def _issues(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(f"html[style*='color-scheme: {scheme}']")).to_be_attached()
    page.evaluate(SETTLED)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{issue['id']}: {node['target']} {node['failureSummary']}"
        for issue in found["violations"]
        if issue["impact"] in ("serious", "critical")
        for node in issue["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels something runs over the right edge of the page or of its main part, once it has settled."""
    return int(page.evaluate(OVERFLOW, SETTLE_MS))


def overflow_at_every_width(page: Page) -> int:
    """The most of it on a phone, a tablet and a desk."""
    found = []
    for width in (375, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        found.append(overflow(page))
    return max(found)
