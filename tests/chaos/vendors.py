"""The vendors of a run: they open the link of the letter and answer over HTTP, while servers die under their hands.

A vendor gives up nothing: it asks again until it was told. What it was told counts: a draft that was confirmed must be
on record, an answer that was sent must have one receipt, however often the button was pressed.
"""

import hashlib
import http.client
import re
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from lxml import html

from tests.chaos.postmaster import Taken
from tests.chaos.register import Deal

LINK = re.compile(r"/portal/r/([A-Za-z0-9_-]{43})")
NUMBER = re.compile(r"\d{4}/\d{4,}")
PATIENCE_SECONDS = 0.05
HTTP_SECONDS = 60

LATE = frozenset({"answers late", "answers late, by a new link"})
SILENT = frozenset({"says nothing", "says nothing, is given more time"})


class Over(Exception):
    """The run is over; nobody answers any more."""


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    place: str
    text: str

    @property
    def tree(self) -> Any:
        return html.fromstring(self.text)


class Browser:
    """A browser with its cookies, that knocks at whichever server lives."""

    def __init__(self, ports: Callable[[], list[int]], over: threading.Event, seen: Counter[str]) -> None:
        """Ask ``ports`` for the servers before each try."""
        self.ports = ports
        self.over = over
        self.seen = seen
        self.cookies: dict[str, str] = {}

    def twin(self) -> "Browser":
        """A second window of the same browser."""
        other = Browser(self.ports, self.over, self.seen)
        other.cookies = dict(self.cookies)
        return other

    def once(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Reply | None:
        """Try one server once; ``None`` when the connection broke and nobody knows what became of it."""
        if self.over.is_set():
            raise Over
        ports = self.ports()
        if not ports:
            return None
        connection = http.client.HTTPConnection("127.0.0.1", secrets.choice(ports), timeout=HTTP_SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.seen["connection lost"] += 1
            return None
        finally:
            connection.close()
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.seen[f"{method} {answer.status}"] += 1
        return Reply(answer.status, answer.getheader("Location") or "", text)

    def get(self, path: str) -> Reply:
        """Fetch a page, from whoever lives, until somebody answers."""
        while True:
            reply = self.once("GET", path)
            if reply is not None and reply.status < 500:
                return reply
            self.over.wait(PATIENCE_SECONDS)


@dataclass
class Said:
    """What one vendor said about one request, as far as it was told that it arrived."""

    deal: Deal
    number: str
    drafts: dict[int, str] = field(default_factory=dict)
    """Item -> the text that was last confirmed as saved or sent."""
    files: dict[int, set[str]] = field(default_factory=dict)
    """Item -> SHA-256 of what was confirmed as attached."""
    protocol: str = ""
    receipt_sha256: str = ""
    finished: bool = False


class Vendors:
    """Everybody who answers, a few at a time."""

    def __init__(self, deals: list[Deal], ports: Callable[[], list[int]], random: Random, *, hands: int) -> None:
        """Answer for ``deals`` with as many threads as ``hands``."""
        self.by_address = {deal.preposto: deal for deal in deals if deal.preposto}
        self.ports = ports
        self.seed = random.getrandbits(32)
        self.over = threading.Event()
        self.late_now = threading.Event()
        self.said: dict[str, Said] = {}
        self.links: dict[str, str] = {}
        self.newest_link: dict[str, str] = {}
        self.trouble: list[str] = []
        self.seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._running = 0
        self._waiting_for_late: list[tuple[str, Deal]] = []
        self._pool = ThreadPoolExecutor(hands, thread_name_prefix="vendor")

    # ------------------------------------------------------------------------------------------------------------------
    # Letters
    # ------------------------------------------------------------------------------------------------------------------
    def read(self, letter: Taken) -> None:
        """Read a letter that arrived; the first with a link to a request sets its vendor to work."""
        deal = self.by_address.get(letter.recipient)
        link, number = LINK.search(letter.text), NUMBER.search(letter.subject)
        if deal is None or link is None or number is None:
            return
        with self._lock:
            self.newest_link[number[0]] = link[1]
            if number[0] in self.links:
                return
            self.links[number[0]] = link[1]
            first = sum(other.deal is deal for other in self.said.values()) == 0
            self.said[number[0]] = Said(deal, number[0])
            if (
                deal.role in SILENT
                or (not first and deal.role == "ends early")
                or (first and deal.role == "is cancelled")
            ):
                self.said[number[0]].finished = True
                return
            self._begin(number[0], self._answer)

    def let_late_ones_answer(self) -> None:
        """From now on those who are late send what they had only drafted."""
        with self._lock:
            self.late_now.set()
            for number, _ in self._waiting_for_late:
                self._begin(number, self._answer_late)
            self._waiting_for_late.clear()

    def _begin(self, number: str, work: Callable[[Said], None]) -> None:
        self._running += 1
        self._pool.submit(self._work, number, work)

    def _work(self, number: str, work: Callable[[Said], None]) -> None:
        try:
            work(self.said[number])
        except Over:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must hear of it
            self.trouble.append(f"{number}: {type(error).__name__}: {error}")
        finally:
            with self._lock:
                self._running -= 1

    @property
    def busy(self) -> bool:
        """Tell whether somebody is answering."""
        return self._running > 0

    @property
    def finished(self) -> int:
        """How many have done all they meant to."""
        return sum(said.finished for said in self.said.values())

    def stop(self) -> None:
        """Send everybody home."""
        self.over.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # ------------------------------------------------------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------------------------------------------------------
    def _answer(self, said: Said) -> None:
        random = Random(f"{self.seed}:{said.number}")
        browser = Browser(self.ports, self.over, self.seen)
        page = self._enter(browser, said.number)
        self._save(browser, said, page, random, "primeira versão")
        if random.random() < 0.5 or said.deal.role == "only drafts":
            self._save(browser, said, self._page(browser, said.number), random, "segunda versão")
        if said.deal.role == "only drafts":
            said.finished = True
        elif said.deal.role in LATE:
            with self._lock:
                if not self.late_now.is_set():
                    self._waiting_for_late.append((said.number, said.deal))
                    return
            self._send(browser, said, random, hands=1)
        else:
            self._send(browser, said, random, hands=3 if said.deal.role == "answers twice at once" else 1)

    def _answer_late(self, said: Said) -> None:
        # Three weeks later the session is over: the letter's link, or the newer one, opens another.
        random = Random(f"{self.seed}:{said.number}:late")
        browser = Browser(self.ports, self.over, self.seen)
        self._enter(browser, said.number)
        self._send(browser, said, random, hands=2)

    def _enter(self, browser: Browser, number: str) -> Any:
        """Open the link and press the button; returns the page of the request."""
        while True:
            path = f"/portal/r/{self.newest_link[number]}"
            landing = browser.get(path)
            if landing.status == 410:
                # Replaced: the letter with the new link is on its way.
                self.over.wait(PATIENCE_SECONDS)
                continue
            assert landing.status == 200, f"the link answered {landing.status}"
            fields = {"csrf_token": landing.tree.xpath("//input[@name='csrf_token']/@value")[0]}
            reply = browser.once("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
            if reply is not None and reply.status == 303:
                return self._page(browser, number)
            self.over.wait(PATIENCE_SECONDS)

    def _page(self, browser: Browser, number: str) -> Any:
        reply = browser.get("/portal/requisicao")
        if reply.status in {403, 410}:
            return self._enter(browser, number)
        assert reply.status == 200, f"the request answered {reply.status}"
        return reply.tree

    def _save(self, browser: Browser, said: Said, page: Any, random: Random, version: str) -> None:
        """Save a draft, again and again until it is confirmed."""
        form = _Form(page, random, f"{said.number} {version}")
        while True:
            reply = browser.once("POST", "/portal/requisicao", form.body("salvar"), form.kind)
            if reply is not None and reply.status == 303:
                form.note(said)
                return
            if reply is not None and reply.status < 500:
                assert reply.status in {400, 403, 410}, f"saving answered {reply.status}: {_words(reply)}"
                form.token = _token(self._page(browser, said.number))
            self.over.wait(PATIENCE_SECONDS)

    def _send(self, browser: Browser, said: Said, random: Random, *, hands: int) -> None:
        """Send the answer from as many windows at once as ``hands``, and again until the receipt is there."""
        page = self._page(browser, said.number)
        form = _Form(page, random, f"{said.number} resposta final")
        while True:
            windows = [browser.twin() for _ in range(hands)]
            gate = threading.Barrier(hands)

            def press(window: Browser, gate: threading.Barrier = gate) -> Reply | None:
                gate.wait()
                return window.once("POST", "/portal/requisicao", form.body("enviar"), form.kind)

            if hands == 1:
                replies = [press(windows[0])]
            else:
                with ThreadPoolExecutor(hands) as pool:
                    replies = list(pool.map(press, windows))
            for reply in replies:
                if reply is not None and reply.status not in {303, 400, 403, 409, 410} and reply.status < 500:
                    raise AssertionError(f"sending answered {reply.status}: {_words(reply)}")
            told = {reply.place for reply in replies if reply is not None and reply.status == 303}
            page = self._page(browser, said.number)
            receipts = [link.rpartition("/")[2] for link in page.xpath("//a[contains(@href, '/portal/recibo/')]/@href")]
            if receipts:
                assert len(receipts) == 1, f"{len(receipts)} receipts for one answer"
                assert told <= {f"/portal/recibo/{receipts[0]}"}, f"told {told}, on record {receipts[0]}"
                form.note(said)
                content = browser.get(f"/portal/recibo/{receipts[0]}.json").text
                said.receipt_sha256 = hashlib.sha256(content.encode()).hexdigest()
                said.protocol = receipts[0]
                said.finished = True
                return
            form.token = _token(page)
            self.over.wait(PATIENCE_SECONDS)


class _Form:
    """The form of a request, filled in: an own text for each item, a file for some, a reason for the others."""

    def __init__(self, page: Any, random: Random, words: str) -> None:
        self.token = _token(page)
        self.boundary = f"chaos{random.getrandbits(64):x}"
        self.kind = f"multipart/form-data; boundary={self.boundary}"
        self.texts: dict[int, str] = {}
        self.uploads: dict[int, bytes] = {}
        self.fields: dict[str, str] = {"nome": "Renato Villar", "cargo": "Preposto", "declaro": "1"}
        items = [
            int(name.partition("-")[2]) for name in page.xpath("//textarea[starts-with(@name, 'resposta-')]/@name")
        ]
        assert items, "a request without items"
        for position, item in enumerate(items):
            text = f"{words}, item {item}, {random.getrandbits(48):012x}"
            self.texts[item] = text
            self.fields[f"resposta-{item}"] = text
            options = [value for value in page.xpath(f"//select[@name='tipo-{item}']/option/@value") if value]
            if options:
                self.fields[f"tipo-{item}"] = random.choice(options)
            if position == 0 or random.random() < 0.15:
                self.uploads[item] = f"Prova fictícia. {text}\n".encode() * 20
            else:
                self.fields[f"motivo-{item}"] = f"{text}: entregaremos em dez dias."

    def body(self, press: str) -> bytes:
        """The form as a browser sends it."""
        parts = []
        for name, value in {**self.fields, "csrf_token": self.token, "acao": press}.items():
            parts.append(
                f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            )
        for item, content in self.uploads.items():
            parts.append(
                f'--{self.boundary}\r\nContent-Disposition: form-data; name="arquivo-{item}"; '
                f'filename="prova-{item}.txt"\r\nContent-Type: text/plain\r\n\r\n'.encode()
                + content
                + b"\r\n"
            )
        return b"".join(parts) + f"--{self.boundary}--\r\n".encode()

    def note(self, said: Said) -> None:
        """Remember what is confirmed now."""
        said.drafts.update(self.texts)
        for item, content in self.uploads.items():
            said.files.setdefault(item, set()).add(hashlib.sha256(content).hexdigest())


def _token(page: Any) -> str:
    return str(page.xpath("//input[@name='csrf_token']/@value")[0])


def _words(reply: Reply) -> str:
    return " ".join(" ".join(reply.tree.xpath("//main//text()")).split())[:400]
