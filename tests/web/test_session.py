"""Entering and leaving."""

from typing import Any

import pytest

from tests.rig.app import PASSWORD


def test_the_sign_in_page_asks_for_an_address_and_a_password(client: Any) -> None:
    page = client.get("/entrar")
    assert page.status_code == 200
    assert page.tree.xpath("//input[@type='password']")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Any, make: Any) -> None:
    actor = make.user("legal")
    wrong = client.post("/entrar", {"email": actor.name, "password": "não é essa frase"})
    unknown = client.post("/entrar", {"email": "ninguem@orgao.example", "password": "não é essa frase"})
    assert wrong.status_code == unknown.status_code == 422
    assert "E-mail ou senha não conferem." in wrong.words
    assert "E-mail ou senha não conferem." in unknown.words


def test_after_eight_wrong_tries_even_the_right_password_waits(client: Any, make: Any) -> None:
    actor = make.user("legal")
    for _ in range(8):
        client.post("/entrar", {"email": actor.name, "password": "não é essa frase"})
    answer = client.post("/entrar", {"email": actor.name, "password": PASSWORD})
    assert answer.status_code == 429
    assert "Aguarde 15 minutos" in answer.words


def test_a_person_enters_and_is_taken_where_they_were_going(client: Any, make: Any) -> None:
    actor = make.user("legal")
    assert client.get("/minha-senha").status_code == 303
    answer = client.post("/entrar", {"email": actor.name, "password": PASSWORD})
    assert answer.status_code == 303
    assert answer.location == "/minha-senha"


@pytest.mark.parametrize("wanted", ["//outro.example/x", "/\\outro.example"])
def test_nobody_is_sent_to_another_site_after_signing_in(client: Any, make: Any, wanted: str) -> None:
    actor = make.user("legal")
    with client.plain.session_transaction() as session:
        session["wanted"] = wanted
    answer = client.post("/entrar", {"email": actor.name, "password": PASSWORD})
    assert answer.location == "/"


def test_a_changed_password_ends_every_other_session(app: Any, client: Any, sign_in: Any) -> None:
    from tests.rig.app import Inspector

    actor = sign_in(client, "legal")
    other = Inspector(app)
    other.post("/entrar", {"email": actor.name, "password": PASSWORD})
    assert other.get("/minha-senha").status_code == 200
    new = "outra frase bem comprida"
    answer = client.post("/minha-senha", {"current": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert client.get("/minha-senha").status_code == 200
    assert other.get("/minha-senha").status_code == 303


def test_a_form_without_its_token_is_refused_and_shows_what_was_typed(client: Any, sign_in: Any) -> None:
    sign_in(client, "legal")
    answer = client.post("/minha-senha", {"new": "x"}, token=False)
    assert answer.status_code == 400


def test_what_is_not_in_the_access_table_is_refused(app: Any, client: Any, sign_in: Any) -> None:
    app.add_url_rule("/esquecida", "esquecida", lambda: "aberta")
    sign_in(client, "admin")
    assert client.get("/esquecida").status_code == 403


def test_an_unknown_address_gets_a_portuguese_page(client: Any) -> None:
    answer = client.get("/nao-existe")
    assert answer.status_code == 404
    assert "não" in answer.words.lower()
