"""One whole system per run, for the tests that go through its public door."""

import shutil
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.bench.system import System
from tests.people import Door

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one database, and those of one file, together when several workers share the run."""
    for item in items:
        params: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
        item.add_marker(pytest.mark.xdist_group(str(params.get("world", item.location[0]))))


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Every process of a demo run, on ports and in a folder of its own (SQLite)."""
    running = System(None)
    try:
        running.start()
        started = running.members()
        yield running
        started |= running.members()
    finally:
        running.remove()
    assert [process for process in started if process.is_running()] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the ends of the logs beside a failure on the whole system."""
    report = yield
    system = getattr(item, "funcargs", {}).get("system")
    if report.failed and isinstance(system, System):
        report.sections.extend(system.log_tails())
    return report


@pytest.fixture(scope="session")
def base_url(system: System) -> str:
    """The public address of the whole system."""
    return system.public_url


@pytest.fixture
def door(base_url: str) -> Iterator[Door]:
    """The public door: people log in and talk through it."""
    with Door(base_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser_page() -> Iterator[Page]:
    """A page of a headless Chromium."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser.new_page()
        browser.close()
