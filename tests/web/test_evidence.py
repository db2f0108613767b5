"""Deciding about proofs from the pages."""

from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from contracts.norm import ART_14
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import EvidenceReview, StoredFile

TODAY = clock.today()


def form(**changes):
    return {
        "kind": "processing_record",
        "title": "Extrato do registro das operações",
        "incisos": ["VI"],
        "received_on": TODAY.isoformat(),
        "valid_from": (TODAY - timedelta(days=10)).isoformat(),
        "arquivo": (BytesIO(papers.xlsx()), "extrato.xlsx"),
        **changes,
    }


def register(client, agreement: int, **changes) -> str:
    answer = client.post(f"/acordos/{agreement}/evidencias/nova", form(**changes))
    assert answer.status_code == 303, answer.words
    return answer.location


def test_a_proof_is_registered_reviewed_and_the_page_shows_what_changed(app, client, sign_in, make):
    agreement = make.agreement()
    papers.signed_paper(make, agreement, {"VI": "covered"})
    sign_in(client, "fiscal")
    path = register(client, agreement)
    page = client.get(path)
    assert " ".join(ART_14["VI"].text.split()) in page.words
    assert page.tree.xpath("//a[starts-with(@href, '/arquivos/')]")
    assert "A validade deste tipo é de 12 meses" in page.words
    until = page.tree.xpath("//input[@name='valid_until']/@value")[0]
    assert until > TODAY.isoformat()
    answer = client.post(path, {"decision": "accepted", "valid_until": until, "seen": ""})
    assert answer.status_code == 303
    page = client.get(path)
    assert "O que mudou" in page.words
    changed = page.tree.xpath("//section[@aria-labelledby='mudou']//tbody/tr")
    assert len(changed) == 1
    assert "Atendida" in "".join(changed[0].itertext())
    assert "Nada a conferir" in client.get("/evidencias").words
    assert "Extrato do registro" in client.get("/evidencias?estado=accepted").words


def test_a_refused_decision_keeps_what_was_typed_and_points_at_the_field(app, client, sign_in, make):
    sign_in(client, "fiscal")
    path = register(client, make.agreement())
    page = client.post(path, {"seen": "", "reason": "Não abre"})
    assert page.status_code == 422
    assert "escolha uma decisão" in page.words.lower()
    assert page.tree.xpath("//textarea[@name='reason']")[0].text.strip() == "Não abre"
    page = client.post(path, {"decision": "returned", "reason": "", "seen": ""})
    assert page.status_code == 422
    assert page.tree.xpath("//div[@role='alert']//a/@href") == ["#reason"]
    page = client.post(path, {"decision": "false", "reason": "Não existe", "seen": ""})
    assert page.tree.xpath("//div[@role='alert']//a/@href") == ["#confirmed"]
    assert page.tree.xpath("//input[@name='decision'][@value='false']/@checked")


def test_a_decision_taken_on_an_old_page_is_refused_and_nothing_is_lost(app, client, sign_in, make):
    sign_in(client, "fiscal")
    path = register(client, make.agreement())
    assert client.post(path, {"decision": "accepted", "seen": ""}).status_code == 303
    page = client.post(path, {"decision": "returned", "reason": "Vencido", "seen": ""})
    assert page.status_code == 409
    assert "Outra pessoa decidiu" in page.words
    assert page.tree.xpath("//textarea[@name='reason']")[0].text.strip() == "Vencido"
    seen = page.tree.xpath("//input[@name='seen']/@value")[0]
    assert client.post(path, {"decision": "returned", "reason": "Vencido", "seen": seen}).status_code == 303
    with db.session() as session:
        assert session.scalars(select(EvidenceReview.decision).order_by(EvidenceReview.id)).all() == [
            "accepted",
            "returned",
        ]


def test_an_incomplete_registration_keeps_every_field(app, client, sign_in, make):
    operator = make.operator()
    agreement, other = make.agreement(operator), make.agreement(operator)
    sign_in(client, "fiscal")
    page = client.post(
        f"/acordos/{agreement}/evidencias/nova",
        form(title="", arquivo=(BytesIO(papers.pdf()), "extrato.xlsx"), also_serves=[str(other)]),
    )
    assert page.status_code == 422
    assert page.tree.xpath("//input[@name='incisos'][@value='VI']/@checked")
    assert page.tree.xpath(f"//input[@name='also_serves'][@value='{other}']/@checked")
    page = client.post(f"/acordos/{agreement}/evidencias/nova", form(arquivo=(BytesIO(papers.pdf()), "extrato.xlsx")))
    assert page.status_code == 422
    assert "diz outra coisa" in page.words
    with db.session() as session:
        assert session.scalar(select(StoredFile.id)) is None


def test_the_form_begins_with_what_its_address_says(app, client, sign_in, make):
    sign_in(client, "fiscal")
    page = client.get(f"/acordos/{make.agreement()}/evidencias/nova?tipo=disposal_certificate")
    assert page.tree.xpath("//input[@name='incisos'][@value='XII']/@checked")
    assert page.tree.xpath("//select[@name='kind']/option[@selected]/@value") == ["disposal_certificate"]
    page = client.get(f"/acordos/{make.agreement()}/evidencias/nova?tipo=inventada&inciso=XIII")
    assert page.status_code == 200


def test_who_only_reads_sees_the_proof_and_cannot_decide(app, client, sign_in, make):
    sign_in(client, "procurement")
    path = register(client, make.agreement())
    page = client.get(path)
    assert page.status_code == 200
    assert not page.tree.xpath("//input[@name='decision']")
    assert client.post(path, {"decision": "accepted", "seen": ""}).status_code == 403


def test_filters_and_nonsense_in_the_address_are_forgiven(app, client, sign_in, make):
    sign_in(client, "auditor")
    for query in ("?estado=inventado", "?tipo=inventado", "?operador=abc", "?pagina=zzz", "?inciso=V&q=x", "?estado="):
        assert client.get(f"/evidencias{query}").status_code == 200
    assert client.get("/evidencias/4711").status_code == 404
