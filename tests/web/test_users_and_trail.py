"""People and their access, and the trail they leave."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.rig.app import PASSWORD, Inspector


def test_an_administrator_creates_an_account_that_can_enter(app: Any, client: Any, sign_in: Any, make: Any) -> None:
    sign_in(client, "admin")
    unit = make.unit("Secretaria de Auditoria")
    data = {
        "name": "Lívia Torres",
        "email": "Livia@orgao.example",
        "role": "legal",
        "unit": str(unit),
        "password": PASSWORD,
    }
    assert client.post("/pessoas/nova", data).status_code == 303
    page = client.get("/pessoas")
    assert "Lívia Torres" in page.words
    assert "Secretaria de Auditoria" in page.words
    other = Inspector(app)
    assert other.post("/entrar", {"email": "livia@orgao.example", "password": PASSWORD}).status_code == 303


def test_a_second_account_with_the_same_address_is_refused_beside_the_field(client: Any, sign_in: Any) -> None:
    actor = sign_in(client, "admin")
    data = {"name": "Outra Pessoa", "email": actor.name, "role": "legal", "unit": "", "password": PASSWORD}
    answer = client.post("/pessoas/nova", data)
    assert answer.status_code == 422
    assert f"Já existe uma conta para {actor.name}." in answer.words
    assert answer.tree.xpath("//input[@id='name' and @value='Outra Pessoa']"), "what was typed is kept"


@pytest.mark.parametrize("role", ["procurement", "legal", "fiscal", "encarregado", "committee", "auditor"])
def test_only_administrators_see_people(client: Any, sign_in: Any, role: str) -> None:
    sign_in(client, role)
    assert client.get("/pessoas").status_code == 403


def test_an_administrator_cannot_shut_themselves_out(client: Any, sign_in: Any) -> None:
    actor = sign_in(client, "admin")
    answer = client.post(f"/pessoas/{actor.user_id}", {"role": "legal", "unit": "", "active": "y"})
    assert answer.status_code == 422
    assert "Você não pode retirar o seu próprio acesso" in answer.words


def test_a_closed_account_loses_its_open_session(app: Any, client: Any, sign_in: Any, make: Any) -> None:
    sign_in(client, "admin")
    other = Inspector(app)
    person = sign_in(other, "legal")
    assert other.get("/minha-senha").status_code == 200
    assert client.post(f"/pessoas/{person.user_id}", {"role": "legal", "unit": ""}).status_code == 303
    assert other.get("/minha-senha").status_code == 303
    assert make.user is not None


def test_the_trail_tells_who_did_what_and_holds_together(client: Any, sign_in: Any) -> None:
    actor = sign_in(client, "auditor")
    page = client.get("/trilha")
    assert actor.name in page.words
    assert "entrou." in page.words
    assert "A trilha está íntegra" in client.get("/trilha/conferencia").words


@pytest.mark.parametrize("statement", ["UPDATE trail_entry SET summary = 'outra'", "DELETE FROM trail_entry"])
def test_the_database_itself_refuses_to_change_the_trail(app_on_each_database: Any, make: Any, statement: str) -> None:
    assert app_on_each_database
    make.user("legal")
    with pytest.raises(DBAPIError, match="trilha de auditoria"), make.writing() as session:
        session.execute(text(statement))


def test_a_changed_line_is_found_and_named(app: Any, make: Any) -> None:
    from vendor_tracker.usecases import trails

    assert app
    for role in ("legal", "admin", "auditor"):
        make.user(role)
    assert trails.verify().broken_at is None
    with make.writing() as session:
        session.execute(text("DROP TRIGGER trail_entry_refuses_update"))
        session.execute(text("UPDATE trail_entry SET summary = 'Conta criada para outra pessoa.' WHERE seq = 2"))
    check = trails.verify()
    assert check.broken_at == 2
    assert "linha 2" in check.problem


def test_a_line_removed_from_the_end_is_missed(app: Any, make: Any) -> None:
    from vendor_tracker.usecases import trails

    assert app
    for role in ("legal", "admin"):
        make.user(role)
    with make.writing() as session:
        session.execute(text("DROP TRIGGER trail_entry_refuses_delete"))
        session.execute(text("DELETE FROM trail_entry WHERE seq = (SELECT max(seq) FROM trail_entry)"))
    assert trails.verify().broken_at == 2
