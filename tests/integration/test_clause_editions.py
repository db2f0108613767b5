"""A version of a clause is approved by a second person, holds from its day, and is never forgotten, on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import create_engine, select, text

from clause_library.catalogue import load_catalogue
from tests.rig.app import opened
from tests.rig.clauses import NEW_ITEM, approved_text, as_typed, signed_annex, submitted_text
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.settings import Body
from vendor_tracker.store.base import db
from vendor_tracker.store.migrate import upgrade
from vendor_tracker.store.tables import ClauseEdition, FindingRow, IssuedClause, TrailEntry
from vendor_tracker.usecases import clause_editions, documents, instruments, library, older_texts
from vendor_tracker.usecases.batches import choosing
from vendor_tracker.usecases.instruments import PaperData
from vendor_tracker.usecases.judging import assess_agreement, catalogue_of, evaluate_register
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, look

BODY = Body()
DAY = timedelta(days=1)
MOMENT = "2026-01-05 12:00:00"


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


@pytest.fixture
def people(make) -> tuple[Actor, Actor]:
    """Who writes, and who approves."""
    return make.user("legal"), make.user("legal")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


def version_in_force(clause_id: str, on: date, known_until: datetime | None = None) -> int:
    with look() as session:
        return catalogue_of(session, known_until).on(on)[clause_id].version


def revision(lineage: int) -> int:
    return clause_editions.edition_page(Actor("x"), BODY, lineage=lineage).revision


def reasons(agreement: int) -> str:
    with db.session() as session:
        return " ".join(session.get(FindingRow, (agreement, "IV")).reasons)


def test_every_act_is_a_new_row_and_a_line_of_the_trail(app_on_each_database, people):
    author, approver = people
    tomorrow = clock.today() + DAY
    lineage, row = submitted_text(author, "audits", since=tomorrow)
    clause_editions.give_back(approver, lineage=lineage, revision=row, reason="Diga quem recebe.")
    again = as_typed("audits", since=tomorrow, title="Das auditorias")
    assert clause_editions.save(author, clause_id="audits", revision=revision(lineage), typed=again, submit=True)
    clause_editions.approve(approver, lineage=lineage, revision=revision(lineage))
    clause_editions.withdraw(author, lineage=lineage, revision=revision(lineage), reason="Fica para depois.")
    with db.session() as session:
        rows = session.scalars(select(ClauseEdition).order_by(ClauseEdition.id)).all()
        acts = session.scalars(
            select(TrailEntry.act).where(TrailEntry.subject_kind == "clause_edition").order_by(TrailEntry.seq)
        ).all()
    assert [each.state for each in rows] == [
        "draft", "submitted", "draft", "draft", "submitted", "approved", "withdrawn",
    ]  # fmt: skip
    assert {each.lineage for each in rows} == {lineage}
    assert [each.superseded_at is None for each in rows] == [False] * 6 + [True]
    assert [name.removeprefix("clause_edition_") for name in acts] == [
        "saved", "submitted", "returned", "saved", "submitted", "approved", "withdrawn",
    ]  # fmt: skip
    page = clause_editions.edition_page(author, BODY, lineage=lineage)
    assert [line.what for line in page.acts][::-1] == [
        "Começou a versão", "Enviou para aprovação", "Devolveu", "Salvou o texto", "Enviou para aprovação", "Aprovou",
        "Retirou",
    ]  # fmt: skip


def test_a_version_holds_from_its_day_and_past_days_keep_the_text_that_was_known(app_on_each_database, people):
    today = clock.today()
    before = clock.now()
    lineage = approved_text(*people, "audits", since=today + 3 * DAY)
    after = clock.now() + timedelta(seconds=1)
    assert version_in_force("audits", today) == 1
    assert version_in_force("audits", today + 2 * DAY) == 1
    assert version_in_force("audits", today + 3 * DAY) == 2
    assert version_in_force("audits", today + 3 * DAY, known_until=before) == 1
    with time_machine.travel(noon(today + DAY), tick=False):
        clause_editions.withdraw(people[0], lineage=lineage, revision=revision(lineage), reason="Fica para depois.")
        assert version_in_force("audits", today + 3 * DAY) == 1
        assert version_in_force("audits", today + 3 * DAY, known_until=after) == 2


def test_another_process_sees_at_once_what_was_approved(app_on_each_database, people, tmp_path):
    # A process remembers what it built of the rows of its own connections; another application has others.
    url = app_on_each_database.extensions["vendor_tracker.settings"].database_url
    assert version_in_force("audits", clock.today()) == 1
    with opened(url, tmp_path / "other") as other, other.app_context():
        assert version_in_force("audits", clock.today()) == 1
        with app_on_each_database.app_context():
            approved_text(*people, "audits", since=clock.today())
        assert version_in_force("audits", clock.today()) == 2
    assert version_in_force("audits", clock.today()) == 2


def test_who_wrote_any_of_the_text_does_not_approve_it(app_on_each_database, people, make):
    first, second = people
    lineage, row = submitted_text(first, "audits", since=clock.today())
    clause_editions.give_back(second, lineage=lineage, revision=row, reason="Falta um prazo.")
    typed = as_typed("audits", since=clock.today(), title="Das auditorias")
    clause_editions.save(second, clause_id="audits", revision=revision(lineage), typed=typed, submit=True)
    for writer in (first, second):
        with pytest.raises(UseCaseError, match="Quem escreveu"):
            clause_editions.approve(writer, lineage=lineage, revision=revision(lineage))
    for role in ("admin", "encarregado"):
        with pytest.raises(UseCaseError, match="pessoa do jurídico"):
            clause_editions.approve(make.user(role), lineage=lineage, revision=revision(lineage))
    clause_editions.approve(make.user("legal"), lineage=lineage, revision=revision(lineage))
    assert version_in_force("audits", clock.today()) == 2


def test_who_only_gave_a_version_back_may_approve_it_later(app, people):
    author, approver = people
    lineage, row = submitted_text(author, "audits", since=clock.today())
    clause_editions.give_back(approver, lineage=lineage, revision=row, reason="Falta um prazo.")
    typed = as_typed("audits", since=clock.today(), title="Das auditorias")
    clause_editions.save(author, clause_id="audits", revision=revision(lineage), typed=typed, submit=True)
    clause_editions.approve(approver, lineage=lineage, revision=revision(lineage))
    assert version_in_force("audits", clock.today()) == 2


def test_a_version_never_holds_from_a_day_before_its_approval(app, people):
    author, approver = people
    today = clock.today()
    lineage, row = submitted_text(author, "audits", since=today)
    with time_machine.travel(noon(today + DAY), tick=False):
        with pytest.raises(UseCaseError, match="usou o texto de então") as refused:
            clause_editions.approve(approver, lineage=lineage, revision=row)
        assert refused.value.field == "since"
        clause_editions.approve(approver, lineage=lineage, revision=row, since=today + DAY)
    assert version_in_force("audits", today) == 1
    assert version_in_force("audits", today + DAY) == 2


def test_a_version_begins_after_the_one_before_it(app, people):
    today = clock.today()
    approved_text(*people, "audits", since=today + 5 * DAY)
    typed = as_typed("audits", since=today + 5 * DAY, title="Outro título")
    with pytest.raises(UseCaseError, match="Já há uma versão que começa nesse dia ou depois dele"):
        clause_editions.save(people[0], clause_id="audits", revision=0, typed=typed, submit=True)


def test_only_the_last_of_two_scheduled_versions_may_be_withdrawn_first(app, people):
    today = clock.today()
    first = approved_text(*people, "audits", since=today + 2 * DAY)
    second = approved_text(*people, "audits", since=today + 4 * DAY, title="Das auditorias")
    with pytest.raises(UseCaseError, match="Retire primeiro a última"):
        clause_editions.withdraw(people[0], lineage=first, revision=revision(first), reason="Não.")
    for lineage in (second, first):
        clause_editions.withdraw(people[0], lineage=lineage, revision=revision(lineage), reason="Não.")
    assert version_in_force("audits", today + 9 * DAY) == 1
    with pytest.raises(ConflictError, match="já foi retirada"):
        clause_editions.withdraw(people[0], lineage=first, revision=revision(first), reason="Não.")


def test_a_version_in_force_is_not_withdrawn(app, people):
    lineage = approved_text(*people, "audits", since=clock.today())
    with pytest.raises(UseCaseError, match="já pode estar em documentos"):
        clause_editions.withdraw(people[0], lineage=lineage, revision=revision(lineage), reason="Não.")


def test_there_is_one_version_being_written_of_a_clause_and_its_newest_revision_counts(app_on_each_database, people):
    typed = as_typed("audits", since=clock.today())
    lineage = clause_editions.save(people[0], clause_id="audits", revision=0, typed=typed)
    with pytest.raises(ConflictError):
        clause_editions.save(people[1], clause_id="audits", revision=0, typed=typed)
    held = revision(lineage)
    assert clause_editions.save(people[0], clause_id="audits", revision=held, typed=typed) == lineage
    assert revision(lineage) == held, "what did not change is not kept twice"
    changed = replace(typed, title="Das auditorias")
    clause_editions.save(people[1], clause_id="audits", revision=held, typed=changed)
    with pytest.raises(ConflictError):
        clause_editions.save(people[0], clause_id="audits", revision=held, typed=typed)
    with pytest.raises(ConflictError):
        clause_editions.give_back(people[1], lineage=lineage, revision=held, reason="Não.")
    with pytest.raises(ConflictError, match="Só o que foi enviado"):
        clause_editions.approve(people[1], lineage=lineage, revision=revision(lineage))


def test_a_draft_may_hold_what_no_document_could_but_is_not_sent(app, people):
    typed = as_typed("audits", since=clock.today(), body="1. O {parte.sigla} age.")
    lineage = clause_editions.save(people[0], clause_id="audits", revision=0, typed=typed)
    with pytest.raises(UseCaseError, match="Não há campo com este nome"):
        clause_editions.save(people[0], clause_id="audits", revision=revision(lineage), typed=typed, submit=True)
    assert version_in_force("audits", clock.today()) == 1
    with pytest.raises(NotFoundError):
        clause_editions.save(people[0], clause_id="inventada", revision=0, typed=typed)
    for changes in ({"body": "x" * 40_001}, {"title": " "}, {"body": " "}, {"incisos": ("XIII",)}, {"why": "x" * 1001}):
        with pytest.raises(UseCaseError):
            clause_editions.save(people[0], clause_id="calendar", revision=0, typed=replace(typed, **changes))


def test_documents_and_the_library_use_the_text_in_force(app_on_each_database, people, make, files):
    lineage = approved_text(*people, "audits", since=clock.today())
    agreement = make.agreement()
    issued = documents.issue(people[0], files, BODY, agreement_id=agreement, kind="anexo")
    assert ("audits", "Das auditorias e inspeções", "2") in issued.clauses
    with db.session() as session:
        row = session.get(IssuedClause, (issued.row.id, "audits"))
    assert (row.version, row.since) == (2, clock.today())
    page = library.show(clause_id="audits")
    assert page.current.version == 2
    assert page.current.edition == lineage
    assert [version.holds for version in page.versions] == ["in_force", "past"]


def test_a_version_that_holds_today_changes_the_judgement_in_the_same_act(app_on_each_database, people, make, files):
    agreement = signed_annex(make, files, before=True, children=True)
    untouched = signed_annex(make, files, before=True, children=False)
    evaluate_register()
    assert "transição" not in reasons(agreement)
    approved_text(*people, "children", since=clock.today())
    assert "transição para a edição" in reasons(agreement) or "transição para a edição" in " ".join(
        check.answer.reason for check in assess_agreement(agreement).finding("IV").checks
    )
    assert [line.clause_id for line in older_texts.index().rows[0].clauses] == ["children"]
    assert [row.agreement.agreement_id for row in older_texts.index().rows] == [agreement]
    assert untouched != agreement


def test_a_scheduled_version_changes_the_judgement_on_its_day_and_after_the_transition(
    app_on_each_database, people, make, files
):
    today = clock.today()
    agreement = signed_annex(make, files)
    approved_text(*people, "audits", since=today + 3 * DAY)

    def covering(day: date) -> str:
        with time_machine.travel(noon(day), tick=False):
            evaluate_register()
            checks = assess_agreement(agreement).finding("IV").checks
        return next(check.answer.reason for check in checks if "conjunto assinado" in check.answer.reason)

    assert covering(today + 2 * DAY) == "O conjunto assinado cobre todos os demais incisos."
    assert "a transição para a edição" in covering(today + 3 * DAY)
    assert "a transição para a edição" in covering(today + 183 * DAY)
    assert "é requerida desde o fim da transição" in covering(today + 184 * DAY)


def test_a_signed_termo_aditivo_brings_the_agreement_up_to_date(app_on_each_database, people, make, files):
    agreement = signed_annex(make, files, before=True)
    approved_text(*people, "audits", since=clock.today())
    with look() as session:
        assert choosing.screen(session, [agreement], on=clock.today(), repeat=False) == {}, "a batch takes it, too"
    draft = documents.preview(BODY, agreement_id=agreement, kind="termo-aditivo").draft
    assert "audits" in [clause.id for clause in draft.clauses]
    assert NEW_ITEM in str(draft)
    issued = documents.issue(people[0], files, BODY, agreement_id=agreement, kind="termo-aditivo")
    with look() as session:
        assert choosing.screen(session, [agreement], on=clock.today(), repeat=False) == {
            agreement: choosing.LeftOut.ISSUED
        }
    assert older_texts.index().total == 1, "an aditivo that nobody signed changes nothing"
    data = PaperData(
        kind="aditivo",
        title="Termo aditivo",
        signed_on=clock.today(),
        signed_by_both=True,
        issued_document_id=issued.row.id,
    )
    instruments.register_instrument(people[0], files, agreement_id=agreement, data=data, upload=None)
    assert older_texts.index().total == 0
    reason = documents.preview(BODY, agreement_id=agreement, kind="termo-aditivo").refusal
    assert reason == "Não há cláusula a incluir: o instrumento já cobre os pontos conferidos."


def test_the_list_of_older_texts_tells_the_steps_and_the_days(app_on_each_database, people, make, files):
    today = clock.today()
    agreement = signed_annex(make, files, before=True)
    only_issued = make.agreement()
    documents.issue(people[0], files, BODY, agreement_id=only_issued, kind="anexo")
    evaluate_register()
    approved_text(*people, "audits", since=today)
    page = older_texts.index()
    assert {row.agreement.agreement_id for row in page.rows} == {agreement, only_issued}
    line = next(row for row in page.rows if row.agreement.agreement_id == agreement)
    assert [(text.held, text.now, text.signed) for text in line.clauses] == [(1, 2, True)]
    assert line.required_from == today + 181 * DAY
    assert [(choice.clause_id, choice.agreements) for choice in page.clauses] == [("audits", 2)]
    assert [row.agreement.agreement_id for row in older_texts.index(signed=False).rows] == [only_issued]
    assert older_texts.index(signed=True, clause_id="audits").total == 1
    (change,) = page.changes
    assert change[:4] == ("audits", "Das auditorias e inspeções", 1, 2)
    assert [part.text for each in change[4].lines for part in each.parts if part.kind == "inserted"] == [NEW_ITEM]


def test_the_documents_of_an_older_database_are_laid_out_when_it_is_upgraded(database_url):
    engine = create_engine(database_url)
    try:
        upgrade(engine, "0002")
        rows = {
            "operator": {
                "id": 1,
                "name": "Exemplo",
                "search_name": "exemplo",
                "country": "BR",
                "address": "",
                "source": "",
            }
            | {"created_at": MOMENT, "updated_at": MOMENT},
            "agreement": {"id": 1, "operator_id": 1, "kind": "contrato", "number": "1/2026", "source": ""}
            | {"source_hash": "", "created_at": MOMENT, "search_text": ""},
            "stored_file": {"id": 1, "sha256": "a", "size": 1, "media_type": "x", "name": "y", "restricted": False}
            | {"recorded_at": MOMENT},
            "issued_document": {
                "id": 7,
                "agreement_id": 1,
                "kind": "anexo",
                "title": "Anexo",
                "code": "A",
                "sha256": "a",
            }
            | {"file_id": 1, "clause_set_since": "2025-10-20", "missing_fields": "[]", "covers": "[]", "passages": "{}"}
            | {"clause_versions": '{"audits": "1 (2025-10-20)", "children": "12 (2026-01-02)"}', "recorded_at": MOMENT},
        }
        with engine.begin() as connection:
            for table, values in rows.items():
                columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
                connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), values)
        upgrade(engine)
        with engine.connect() as connection:
            rows = connection.execute(select(IssuedClause.__table__).order_by(IssuedClause.clause_id)).all()
        assert [tuple(row) for row in rows] == [
            (7, "audits", 1, date(2025, 10, 20)),
            (7, "children", 12, date(2026, 1, 2)),
        ]
    finally:
        engine.dispose()


def test_the_page_of_a_clause_never_written_here_has_the_text_of_the_file(app):
    page = library.show(clause_id="audits")
    assert page.current.digest == load_catalogue().versions_of("audits")[0].digest
    assert (page.open_edition, page.outdated, page.waiting) == (None, 0, False)
