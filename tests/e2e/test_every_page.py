"""Every page that a link leads to, as each role and as the operator, over the demonstration's register."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from contracts.vocabulary import UserRole
from tests.rig.accessibility import accessibility_violations
from tests.rig.app import Inspector
from tests.rig.browser import Troubles
from tests.rig.demo import opened_demo
from tests.rig.serving import serving
from vendor_tracker import clock
from vendor_tracker.demo import cast
from vendor_tracker.usecases import portal_links, requesting
from vendor_tracker.usecases.work import look

PAGES_PER_ENDPOINT = 3
"""How many pages of one endpoint each role opens: the first, and others that other pages lead to."""

DOORS = {
    "agreements.show": 30,
    "requests.show": 20,
    "conduct.index": 10,
    "operators.show": 10,
    "conduct.show": 60,
    "audits.show": 20,
}
"""Pages whose links depend on how things stand: many of each are opened, so that every link is met."""

NO_PAGE_LEADS_THERE = {
    "home.components": "shows the components to those who build pages",
    "health.alive": "answers machines",
    "health.ready": "answers machines",
    "health.metrics": "answers machines",
    "api-docs.openapi_json": "answers machines",
    "agenda.subscription": "answers calendars, at a secret address that is shown once",
    "portal.incident_landing": "the standing link travels in one letter and is written on no page",
    "portal.incident_closed_landing": "only a page that refuses the link of a closed request leads there",
    "static": "styles and icons, which the browser's own test watches",
}
"""Endpoints that answer GET and that no link of a page leads to, each with its reason."""

LEAVES = frozenset({"session.sign_out", "portal.leave"})


@dataclass
class Crawl:
    """What somebody found by following links."""

    seen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Endpoint -> paths opened."""
    refused: list[str] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)

    def follow(self, client: Inspector, start: str) -> None:
        """Open ``start`` and everything that links lead to, so many of each endpoint."""
        adapter = client.application.url_map.bind("127.0.0.1")
        waiting, met = [start], {start}
        while waiting:
            path = waiting.pop(0)
            endpoint = endpoint_of(adapter, path)
            if endpoint is None or endpoint in LEAVES or endpoint.startswith("api"):
                continue
            # A list that is filtered or turned is the same page of another address; two of them are enough.
            if len(self.seen[endpoint]) >= self.limits.get(endpoint, PAGES_PER_ENDPOINT):
                continue
            self.seen[endpoint].append(path)
            response = client.get(path)
            if response.status_code in {301, 302, 303}:
                found = [response.headers["Location"]]
            elif response.status_code == 200:
                found = [] if response.tree is None else response.tree.xpath("//a/@href")
            else:
                self.refused.append(f"{response.status_code} {path}")
                continue
            for address in found:
                parts = urlsplit(urljoin(f"http://127.0.0.1{path}", address))
                known = f"{parts.path}?{parts.query}" if parts.query else parts.path
                if parts.hostname in {"127.0.0.1", "localhost"} and known not in met:
                    met.add(known)
                    waiting.append(known)


