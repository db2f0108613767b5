"""The boletim in a real browser: short on a phone, whole on a desk, and always open where an address leads."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.rig.accessibility import assert_accessible
from tests.rig.app import PASSWORD

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def boletim(app: Any, make: Any, live_server: Callable[[Any], Any]) -> Callable[[Page], str]:
    """Sign somebody in and give the address of a boletim."""
    agreement = make.agreement()
    server, email = live_server(app), make.user("committee").name

    def enter(page: Page) -> str:
        page.goto(server.path("/entrar"))
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Senha").fill(PASSWORD)
        page.get_by_role("button", name="Entrar").click()
        return str(server.path(f"/acordos/{agreement}/boletim"))

    return enter


def test_on_a_phone_the_reasons_wait_until_they_are_asked_for(
    new_page: Callable[..., Page], boletim: Callable[[Page], str]
) -> None:
    page = new_page(viewport=PHONE)
    address = boletim(page)
    page.goto(address)
    first = page.locator("#i .leg-list")
    expect(first).to_be_hidden()
    assert_accessible(page)
    page.locator("#i summary").click()
    expect(first).to_be_visible()
    expect(page.locator("#ii .leg-list")).to_be_hidden()


def test_an_address_that_leads_to_an_inciso_shows_its_reasons(
    new_page: Callable[..., Page], boletim: Callable[[Page], str]
) -> None:
    page = new_page(viewport=PHONE)
    address = boletim(page)
    page.goto(f"{address}#ix")
    expect(page.locator("#ix .leg-list")).to_be_in_viewport()
    page.locator(".strip a[href='#iii']").click()
    expect(page.locator("#iii .leg-list")).to_be_in_viewport()


def test_on_a_desk_and_without_script_the_reasons_are_there(
    new_page: Callable[..., Page], boletim: Callable[[Page], str]
) -> None:
    desk = new_page(viewport=DESK)
    desk.goto(boletim(desk))
    expect(desk.locator("#i .leg-list")).to_be_visible()
    expect(desk.locator("#i summary")).to_be_hidden()
    plain = new_page(viewport=PHONE, java_script_enabled=False)
    plain.goto(boletim(plain))
    expect(plain.locator("#i .leg-list")).to_be_visible()
