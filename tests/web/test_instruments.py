"""A signed paper is registered, checked point by point by a person, and only what was confirmed counts."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from contracts.vocabulary import INCISOS, Coverage
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.tables import CoverageReading, Instrument, StoredFile, TrailEntry

SIGNED = clock.today() - timedelta(days=30)


def paper_form(**changes):
    values = {
        "kind": "original",
        "title": "Contrato de hospedagem",
        "signed_on": SIGNED.isoformat(),
        "signed_by_both": "sim",
        "published_on": (SIGNED + timedelta(days=3)).isoformat(),
        "arquivo": (BytesIO(papers.pdf()), "Contrato assinado.pdf"),
    }
    return {**values, **changes}


def register(client, agreement: int, **changes) -> int:
    answer = client.post(f"/acordos/{agreement}/instrumentos/novo", paper_form(**changes))
    assert answer.status_code == 303, answer.text
    return int(answer.location.split("/")[2])


def newest(lineage: int) -> Instrument:
    with db.session() as session:
        return session.scalars(
            select(Instrument).where(Instrument.lineage == lineage).order_by(Instrument.id.desc())
        ).first()


def facts_of(agreement: int, on: date | None = None, known_until=None):
    with db.session() as session:
        return load_facts(session, [agreement], on=on or clock.today(), known_until=known_until)[agreement]


def test_registering_a_signed_paper_keeps_its_file_and_leads_to_its_check(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "procurement")
    page = client.get(f"/acordos/{agreement}/instrumentos/novo")
    assert page.status_code == 200
    assert "Até 25 MB" in page.words
    lineage = register(client, agreement)
    row = newest(lineage)
    assert row.title == "Contrato de hospedagem"
    assert row.signed_by_both is True
    with db.session() as session:
        file = session.get(StoredFile, row.file_id)
        assert file.name == "Contrato assinado.pdf"
        assert not file.restricted
        line = session.scalars(select(TrailEntry).where(TrailEntry.act == "instrument_registered")).one()
    assert line.subject_id == lineage
    assert not facts_of(agreement).instruments[0].readings


def test_the_paper_of_a_secret_agreement_is_protected_from_the_start(app, client, sign_in, make):
    agreement = make.agreement(secret=True)
    sign_in(client, "procurement")
    lineage = register(client, agreement)
    with db.session() as session:
        assert session.get(StoredFile, newest(lineage).file_id).restricted
    page = client.get(f"/instrumentos/{lineage}")
    assert "seu papel não abre este arquivo" in page.words
    assert not page.tree.xpath("//a[starts-with(@href, '/arquivos/')]")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Dê um nome ao instrumento"),
        ({"signed_on": "31/02/2026"}, "Informe um dia que exista"),
        ({"signed_on": (clock.today() + timedelta(days=1)).isoformat()}, "ainda não chegou"),
        ({"signed_on": ""}, "o dia em que a última parte assinou"),
        ({"in_force_until": (SIGNED - timedelta(days=1)).isoformat()}, "anterior ao começo"),
        ({"published_on": (SIGNED - timedelta(days=1)).isoformat()}, "A publicação é anterior à assinatura"),
        ({"arquivo": (BytesIO(b"MZ" + b"\x00" * 99), "contrato.pdf")}, "não é aceito"),
        ({"issued_document_id": "4711"}, "Escolha um documento emitido para este acordo"),
    ],
)
def test_a_refused_paper_is_explained_and_what_was_typed_stays(app, client, sign_in, make, changes, words):
    agreement = make.agreement()
    sign_in(client, "legal")
    answer = client.post(f"/acordos/{agreement}/instrumentos/novo", paper_form(**changes))
    assert answer.status_code == 422
    assert words.lower() in answer.words.lower()
    if "title" not in changes:
        assert answer.tree.xpath("//input[@name='title']/@value") == ["Contrato de hospedagem"]
    with db.session() as session:
        assert session.scalar(select(Instrument.id)) is None


def test_a_file_past_the_limit_is_refused_beside_its_field(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    fields = {key: value for key, value in paper_form().items() if key != "arquivo"} | {"csrf_token": client.token()}
    sent = papers.multipart(fields, "grande.pdf", b"%PDF-" + b"0" * (26 << 20))
    answer = client.plain.post(f"/acordos/{agreement}/instrumentos/novo", **sent)
    assert answer.status_code == 422
    assert "O arquivo passa do limite de 25 MB." in answer.text
    assert 'value="Contrato de hospedagem"' in answer.text


def test_sixty_megabytes_are_refused_before_they_are_read(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    sent = papers.multipart({"title": "Contrato"}, "enorme.pdf", b"%PDF-" + b"0" * (60 << 20))
    answer = client.plain.post(f"/acordos/{agreement}/instrumentos/novo", **sent)
    assert answer.status_code == 413
    assert "nenhum arquivo foi gravado" in answer.text
    assert sent["input_stream"].tell() < 1 << 20


def test_a_signature_on_the_very_day_is_accepted(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    register(client, agreement, signed_on=clock.today().isoformat(), published_on="")


def test_only_confirmed_readings_count_and_a_partial_save_leaves_the_rest(app, client, sign_in, make):
    agreement = make.agreement()
    actor = sign_in(client, "legal")
    lineage = register(client, agreement)
    page = client.get(f"/instrumentos/{lineage}/conferencia")
    assert len(page.tree.xpath("//article[contains(@class, 'reading-item')]")) == 12 + 5
    assert "12 incisos sem conclusão" in page.words
    answer = client.post(
        f"/instrumentos/{lineage}/conferencia",
        {
            "XI-coverage": "partial", "XI-place": "cláusula 12.9, p. 12", "XI-quote": "em até 48 horas da confirmação",
            "XI-missing_idea": "O prazo conta da confirmação, e não da suspeita",
            "II-coverage": "missing", "II-place": "esquecido aqui",
            "purpose-coverage": "covered", "purpose-place": "cláusula 2",
            "I-place": "digitado sem conclusão",
        },
    )  # fmt: skip
    assert answer.status_code == 303
    readings = facts_of(agreement).instruments[0].readings
    assert {point: reading.coverage for point, reading in readings.items()} == {
        "XI": Coverage.PARTIAL, "II": Coverage.MISSING, "purpose": Coverage.COVERED,
    }  # fmt: skip
    assert readings["II"].place == ""
    page = client.get(f"/instrumentos/{lineage}")
    assert "cláusula 12.9, p. 12" in page.words
    assert actor.display in page.words
    page = client.get(f"/instrumentos/{lineage}/conferencia")
    assert "10 incisos sem conclusão" in page.words
    assert page.tree.xpath("//input[@name='XI-coverage'][@value='partial']/@checked")


def test_an_incomplete_conclusion_saves_nothing_and_keeps_every_word(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    lineage = register(client, agreement)
    answer = client.post(
        f"/instrumentos/{lineage}/conferencia",
        {
            "IV-coverage": "covered", "IV-place": "cláusula 12.1", "IV-quote": "As partes firmam o Anexo",
            "V-coverage": "covered",
            "IX-coverage": "partial", "IX-place": "cláusula 12.10",
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Falta corrigir dois pontos" in answer.words
    targets = answer.tree.xpath("//div[@role='alert']//a/@href")
    assert targets == ["#r-v-place", "#r-ix-missing_idea"]
    for target in targets:
        assert answer.tree.xpath(f"//*[@id='{target[1:]}']")
    assert answer.tree.xpath("//textarea[@name='IV-quote']")[0].text.strip() == "As partes firmam o Anexo"
    assert answer.tree.xpath("//input[@name='IX-coverage'][@value='partial']/@checked")
    with db.session() as session:
        assert session.scalar(select(CoverageReading.id)) is None


def test_a_check_without_any_mark_is_asked_for_one(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    lineage = register(client, agreement)
    answer = client.post(f"/instrumentos/{lineage}/conferencia", {"I-place": "cláusula 1"})
    assert answer.status_code == 422
    assert "Marque ao menos uma" in answer.words


def test_the_newest_conclusion_counts_and_the_older_stays_in_the_history(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    lineage = register(client, agreement)
    for coverage in ("missing", "covered", "covered"):
        client.post(f"/instrumentos/{lineage}/conferencia", {"VI-coverage": coverage, "VI-place": "cláusula 12.6"})
    with db.session() as session:
        rows = session.scalars(select(CoverageReading.coverage).order_by(CoverageReading.id)).all()
    assert rows == [Coverage.MISSING, Coverage.COVERED], "saying the same again records nothing"
    page = client.get(f"/instrumentos/{lineage}")
    history = page.tree.xpath("//section[@aria-labelledby='leituras']//tbody/tr")
    assert len(history) == 2
    assert facts_of(agreement).instruments[0].readings["VI"].coverage is Coverage.COVERED


def test_proposals_are_marked_only_when_asked_and_count_only_once_saved(app, client, sign_in, make):
    from vendor_tracker.usecases import documents

    agreement = make.agreement()
    actor = sign_in(client, "legal")
    body, files = app.extensions["vendor_tracker.settings"].body, app.extensions["vendor_tracker.files"]
    issued = documents.issue(actor, files, body, agreement_id=agreement, kind="anexo")
    page = client.get(f"/acordos/{agreement}/instrumentos/novo?documento={issued.row.id}&tipo=anexo")
    assert page.tree.xpath("//select[@name='issued_document_id']/option[@selected]/@value") == [str(issued.row.id)]
    assert page.tree.xpath("//select[@name='kind']/option[@selected]/@value") == ["anexo"]
    lineage = register(client, agreement, kind="anexo", issued_document_id=str(issued.row.id))
    path = f"/instrumentos/{lineage}/conferencia"
    page = client.get(path)
    assert not page.tree.xpath("//input[@type='radio']/@checked")
    assert page.tree.xpath("//input[@name='XI-place']/@value")[0].startswith("Cláusula ")
    page = client.get(f"{path}?marcar=propostas")
    assert len(page.tree.xpath("//input[@type='radio'][@value='covered']/@checked")) == len(issued.covers) - 1
    assert not facts_of(agreement).instruments[0].readings
    fields = {
        control.get("name"): control.get("value") if control.tag == "input" else control.text
        for control in page.tree.xpath(
            "//main//form//input[not(@type='radio') or @checked][@name!='csrf_token'] | //main//textarea"
        )
    }
    assert client.post(path, {name: value or "" for name, value in fields.items()}).status_code == 303
    readings = facts_of(agreement).instruments[0].readings
    assert {reading.coverage for reading in readings.values()} == {Coverage.COVERED}
    assert set(INCISOS) <= set(readings)


def test_yesterday_knows_nothing_of_what_is_confirmed_today(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    lineage = register(client, agreement)
    client.post(f"/instrumentos/{lineage}/conferencia", {"VI-coverage": "covered", "VI-place": "cláusula 12.6"})
    eve = clock.today() - timedelta(days=1)
    assert facts_of(agreement).instruments[0].readings
    assert not facts_of(agreement, eve, clock.end_of(eve)).instruments


def test_correcting_the_record_keeps_the_file_and_the_older_version(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    lineage = register(client, agreement, signed_by_both="")
    form = client.get(f"/instrumentos/{lineage}/editar")
    assert form.tree.xpath("//input[@name='title']/@value") == ["Contrato de hospedagem"]
    answer = client.post(f"/instrumentos/{lineage}/editar", paper_form(title="Contrato 12/2025", arquivo=""))
    assert answer.status_code == 303
    row = newest(lineage)
    assert (row.title, row.signed_by_both) == ("Contrato 12/2025", True)
    assert row.file_id is not None
    page = client.get(f"/instrumentos/{lineage}")
    assert "Versões do registro" in page.words
    assert "Contrato de hospedagem" in page.words


def test_conclusions_complete_the_instrument_leg_of_the_assessment(app, client, sign_in, make):
    from contracts.vocabulary import Leg, LegState
    from vendor_tracker.usecases.judging import assess_agreement

    agreement = make.agreement()
    sign_in(client, "legal")
    lineage = register(client, agreement)
    before = assess_agreement(agreement)
    assert before.finding("II").state(Leg.INSTRUMENT) is LegState.EMPTY
    data = {f"{inciso}-coverage": "covered" for inciso in INCISOS} | {f"{inciso}-place": "Anexo" for inciso in INCISOS}
    answer = client.post(f"/instrumentos/{lineage}/conferencia", data)
    assert answer.status_code == 303
    after = assess_agreement(agreement)
    assert all(after.finding(inciso).state(Leg.INSTRUMENT) is LegState.FULL for inciso in ("II", "VI", "XI"))


def test_who_only_registers_cannot_conclude_what_a_paper_says(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "procurement")
    lineage = register(client, agreement)
    assert client.get(f"/instrumentos/{lineage}/conferencia").status_code == 403
    assert client.get("/instrumentos/4711").status_code == 404
    assert client.get("/acordos/4711/instrumentos/novo").status_code == 404


def test_the_check_asks_the_database_the_same_number_of_questions_however_much_was_read(
    app, client, sign_in, make, count_queries
):
    agreement = make.agreement()
    sign_in(client, "legal")
    lineage = register(client, agreement)
    path = f"/instrumentos/{lineage}/conferencia"
    with count_queries() as few:
        client.get(path)
    for coverage in ("missing", "covered"):
        client.post(path, {f"{i}-coverage": coverage for i in INCISOS} | {f"{i}-place": "Anexo" for i in INCISOS})
    with count_queries() as many:
        client.get(path)
    assert int(many) == int(few)
