"""The forms of what happened: hours of Brasília, words kept on refusal, history on the page."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from contracts.norm import ART_14
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import Incident, StoredFile
from vendor_tracker.usecases.conduct import KINDS
from vendor_tracker.web.conduct import FORMS

TODAY = clock.today()


def day(days_ago: int) -> str:
    return (TODAY - timedelta(days=days_ago)).isoformat()


POSTS = {
    "auditoria": {"title": "Auditoria anual", "planned_on": day(-30)},
    "acao-corretiva": {"inciso": "V", "description": "Aplicar correções", "due_on": day(-10)},
    "ocorrencia": {"inciso": "II", "description": "Registros alterados", "found_on": day(3)},
    "incidente": {"title": "Acesso indevido", "learned_at": f"{day(1)}T09:30", "source": "operator"},
    "instrucao": {"text": "Suspender o envio", "sent_on": day(5)},
    "auxilio": {"subject": "Confirmação de tratamento", "asked_on": day(2)},
    "pessoa": {"label": "A.B.", "access_from": day(9), "has_need": "nao"},
    "envio": {"what": "Relatório de acessos", "months": "6", "agreed_on": day(20)},
    "teste-do-canal": {"tested_at": f"{day(1)}T09:30", "answered_at": f"{day(1)}T10:05"},
    "descarte": {"trigger": "rescission", "triggered_on": day(4)},
}


def test_every_kind_has_its_form():
    assert set(FORMS) == set(KINDS) == set(POSTS)
    for slug, kind in KINDS.items():
        assert all(hasattr(FORMS[slug], name) for name in kind.fields), slug


@pytest.mark.parametrize("slug", sorted(POSTS))
def test_each_fact_is_registered_shown_and_updated(app, client, sign_in, make, slug):
    agreement = make.agreement()
    actor = sign_in(client, "fiscal")
    path = f"/acordos/{agreement}/fatos/{slug}/novo"
    page = client.get(path)
    assert page.status_code == 200
    if KINDS[slug].inciso:
        assert " ".join(ART_14[KINDS[slug].inciso].text.split()) in page.words
    answer = client.post(path, POSTS[slug])
    assert answer.status_code == 303, answer.words
    page = client.get(f"/acordos/{agreement}/fatos")
    link = page.tree.xpath(f"//section[@aria-labelledby='g-{slug}']//tbody//a/@href")
    assert len(link) == 1
    shown = client.get(link[0])
    assert shown.status_code == 200
    assert actor.display in shown.words
    form = f"/fatos/{slug}/{link[0].rpartition('/')[2]}/editar"
    edited = client.get(form)
    assert edited.status_code == 200
    answer = client.post(form, POSTS[slug] | {"note": "Visto", "months": "3", "function": "Suporte"})
    assert answer.status_code == 303


def test_hours_are_those_of_brasilia(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "fiscal")
    client.post(f"/acordos/{agreement}/fatos/incidente/novo", POSTS["incidente"] | {"learned_at": "2026-03-02T23:30"})
    with db.session() as session:
        row = session.scalars(select(Incident)).one()
    assert row.learned_at == datetime(2026, 3, 3, 2, 30, tzinfo=UTC)
    page = client.get(f"/fatos/incidente/{row.lineage}")
    assert "02/03/2026, às 23h30" in page.words
    page = client.get(f"/fatos/incidente/{row.lineage}/editar")
    assert page.tree.xpath("//input[@name='learned_at']/@value") == ["2026-03-02T23:30"]


@pytest.mark.parametrize("typed", ["02/03/2026 23:30", "2026-03-02T23:30:00", "02/03/2026 às 23h30"])
def test_a_moment_may_be_typed_as_people_write_it(app, client, sign_in, make, typed):
    sign_in(client, "fiscal")
    client.post(f"/acordos/{make.agreement()}/fatos/incidente/novo", POSTS["incidente"] | {"learned_at": typed})
    with db.session() as session:
        assert session.scalars(select(Incident.learned_at)).one() == datetime(2026, 3, 3, 2, 30, tzinfo=UTC)


def test_a_refused_fact_keeps_what_was_typed(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "fiscal")
    path = f"/acordos/{agreement}/fatos/incidente/novo"
    page = client.post(path, {"title": "Acesso indevido", "learned_at": "31/02/2026 10:00", "source": "third_party"})
    assert page.status_code == 422
    assert "Informe dia e hora" in page.words or "informe dia e hora" in page.words
    assert page.tree.xpath("//input[@name='title']/@value") == ["Acesso indevido"]
    assert page.tree.xpath("//input[@name='learned_at']/@value") == ["31/02/2026 10:00"]
    assert page.tree.xpath("//select[@name='source']/option[@selected]/@value") == ["third_party"]
    page = client.post(path, POSTS["incidente"] | {"suspected_at": f"{day(0)}T00:00", "learned_at": f"{day(3)}T10:00"})
    assert page.status_code == 422
    assert page.tree.xpath("//div[@role='alert']//a/@href") == ["#learned_at"]


def test_the_inciso_may_come_by_address(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "fiscal")
    page = client.get(f"/acordos/{agreement}/fatos/acao-corretiva/novo?inciso=XI")
    assert page.tree.xpath("//select[@name='inciso']/option[@selected]/@value") == ["XI"]
    assert client.get(f"/acordos/{agreement}/fatos/acao-corretiva/novo?inciso=XIII").status_code == 200


def test_a_report_may_be_attached_and_a_wrong_one_is_refused(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "auditor")
    path = f"/acordos/{agreement}/fatos/auditoria/novo"
    wrong = client.post(path, POSTS["auditoria"] | {"arquivo": (BytesIO(b"MZ" + b"\x00" * 99), "relatorio.pdf")})
    assert wrong.status_code == 422
    assert "não é aceito" in wrong.words
    right = client.post(path, POSTS["auditoria"] | {"arquivo": (BytesIO(papers.pdf()), "relatorio.pdf")})
    assert right.status_code == 303
    with db.session() as session:
        assert session.scalars(select(StoredFile.name)).all() == ["relatorio.pdf"]


def test_who_only_reads_sees_and_does_not_write(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "committee")
    page = client.get(f"/acordos/{agreement}/fatos")
    assert "Nada em registro ainda" in page.words
    assert not page.tree.xpath("//a[contains(@href, '/novo')]")
    assert client.get(f"/acordos/{agreement}/fatos/auditoria/novo").status_code == 403
    assert client.get("/fatos/auditoria/4711").status_code == 404
    assert client.get("/fatos/inventado/1").status_code == 404
