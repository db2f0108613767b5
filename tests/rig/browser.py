"""A real browser, driven by playwright: the machine's own Chromium, since no browser is downloaded."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from tests.rig.missing import missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that asks for anything outside this machine gets no answer, and the test sees it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
SUBRESOURCES = {"stylesheet", "script", "image", "font", "media"}


def find_chromium() -> str | None:
    """The browser's path: ``CHROMIUM`` when set, else the first known name or place; None when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in PLACES if Path(place).exists()), None)


@dataclass
class Troubles:
    """What went wrong in a page without the page saying so: script errors, refusals by the CSP, missing files."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("console", self._on_console)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium also reports each answer of 400 and above here; a refused form answers so on purpose.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.found.append(f"console: {message.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type in SUBRESOURCES:
            self.found.append(f"{response.status} for {response.url}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium; skips without one."""
    path = find_chromium()
    if path is None:
        missing("no Chromium on this machine (install the package chromium, or set CHROMIUM to its path)")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the whole session; each page lives in a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def _opened(browser: Browser, troubles: Troubles, options: dict[str, Any]) -> Iterator[Page]:
    settings = {
        "locale": "pt-BR",
        "timezone_id": "America/Sao_Paulo",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
        **options,
    }
    context = browser.new_context(**settings)
    context.set_default_timeout(15_000)
    page = context.new_page()
    troubles.watch(page)
    try:
        yield page
    finally:
        context.close()


@pytest.fixture
def page_troubles() -> Iterator[Troubles]:
    """The troubles of this test's pages; a test that expects one clears ``found``."""
    troubles = Troubles()
    yield troubles
    assert not troubles.found, "The browser complained:\n" + "\n".join(troubles.found)


@pytest.fixture
def new_page(browser: Browser, page_troubles: Troubles) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a new context: ``new_page(viewport={"width": 360, "height": 740})``."""
    with ExitStack() as opened:
        yield lambda **options: opened.enter_context(_opened(browser, page_troubles, options))


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page 1280 pixels wide, in Portuguese and on São Paulo's time."""
    return new_page()
