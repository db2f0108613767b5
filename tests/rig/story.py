"""People at a browser: each walks through the product as a reader of its role would, and every page is looked at."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from tests.rig.accessibility import assert_accessible
from tests.rig.app import PASSWORD

DAY_ONE = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
"""Monday, 2 March 2026, half past nine in Brasília."""

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def kind_of(url: str) -> str:
    """Return the address without what makes it one record's: two agreements have the same kind of page."""
    path = re.sub(r"/portal/r/[^/?]+", "/portal/r/N", urlsplit(url).path)
    path = re.sub(r"/(verificar|recibos|recibo)/[^/?]+", r"/\1/N", path)
    return re.sub(r"\d+", "N", path)


@dataclass
class Person:
    """Somebody at a browser of their own."""

    page: Page
    stage: "Stage"
    email: str = ""

    @property
    def main(self) -> Locator:
        """The content of the page, without menu, head and foot."""
        return self.page.locator("main")

    @property
    def words(self) -> str:
        """What the page says, with single blanks."""
        return " ".join(self.main.inner_text().split())

    @property
    def path(self) -> str:
        """Where the browser is, without the server's address."""
        return self.page.url.removeprefix(self.stage.url)

    def open(self, address: str) -> None:
        """Go to an address, or to a path of the product."""
        self.page.goto(address if "://" in address else self.stage.url + address)
        self.look()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow the first link of the page with this text."""
        self._go((within or self.main).get_by_role("link", name=name).first)

    def choose_task(self, name: str) -> None:
        """Follow a line of the menu."""
        self._go(self.page.get_by_role("navigation", name="Tarefas").get_by_role("link", name=name, exact=True))

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the first button of the page with this text."""
        self._go((within or self.main).get_by_role("button", name=name).first)

    def _go(self, control: Locator) -> None:
        """Click what leads to another page, and look at that one: a click alone returns while the old page stands."""
        with self.page.expect_navigation():
            control.click()
        self.look()

    def fill(self, fields: dict[str, str]) -> None:
        """Type into the fields with these labels; the labels may be only their beginning."""
        for label, text in fields.items():
            self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        """Return the control whose label begins so."""
        return self.main.get_by_label(re.compile(f"^{re.escape(label)}")).first

    def choose(self, legend: str, *options: str) -> None:
        """Tick the options of the group with this question."""
        group = self.main.get_by_role("group", name=re.compile(f"^{re.escape(legend)}")).first
        for option in options:
            group.get_by_label(re.compile(f"^{re.escape(option)}")).first.check()

    def reads(self, *texts: str) -> None:
        """Fail unless the page says each of these."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def error_beside(self, control: Locator) -> str:
        """Return the sentence that is tied to a control as its error."""
        names = (control.get_attribute("aria-describedby") or "").split()
        (name,) = [each for each in names if each.endswith("-erro")]
        return self.page.locator(f"[id='{name}']").inner_text()

    def download(self, name: str) -> bytes:
        """Follow a link that hands out a file; returns the file."""
        with self.page.expect_download() as waiting:
            self.main.get_by_role("link", name=name).first.click()
        return Path(waiting.value.path()).read_bytes()

    def rows(self, caption: str) -> list[list[str]]:
        """Return the rows of the table with this caption, cell by cell."""
        script = """table => [...table.tBodies].flatMap(body => [...body.rows]).map(
            row => [...row.cells].map(cell => cell.innerText.replace(/\\s+/g, ' ').trim()))"""
        found: list[list[str]] = self.table(caption).evaluate(script)
        return found

    def table(self, caption: str) -> Locator:
        """Return the table with this caption."""
        exactly = re.compile(rf"^\s*{re.escape(caption)}\s*$")
        found = self.main.locator("table").filter(has=self.page.locator("caption", has_text=exactly))
        assert found.count() == 1, f"{caption!r} is none of {self.main.locator('caption').all_inner_texts()}"
        return found

    def look(self) -> None:
        """Look at the page that is open: it fits the screen, and nobody is kept from reading it."""
        size = self.page.viewport_size or WIDE
        seen = (kind_of(self.page.url), size["width"], self.main.locator("[role=alert]").count() > 0)
        if seen in self.stage.seen:
            return
        self.stage.seen.add(seen)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than a screen of {size['width']}"
        assert_accessible(self.page)


@dataclass
class Stage:
    """The product, served, and the people who come to it."""

    app: Any
    url: str
    make: Any
    clock: Any
    new_page: Callable[..., Page]
    seen: set[tuple[str, int, bool]] = field(default_factory=set)

    def enter(self, role: str) -> Person:
        """Let somebody of a role sign in, in a browser of their own."""
        email = self.make.user(role).name
        person = Person(self.new_page(viewport=WIDE), self, email)
        person.open("/entrar")
        person.fill({"E-mail": email, "Senha": PASSWORD})
        person.press("Entrar")
        return person

    def stranger(self, *, viewport: dict[str, int] | None = None) -> Person:
        """Let somebody come who has no account."""
        return Person(self.new_page(viewport=viewport or WIDE), self)

    def mail_through(self, smtp_url: str) -> None:
        """Let the mails leave over a server instead of into the folder."""
        extensions = self.app.extensions
        extensions["vendor_tracker.settings"] = replace(extensions["vendor_tracker.settings"], smtp_url=smtp_url)

    def night(self, moment: datetime) -> dict[str, dict[str, object]]:
        """Let time pass and the scheduler make its round; returns what each job did."""
        from vendor_tracker.scheduler import run_due

        self.clock.move_to(moment)
        done = run_due(self.app)
        assert not [name for name, report in done.items() if "error" in report or "skipped" in report], done
        return done

    def letters(self) -> list[EmailMessage]:
        """Return the mails of the folder, the oldest first."""
        folder = self.app.extensions["vendor_tracker.settings"].data_dir / "mail"
        paths = sorted(folder.glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]  # type: ignore[misc]

    def letter_to(self, recipient: str, *, about: str = "") -> EmailMessage:
        """Return the newest mail to somebody whose subject holds ``about``."""
        found = [each for each in self.letters() if recipient in str(each["To"]) and about in str(each["Subject"])]
        assert found, f"no mail to {recipient} about {about!r}: {[str(each['Subject']) for each in self.letters()]}"
        return found[-1]


def text_of(message: EmailMessage) -> str:
    """Return the text of a mail."""
    body = message.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(text: str) -> str:
    """Return the portal's address in a mail: it stands on a line of its own."""
    found = re.findall(r"^https?://\S+/portal/r/\S+$", text.replace("\r\n", "\n"), re.MULTILINE)
    assert len(found) == 1, text
    return str(found[0])


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The product on an empty database, served to browsers, on a Monday in March 2026 whose clock runs."""
    with time_machine.travel(DAY_ONE, tick=True) as clock:
        app = request.getfixturevalue("app")
        # The browser lives today and would drop at once a session that ended in March 2026.
        app.config["PERMANENT_SESSION_LIFETIME"] = app.config["WTF_CSRF_TIME_LIMIT"] = 50 * 365 * 86_400
        served = request.getfixturevalue("live_server")(app)
        # The port is known only now, and the links in the mails must lead to it.
        settings = app.extensions["vendor_tracker.settings"]
        app.extensions["vendor_tracker.settings"] = replace(settings, base_url=served.url)
        yield Stage(app, served.url, request.getfixturevalue("make"), clock, request.getfixturevalue("new_page"))
