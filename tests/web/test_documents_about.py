"""From a request, an audit, an incident, a disposal or a person to its paper, on the pages."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from contracts.vocabulary import EndReason, IncidentSource, RequestKind
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import IssuedDocument
from vendor_tracker.usecases import conduct, judging, requesting
from vendor_tracker.usecases.document_kinds import KIND_NAMES, kinds_about
from vendor_tracker.usecases.requesting import NewItem
from vendor_tracker.usecases.work import Actor, look

ACTOR = Actor("fiscal@orgao.example")
SLUGS = ("auditoria", "incidente", "descarte", "pessoa")


def values(slug: str) -> dict[str, Any]:
    today, now = clock.today(), clock.now()
    return {
        "auditoria": {"title": "Controle de acessos", "planned_on": today},
        "incidente": {"title": "Cópia exposta", "learned_at": now, "source": IncidentSource.OPERATOR},
        "descarte": {"trigger": EndReason.TERM, "triggered_on": today},
        "pessoa": {"label": "matrícula 4471", "function": "Suporte", "access_from": today},
    }[slug]


@pytest.fixture
def fact(app: Any, make: Any) -> Any:
    def put(slug: str, **fields: Any) -> tuple[int, int]:
        operator = make.operator()
        make.contact(operator)
        agreement = make.agreement(operator, **fields)
        files = app.extensions["vendor_tracker.files"]
        return agreement, conduct.record(ACTOR, files, agreement_id=agreement, slug=slug, values=values(slug))

    return put


def asked(make: Any) -> int:
    operator = make.operator()
    make.contact(operator)
    with look() as session:
        due_on = judging.workdays_of(session).next_working(clock.today() + timedelta(days=20))
    return requesting.create_request(
        ACTOR,
        agreement_id=make.agreement(operator),
        kind=RequestKind.INFORMATION,
        items=[NewItem("V", "Provas", "Envie as provas de segurança.")],
        due_on=due_on,
        reason="Conferência.",
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_a_fact_leads_to_its_papers_and_shows_those_that_were_issued(
    app: Any, client: Any, sign_in: Any, fact: Any, slug: str
) -> None:
    agreement, lineage = fact(slug)
    sign_in(client, "fiscal")
    page = client.get(f"/fatos/{slug}/{lineage}")
    kinds = kinds_about(conduct.KINDS[slug].record)
    wanted = [f"/fatos/{slug}/{lineage}/documento?tipo={kind}" for kind in kinds]
    assert [link for link in page.tree.xpath("//main//a/@href") if "/documento?" in link] == wanted
    for kind, path in zip(kinds, wanted, strict=True):
        draft = client.get(path)
        assert draft.status_code == 200
        assert KIND_NAMES[kind] in draft.words
        assert "Trata de: inciso" in draft.words
        assert f"/fatos/{slug}/{lineage}" in draft.tree.xpath("//main//a/@href")
        assert client.post(path).status_code == 303
    page = client.get(f"/fatos/{slug}/{lineage}")
    assert len(page.tree.xpath("//section[@aria-labelledby='emitidos']//li")) == len(kinds)
    listed = client.get(f"/documentos?tipo={kinds[0]}")
    assert len(listed.tree.xpath("//main//tbody/tr")) == 1
    shown = client.get(listed.tree.xpath("//main//tbody/tr/th/a/@href")[0])
    assert "De que trata" in shown.words
    assert "Registrar proposta" not in shown.words
    assert f"/acordos/{agreement}" in shown.tree.xpath("//a/@href")


def test_a_request_leads_to_its_paper(app: Any, client: Any, sign_in: Any, make: Any) -> None:
    number = asked(make)
    sign_in(client, "fiscal")
    path = f"/requisicoes/{number}/documento"
    assert path in client.get(f"/requisicoes/{number}").tree.xpath("//main//a/@href")
    page = client.get(path)
    assert "Envie as provas de segurança." in page.words
    assert "/portal/r/" not in page.text
    assert client.post(path).status_code == 303
    assert "Documentos emitidos" in client.get(f"/requisicoes/{number}").words


def test_each_missing_fact_leads_to_where_it_is_completed(app: Any, client: Any, sign_in: Any, fact: Any) -> None:
    agreement, lineage = fact("incidente")
    sign_in(client, "fiscal")
    page = client.get(f"/fatos/incidente/{lineage}/documento")
    links = page.tree.xpath("//section[@aria-labelledby='faltam']//li/a/@href")
    assert f"/fatos/incidente/{lineage}/editar" in links
    assert f"/acordos/{agreement}" in links
    assert any(link.startswith("/operadores/") for link in links)
    assert "a preencher por quem assina" in page.words


def test_what_is_told_of_an_incident_reaches_the_report_from_the_form(
    app: Any, client: Any, sign_in: Any, fact: Any
) -> None:
    _, lineage = fact("incidente")
    sign_in(client, "fiscal")
    now = clock.now().astimezone(clock.SAO_PAULO) - timedelta(minutes=1)
    told = {
        "title": "Cópia exposta",
        "learned_at": now.strftime("%Y-%m-%dT%H:%M"),
        "source": "operator",
        "severity": "2, moderado",
        "measures": "Senhas trocadas.",
    }
    assert client.post(f"/fatos/incidente/{lineage}/editar", told).status_code == 303
    words = client.get(f"/fatos/incidente/{lineage}/documento").words
    assert "Nível atribuído: 2, moderado." in words
    assert "Medidas adotadas: Senhas trocadas." in words


def test_anybody_verifies_a_personal_commitment_without_learning_who_signed_it(
    app: Any, client: Any, sign_in: Any, fact: Any
) -> None:
    _, lineage = fact("pessoa")
    sign_in(client, "fiscal")
    client.post(f"/fatos/pessoa/{lineage}/documento")
    with db.session() as session:
        row = session.scalars(select(IssuedDocument)).one()
    stranger = app.test_client()
    page = stranger.get(f"/verificar/{row.code}")
    assert page.status_code == 200
    assert "Compromisso individual de confidencialidade" in page.text
    assert row.sha256 in page.text
    for secret in ("4471", "matrícula", "Suporte"):
        assert secret not in page.text


@pytest.mark.parametrize(
    ("role", "of_agreement", "of_fact"),
    [
        ("procurement", 200, 200),
        ("legal", 200, 200),
        ("fiscal", 403, 200),
        ("auditor", 403, 200),
        ("encarregado", 200, 200),
        ("committee", 403, 403),
        ("admin", 200, 200),
    ],
)
def test_who_keeps_the_record_makes_its_papers(
    app: Any, client: Any, sign_in: Any, fact: Any, role: str, of_agreement: int, of_fact: int
) -> None:
    agreement, lineage = fact("auditoria")
    sign_in(client, role)
    path = f"/acordos/{agreement}/documentos/novo?tipo=termo-de-compromisso"
    assert client.get(path).status_code == of_agreement
    assert client.get(f"/fatos/auditoria/{lineage}/documento").status_code == of_fact
    links = client.get(f"/fatos/auditoria/{lineage}").tree.xpath("//main//a/@href")
    assert any("/documento?" in link for link in links) is (of_fact == 200)


def test_a_paper_that_does_not_exist_is_not_found(app: Any, client: Any, sign_in: Any, fact: Any) -> None:
    agreement, lineage = fact("auditoria")
    sign_in(client, "admin")
    for path in (
        f"/fatos/auditoria/{lineage}/documento?tipo=anexo",
        f"/fatos/auditoria/{lineage}/documento?tipo=relatorio-de-incidente",
        "/fatos/auditoria/4711/documento",
        f"/fatos/instrucao/{lineage}/documento",
        f"/fatos/nada/{lineage}/documento",
        "/requisicoes/4711/documento",
        f"/acordos/{agreement}/documentos/novo?tipo=plano-de-auditoria",
    ):
        assert client.get(path).status_code == 404, path


def test_a_convenio_is_offered_the_commitment_that_stands_alone(app: Any, client: Any, sign_in: Any, make: Any) -> None:
    agreement = make.agreement(kind="convenio")
    sign_in(client, "legal")
    path = f"/acordos/{agreement}/documentos/novo?tipo=termo-de-compromisso"
    assert path in client.get(f"/acordos/{agreement}").tree.xpath("//main//a/@href")
    page = client.get(path)
    assert "Atende: inciso XI" in page.words
    answer = client.post(path)
    assert answer.status_code == 303
    shown = client.get(answer.location)
    signed = next(link for link in shown.tree.xpath("//main//a/@href") if "/instrumentos/novo" in link)
    form = client.get(signed)
    assert form.tree.xpath("//select[@name='kind']/option[@selected]/@value") == ["termo_compromisso"]
