"""The machine reads a signed file once, keeps what it read, and nothing that goes wrong in it touches the record."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from clause_library.passages import UnreadableFileError
from contracts.vocabulary import INCISOS, Coverage, InstrumentKind
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.tables import CoverageReading, Instrument, MachineReading, TrailEntry
from vendor_tracker.usecases import documents, instruments
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.instruments import PaperData, Reading, machine
from vendor_tracker.usecases.work import ConflictError, UseCaseError, job

MEGABYTE = 1 << 20


def upload(data: bytes, name: str = "Contrato assinado.pdf") -> Upload:
    return Upload(BytesIO(data), name, 25 * MEGABYTE)


def files_of(app):
    return app.extensions["vendor_tracker.files"]


def file_paper(
    app, actor, agreement: int, data: bytes | None = None, *, name: str = "Contrato assinado.pdf", **changes
) -> int:
    values = {"kind": InstrumentKind.ORIGINAL, "title": "Contrato", "signed_on": clock.today(), "signed_by_both": True}
    return instruments.file_instrument(
        actor, files_of(app), agreement_id=agreement, data=PaperData(**{**values, **changes}),
        upload=upload(papers.pdf() if data is None else data, name),
    )  # fmt: skip


def rows() -> list[MachineReading]:
    with db.session() as session:
        return list(session.scalars(select(MachineReading).order_by(MachineReading.id)))


def trail_of(act: str) -> list[TrailEntry]:
    with db.session() as session:
        return list(session.scalars(select(TrailEntry).where(TrailEntry.act == act).order_by(TrailEntry.seq)))


def state_of(actor, lineage: int):
    return instruments.instrument_page(actor, lineage=lineage).machine


def test_a_filed_paper_is_read_at_once_and_what_was_read_is_kept(app_on_each_database, make, reader):
    actor = make.user("legal")
    lineage = file_paper(app_on_each_database, actor, make.agreement())
    (row,) = rows()
    assert (row.error_code, row.pages, row.provisions, row.media_type) == ("", 22, 4, "application/pdf")
    assert row.reader == machine.reader_version()
    page = instruments.instrument_page(actor, lineage=lineage)
    proposed = {point.point: point.proposed.coverage for point in page.points if point.proposed}
    assert proposed == {inciso: reader.levels.get(inciso, Coverage.MISSING) for inciso in INCISOS}
    check = instruments.check_page(actor, files_of(app_on_each_database), lineage=lineage)
    (leaf,) = check.sheet.leaves
    assert ["".join(cut.text for cut in line.cuts) for line in leaf.lines] == list(reader.text)
    assert [line.subject_id for line in trail_of("instrument_machine_read")] == [lineage]


def test_nothing_that_the_machine_proposes_counts_before_a_person_confirms_it(app_on_each_database, make, reader):
    actor, agreement = make.user("legal"), make.agreement()
    lineage = file_paper(app_on_each_database, actor, agreement)

    def readings():
        with db.session() as session:
            return load_facts(session, [agreement], on=clock.today())[agreement].instruments[0].readings

    assert not readings()
    point = next(p for p in instruments.instrument_page(actor, lineage=lineage).points if p.point == "VII")
    instruments.confirm(actor, lineage=lineage, readings=[point.proposed])
    assert {name: each.coverage for name, each in readings().items()} == {"VII": Coverage.COVERED}


def test_what_the_machine_proposed_is_kept_beside_what_the_person_concluded(app_on_each_database, make, reader):
    actor = make.user("legal")
    lineage = file_paper(app_on_each_database, actor, make.agreement())
    instruments.confirm(
        actor,
        lineage=lineage,
        readings=[
            Reading("VII", Coverage.COVERED, "as instruções", "cláusula 12.1"),
            Reading("XI", Coverage.COVERED, "em até 48 horas", "cláusula 12.2"),
            Reading("IX", Coverage.MISSING),
            Reading("V", Coverage.PARTIAL, "medidas", "cláusula 9", "Não manda provar"),
        ],
    )
    with db.session() as session:
        kept = {row.point: (row.coverage, row.proposed) for row in session.scalars(select(CoverageReading))}
    assert kept["XI"][0] is Coverage.COVERED
    assert kept["XI"][1]["coverage"] == "partial"
    assert kept["XI"][1]["source"] == "machine"
    assert kept["XI"][1]["missing"] == ["não manda avisar de imediato"]
    assert kept["XI"][1]["reader"] == machine.reader_version()
    scores = {score.inciso: score for score in instruments.reader_page().scores}
    assert (scores["VII"].same, scores["VII"].judged) == (1, 1)
    assert (scores["XI"].raised, scores["XI"].judged) == (1, 1)
    assert (scores["V"].raised, scores["V"].judged) == (1, 1)
    assert (scores["IX"].hints, scores["IX"].judged) == (1, 0), "a “talvez” is neither right nor wrong"
    assert instruments.reader_page().total.judged == 3


def test_only_the_newest_conclusion_of_a_point_is_compared_with_the_machine(app_on_each_database, make, reader):
    actor = make.user("legal")
    lineage = file_paper(app_on_each_database, actor, make.agreement())
    for coverage in (Coverage.MISSING, Coverage.COVERED):
        instruments.confirm(
            actor, lineage=lineage, readings=[Reading("VII", coverage, "as instruções", "cláusula 12.1")]
        )
    score = next(each for each in instruments.reader_page().scores if each.inciso == "VII")
    assert (score.same, score.lowered) == (1, 0)


def test_the_same_content_is_never_read_twice_by_the_same_reader(app_on_each_database, make, reader):
    actor = make.user("legal")
    app = app_on_each_database
    first = file_paper(app, actor, make.agreement(), papers.pdf("um"))
    second = file_paper(app, actor, make.agreement(), papers.pdf("um"), name="Outro nome.pdf")
    instruments.read_instrument(actor, files_of(app), lineage=first)
    instruments.read_unread(files_of(app))
    assert len(reader.asked) == 1
    assert state_of(actor, second).state == "read"
    file_paper(app, actor, make.agreement(), papers.pdf("dois"))
    assert len(reader.asked) == 2


def test_a_new_reader_reads_anew_and_the_old_reading_stays(app_on_each_database, make, reader, monkeypatch):
    actor = make.user("legal")
    app = app_on_each_database
    lineage = file_paper(app, actor, make.agreement())
    monkeypatch.setattr(machine, "reader_version", lambda: "nova")
    reader.levels = {"VII": Coverage.PARTIAL}
    before = state_of(actor, lineage)
    assert (before.state, before.current, before.may_ask) == ("read", False, True)
    assert instruments.read_unread(files_of(app)).read == 1
    after = state_of(actor, lineage)
    assert (after.current, dict(after.points)["VII"].coverage) == (True, Coverage.PARTIAL)
    assert [(row.reader == "nova", row.points["VII"]["coverage"]) for row in rows()] == [
        (False, "covered"),
        (True, "partial"),
    ]
    assert instruments.read_unread(files_of(app)).read == 0


@pytest.mark.parametrize("code", ["encrypted", "no_text", "corrupted"])
def test_a_file_that_cannot_be_read_is_on_record_all_the_same(app_on_each_database, make, reader, code):
    reader.error = UnreadableFileError(code, "O arquivo não pôde ser lido. Envie outro.")
    actor, agreement = make.user("legal"), make.agreement()
    lineage = file_paper(app_on_each_database, actor, agreement)
    state = state_of(actor, lineage)
    assert (state.state, state.error_code, state.error) == ("failed", code, reader.error.sentence)
    with db.session() as session:
        assert session.scalar(select(Instrument.file_id).where(Instrument.lineage == lineage)) is not None
    assert instruments.read_unread(files_of(app_on_each_database)).unreadable == 0, (
        "the file will not be better tonight"
    )
    assert len(reader.asked) == 1


def test_whatever_breaks_in_the_reader_the_upload_stands(app_on_each_database, make, reader):
    reader.error = RuntimeError("broken")
    actor = make.user("legal")
    lineage = file_paper(app_on_each_database, actor, make.agreement())
    assert state_of(actor, lineage).state == "reading"
    (row,) = rows()
    with db.session() as session:
        session.get(MachineReading, row.id).held_until = clock.now() - timedelta(seconds=1)
        session.commit()
    assert state_of(actor, lineage).error_code == "died"
    reader.error = None
    assert instruments.read_instrument(actor, files_of(app_on_each_database), lineage=lineage).state == "read"
    assert [row.attempt for row in rows()] == [1, 2]


def test_asking_again_reads_a_file_that_failed_and_the_failure_stays(app_on_each_database, make, reader):
    reader.error = UnreadableFileError("busy", "Outros arquivos estão sendo lidos agora.")
    actor = make.user("legal")
    lineage = file_paper(app_on_each_database, actor, make.agreement())
    reader.error = None
    assert instruments.read_instrument(actor, files_of(app_on_each_database), lineage=lineage).state == "read"
    assert [(row.attempt, row.error_code) for row in rows()] == [(1, "busy"), (2, "")]


def test_at_night_a_passing_trouble_is_tried_again_but_not_for_ever(app_on_each_database, make, reader):
    reader.error = UnreadableFileError("busy", "Outros arquivos estão sendo lidos agora.")
    file_paper(app_on_each_database, make.user("legal"), make.agreement())
    rounds = [instruments.read_unread(files_of(app_on_each_database)).unreadable for _ in range(4)]
    assert rounds == [1, 1, 0, 0]


def test_at_night_only_papers_with_open_conclusions_are_read(app_on_each_database, make, reader):
    app, actor = app_on_each_database, make.user("legal")
    data = PaperData(InstrumentKind.ORIGINAL, "Contrato")
    lineages = [
        instruments.register_instrument(
            actor, files_of(app), agreement_id=make.agreement(), data=data, upload=upload(papers.pdf(name))
        )
        for name in ("um", "dois")
    ]
    instruments.register_instrument(actor, files_of(app), agreement_id=make.agreement(), data=data, upload=None)
    instruments.confirm(actor, lineage=lineages[0], readings=[Reading(inciso, Coverage.MISSING) for inciso in INCISOS])
    assert instruments.read_unread(files_of(app)).read == 1
    assert state_of(actor, lineages[0]).state == "unread"
    assert state_of(actor, lineages[1]).state == "read"
    assert trail_of("instrument_machine_read")[0].actor == job("read_files").name


def test_a_file_that_somebody_is_reading_is_left_to_them(app_on_each_database, make, reader):
    app, actor = app_on_each_database, make.user("legal")
    lineage = instruments.register_instrument(
        actor, files_of(app), agreement_id=make.agreement(), data=PaperData(InstrumentKind.ORIGINAL, "Contrato"),
        upload=upload(papers.pdf()),
    )  # fmt: skip
    taken = machine._take(actor, machine._wanted(lineage))
    assert taken is not None
    assert instruments.read_instrument(actor, files_of(app), lineage=lineage).state == "reading"
    assert instruments.read_unread(files_of(app)).read == 0
    assert reader.asked == []


def test_bytes_that_are_gone_are_said_to_be_gone(app_on_each_database, make, reader, monkeypatch):
    app, actor = app_on_each_database, make.user("legal")
    monkeypatch.setattr(type(files_of(app)), "read", lambda *_: (_ for _ in ()).throw(FileNotFoundError()))
    lineage = file_paper(app, actor, make.agreement())
    state = state_of(actor, lineage)
    assert state.error_code == "missing_file"
    assert "Avise a administração" in state.error


def test_a_paper_without_a_file_has_nothing_to_read(app, make, reader):
    actor = make.user("legal")
    lineage = papers.signed_paper(make, make.agreement(), {})
    with pytest.raises(UseCaseError, match="ainda não foi enviado"):
        instruments.read_instrument(actor, files_of(app), lineage=lineage)


def test_letters_are_recognised_in_the_background_where_the_server_can(app_on_each_database, make, reader, monkeypatch):
    app, actor = app_on_each_database, make.user("legal")
    reader.error = UnreadableFileError("no_text", "O arquivo é uma digitalização sem texto.")
    lineage = file_paper(app, actor, make.agreement())
    assert not state_of(actor, lineage).offers_letters
    with pytest.raises(ConflictError):
        instruments.ask_for_letters(actor, lineage=lineage)
    monkeypatch.setattr(machine, "ocr_available", lambda: True)
    assert state_of(actor, lineage).offers_letters
    instruments.ask_for_letters(actor, lineage=lineage)
    assert state_of(actor, lineage).state == "waiting"
    assert instruments.read_unread(files_of(app)).read == 0, "it is in another line"
    reader.error = None
    assert instruments.recognise_waiting(files_of(app)).read == 1
    assert reader.asked[-1][1] is True
    assert state_of(actor, lineage).state == "read"
    assert instruments.recognise_waiting(files_of(app)).read == 0


def test_a_scan_that_kills_its_process_is_given_up(app_on_each_database, make, reader, monkeypatch):
    app, actor = app_on_each_database, make.user("legal")
    reader.error = UnreadableFileError("no_text", "O arquivo é uma digitalização sem texto.")
    lineage = file_paper(app, actor, make.agreement())
    monkeypatch.setattr(machine, "ocr_available", lambda: True)
    instruments.ask_for_letters(actor, lineage=lineage)
    reader.error = KeyboardInterrupt()
    for _ in range(machine.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            instruments.recognise_waiting(files_of(app))
        with db.session() as session:
            session.get(MachineReading, rows()[-1].id).held_until = clock.now() - timedelta(seconds=1)
            session.commit()
    assert instruments.recognise_waiting(files_of(app)).unreadable == 1
    assert state_of(actor, lineage).error_code == "died"


def test_text_that_no_database_or_page_can_hold_is_kept_readable(app_on_each_database, make, reader):
    reader.text = ("Título \ud800 quebrado", "12.1. A CONTRATADA \x00 tratará os dados.", *reader.text[2:])
    app, actor = app_on_each_database, make.user("legal")
    lineage = file_paper(app, actor, make.agreement())
    check = instruments.check_page(actor, files_of(app), lineage=lineage)
    said = "".join(cut.text for line in check.sheet.leaves[0].lines for cut in line.cuts)
    said.encode()
    assert "\x00" not in said
    assert "A CONTRATADA   tratará" in said


# ----------------------------------------------------------------------------------------------------------------------
# Papers that derive from documents of ours, read by the real reader
# ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_annex(app_on_each_database, make):
    """An issued annex, and the function that files it signed: as it was, or as the other side changed it."""
    from vendor_tracker.demo.signed import altered

    app, actor, agreement = app_on_each_database, make.user("legal"), make.agreement()
    body = app.extensions["vendor_tracker.settings"].body
    issued = documents.issue(actor, files_of(app), body, agreement_id=agreement, kind="anexo")

    def file(*, changed: bool = True, **changes) -> int:
        data = files_of(app).read(issued.row.sha256)
        return file_paper(
            app, actor, agreement, altered(data) if changed else data,
            name="Anexo assinado.docx", kind=InstrumentKind.ANEXO, title="Anexo", **changes,
        )  # fmt: skip

    return app, actor, issued, file


def test_our_own_document_is_recognised_by_its_code_and_compared(signed_annex):
    app, actor, issued, file = signed_annex
    page = instruments.check_page(actor, files_of(app), lineage=file())
    comparison = page.paper.comparison
    assert page.compares
    assert (comparison.recognised_by, comparison.document.id) == ("code", issued.row.id)
    assert {fate: comparison.count(fate) for fate in ("altered", "missing", "new")} == {
        "altered": 2,
        "missing": 1,
        "new": 1,
    }
    by_point = {point: clause for clause in comparison.clauses for point in clause.points}
    assert by_point["XI"].fate == "altered"
    assert by_point["IX"].fate == "altered"
    assert by_point["II"].fate == "missing"
    assert {by_point[inciso].fate for inciso in ("I", "III", "V", "VI", "VII", "VIII", "X", "XII")} == {"unchanged"}
    proposed = {point.point: point.proposed for point in page.paper.points if point.proposed}
    whole = proposed["VI"]
    assert (whole.source, whole.coverage, whole.is_conclusive) == ("redline", Coverage.COVERED, True)
    assert whole.place.startswith("Cláusula 8, do registro das operações")
    assert whole.quote
    assert proposed["XI"].altered
    assert not (proposed["XI"].coverage is Coverage.COVERED and proposed["XI"].is_conclusive)
    assert not proposed["II"].is_conclusive
    assert page.anchors["XI"] == by_point["XI"].anchor


def test_what_came_back_unchanged_is_proposed_as_it_was_written(signed_annex):
    app, actor, issued, file = signed_annex
    page = instruments.check_page(actor, files_of(app), lineage=file(changed=False, issued_document_id=issued.row.id))
    assert page.paper.comparison.recognised_by == "record"
    assert page.paper.comparison.count("unchanged") == len(page.paper.comparison.clauses)
    proposed = {point.point: point.proposed for point in page.paper.points if point.point in INCISOS}
    assert {each.source for each in proposed.values()} == {"redline"}
    # A blank that we left and nobody filled in is a gap, and the rest is whole.
    blank = {inciso for inciso, each in proposed.items() if each.coverage is Coverage.PARTIAL}
    assert {proposed[inciso].coverage for inciso in set(INCISOS) - blank} == {Coverage.COVERED}
    assert all(proposed[inciso].missing_idea for inciso in blank)


def test_a_person_may_compare_with_another_document_or_with_none(signed_annex, make):
    app, actor, issued, file = signed_annex
    lineage = file()
    none = instruments.check_page(actor, files_of(app), lineage=lineage, chosen=0)
    assert none.paper.comparison is None
    assert none.sheet is not None
    assert {point.proposed.source for point in none.paper.points if point.proposed} == {"machine"}
    chosen = instruments.check_page(actor, files_of(app), lineage=lineage, chosen=issued.row.id)
    assert chosen.paper.comparison.recognised_by == "choice"
    body = app.extensions["vendor_tracker.settings"].body
    foreign = documents.issue(actor, files_of(app), body, agreement_id=make.agreement(), kind="anexo")
    other = instruments.check_page(actor, files_of(app), lineage=lineage, chosen=foreign.row.id)
    assert other.paper.comparison is None, "a document of another agreement is not this one's"


def test_the_conclusion_remembers_which_comparison_the_person_saw(signed_annex):
    app, actor, _, file = signed_annex
    lineage = file()
    for chosen, source in ((None, "redline"), (0, "machine")):
        instruments.confirm(
            actor, lineage=lineage, files=files_of(app), compared_with=chosen,
            readings=[Reading("VI", Coverage.PARTIAL, "registro", "cláusula 8", f"Nada: {source}")],
        )  # fmt: skip
        with db.session() as session:
            row = session.scalars(select(CoverageReading).order_by(CoverageReading.id.desc())).first()
        assert row.proposed["source"] == source


def test_recording_the_origin_keeps_the_older_version_and_the_file(signed_annex):
    _, actor, issued, file = signed_annex
    lineage = file()
    instruments.record_origin(actor, lineage=lineage, document_id=issued.row.id)
    page = instruments.instrument_page(actor, lineage=lineage)
    assert page.issued.id == issued.row.id
    assert [version.data.issued_document_id for version in page.versions] == [issued.row.id, None]
    assert page.file is not None


def test_the_readers_version_changes_with_its_rules_and_only_with_them(tmp_path, monkeypatch):
    import clause_library

    for folder in ("reading", "coverage", "concepts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "passages.py").write_text("")
    (tmp_path / "concepts" / "01.toml").write_text("a")
    monkeypatch.setattr(clause_library, "__file__", str(tmp_path / "__init__.py"))
    version = machine.reader_version.__wrapped__
    first = version()
    (tmp_path / "drafting.py").write_text("x")
    assert version() == first
    (tmp_path / "concepts" / "01.toml").write_text("b")
    assert version() != first