def endpoint_of(adapter, path: str) -> str | None:
    """Return the endpoint of a path that answers GET, or ``None``."""
    try:
        endpoint, _ = adapter.match(path.partition("?")[0], method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return endpoint


@pytest.fixture(scope="module")
def house(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """The application on a copy of the demonstration that no test of this file writes to, sign-ins aside."""
    import shutil

    folder = tmp_path_factory.mktemp("every-page") / "demonstration"
    shutil.copytree(built_demo, folder)
    with opened_demo(folder) as app:
        yield app


def signed_in(house, role: UserRole) -> Inspector:
    client = Inspector(house)
    answer = client.post("/entrar", {"email": cast.PEOPLE[role].email, "password": cast.PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def in_the_portal(house, request_id: int) -> tuple[Inspector, str]:
    """A client that pressed the button of a request's link, and the path of the link."""
    with look() as session:
        address = portal_links.current_address(session, request_id, now=clock.now())
    path = urlsplit(address).path
    client = Inspector(house)
    landing = client.get(path)
    form = landing.tree.xpath("//main//form")[0]
    fields = {node.get("name"): node.get("value", "") for node in form.xpath(".//input[@name]")}
    entered = client.post(urljoin(path, form.get("action") or path), fields, token=False)
    assert entered.status_code == 303, entered.text
    return client, path


def with_operators() -> list[int]:
    """Return the requests that wait for their operators and whose term still runs."""
    page = requesting.requests_page(standing="waiting", size=100)
    return [line.head.id for line in page.lines if line.head.due_on >= page.today]


def everything(house) -> Crawl:
    """What the administrator, everybody and the operators can open."""
    crawl = Crawl(limits={**DOORS, "portal.answer": 30, "portal.sheet": 30, "reviews.show": 30})
    admin = signed_in(house, UserRole.ADMIN)
    # The search is a form, and so is what leads from one step of a registration to the next.
    steps = ("dados-pessoais", "pessoas", "conferir")
    for path in ("/", "/busca?q=nuvem", *(f"/acordos/1/registro/{step}" for step in steps)):
        crawl.follow(admin, path)
    for path in ("/entrar", "/portal/", "/verificar"):
        crawl.follow(Inspector(house), path)
    for request_id in with_operators():
        client, path = in_the_portal(house, request_id)
        crawl.seen["portal.landing"].append(path)
        crawl.follow(client, "/portal/requisicao")
    return crawl


@pytest.fixture(scope="module")
def crawled(house) -> Crawl:
    """Everything that anybody can open."""
    return everything(house)


@pytest.mark.parametrize("role", list(UserRole), ids=lambda role: role.value)
def test_every_link_that_a_role_is_shown_leads_to_a_page_that_it_may_open(house, role):
    crawl = Crawl()
    crawl.follow(signed_in(house, role), "/")
    assert crawl.refused == []
    assert len(crawl.seen) > 15


def test_every_page_of_the_application_can_be_reached_by_links(house, crawled):
    answer_get = {
        rule.endpoint
        for rule in house.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("api_")
    }
    reached = {endpoint for endpoint, paths in crawled.seen.items() if paths}
    assert crawled.refused == []
    assert sorted(answer_get - reached - LEAVES - set(NO_PAGE_LEADS_THERE)) == []


def _cookies_of(client: Inspector, url: str) -> list[dict[str, str]]:
    """Return what the client carries, for a browser to carry it too."""
    kept = client.plain._cookies.values()
    return [{"name": cookie.decoded_key, "value": cookie.decoded_value, "url": url} for cookie in kept]


def _one_each(crawl: Crawl) -> list[str]:
    """Return a page of each endpoint of the staff's house."""
    return [
        paths[0]
        for endpoint, paths in sorted(crawl.seen.items())
        if paths and endpoint not in NO_PAGE_LEADS_THERE and not endpoint.startswith("portal.")
    ]


def _is_a_page(house, client: Inspector, path: str) -> bool:
    response = client.plain.get(path, buffered=True)
    return response.status_code == 200 and response.mimetype == "text/html"


DESK, PHONE = 1280, 360
PARTS = 2
"""In how many parts the pages are gone through, so that two processes can share them."""


@contextmanager
def looking(house, browser, scheme: str) -> Iterator[tuple]:
    """A browser's page on the running application, and what went wrong in it: page, address of a path, troubles."""
    troubles = Troubles()
    with serving(house) as served:
        context = browser.new_context(
            viewport={"width": DESK, "height": 800},
            locale="pt-BR",
            timezone_id="America/Sao_Paulo",
            reduced_motion="reduce",
            color_scheme=scheme,
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        troubles.watch(page)
        yield page, served, troubles
        context.close()


def _problems_at(page, path: str, width: int, *, colours: bool) -> list[str]:
    """What is wrong with the open page at a width; colours are the same at every width."""
    page.set_viewport_size({"width": width, "height": 800})
    found = [f"{path}: {line}" for line in accessibility_violations(page, colours=colours)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{path}: wider than {width} pixels")
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_fits_a_desk_and_a_phone(house, crawled, browser, part):
    client = signed_in(house, UserRole.ADMIN)
    vendor, _ = in_the_portal(house, with_operators()[0])
    paths = [path for path in _one_each(crawled)[part::PARTS] if _is_a_page(house, client, path)]
    problems = []
    with looking(house, browser, "light") as (page, served, troubles):
        for somebody, addresses in ((client, paths), (vendor, ["/portal/requisicao"] if part == 0 else [])):
            page.context.clear_cookies()
            page.context.add_cookies(_cookies_of(somebody, served.url))
            for path in addresses:
                page.goto(served.path(path))
                problems += _problems_at(page, path, DESK, colours=True) + _problems_at(
                    page, path, PHONE, colours=False
                )
    assert problems + troubles.found == []


def test_pages_are_accessible_in_the_dark(house, crawled, browser):
    client = signed_in(house, UserRole.ADMIN)
    paths = [
        path
        for path in _one_each(crawled)
        if re.match(r"/(painel|operadores/\d+/boletim|acordos/\d+|requisicoes)$", path)
    ]
    assert len(paths) >= 3
    problems = []
    with looking(house, browser, "dark") as (page, served, troubles):
        page.context.add_cookies(_cookies_of(client, served.url))
        for path in paths:
            page.goto(served.path(path))
            problems += _problems_at(page, path, DESK, colours=True)
    assert problems + troubles.found == []


def test_what_a_reader_would_be_denied_is_found(browser):
    page = browser.new_page()
    page.set_content(
        "<!doctype html><html lang='pt-BR'><title>Página</title><main><h1>Página</h1><input>"
        "<p style='color: #ccc; background: #fff'>quase invisível</p></main></html>"
    )
    rules = {line.partition(":")[0] for line in accessibility_violations(page)}
    assert rules == {"label", "color-contrast"}
    assert {line.partition(":")[0] for line in accessibility_violations(page, colours=False)} == {"label"}
    page.close()
