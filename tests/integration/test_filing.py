"""Files come in by their content, keep a clean name, and go out only to who may read them."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.rig import papers
from vendor_tracker.files import FileStore
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import Instrument, StoredFile, TrailEntry
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError

MB = 1024 * 1024


@pytest.fixture
def files(app, tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


def hand_in(files: FileStore, data: bytes, name: str, **options) -> StoredFile:
    values = {"limit": 25 * MB, **options}
    with papers.acting(Actor("tests")) as work:
        return filing.receive(work, files, stream=BytesIO(data), name=name, **values)


P7S = bytes.fromhex("3082010006092a864886f70d010702a0820100") + b"\x00" * 40


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (papers.pdf(), "Contrato assinado.PDF", "application/pdf"),
        (papers.docx(), "minuta.docx", filing.DOCX),
        (papers.xlsx(), "pessoas autorizadas.xlsx", filing.XLSX),
        (papers.png(), "tela.png", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20, "foto.jpeg", "image/jpeg"),
        (papers.archive({"a.pdf": papers.pdf(), "b.docx": papers.docx()}), "pasta.zip", "application/zip"),
        (P7S, "contrato.pdf.p7s", "application/pkcs7-signature"),
        ("Órgão;Inciso\nCNJ;XI\n".encode(), "lista.csv", "text/csv"),
        ("Declaração em Windows-1252".encode("cp1252"), "declaração.txt", "text/plain"),
    ],
)
def test_what_people_send_is_recognised_by_its_content_and_kept_whole(files, data, name, media_type):
    row = hand_in(files, data, name)
    assert (row.media_type, row.name, row.size) == (media_type, name, len(data))
    assert files.read(row.sha256) == data


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00" + b"\x00" * 200, "contrato.pdf"),
        (papers.pdf(), "contrato.docx"),
        (papers.docx(), "contrato.zip"),
        (papers.pdf(), "contrato"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "contrato.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "tela.csv"),
        (b"#!/bin/sh\nrm -rf /\n", "lista.txt"),
        (b"GIF89a" + b"\x00" * 30, "tela.png"),
        (b"texto\x00com nulo", "texto.txt"),
        (papers.archive({"[Content_Types].xml": b"<x/>" * 9, "ppt/presentation.xml": b"x"}), "aula.docx"),
        (
            papers.archive({"[Content_Types].xml": b"x", "word/document.xml": b"x", "word/vbaProject.bin": b"x"}),
            "m.docx",
        ),
        (b"PK\x03\x04 truncado", "pasta.zip"),
        (b"", "vazio.pdf"),
    ],
)
def test_a_file_whose_name_and_content_disagree_or_that_is_not_accepted_is_refused_beside_its_field(files, data, name):
    with pytest.raises(UseCaseError) as refused:
        hand_in(files, data, name, field="assinado")
    assert refused.value.field == "assinado"
    assert not [path for path in files.root.rglob("*") if path.is_file()]
    with db.session() as session:
        assert session.scalar(select(StoredFile.id)) is None


def test_the_limit_counts_the_last_byte(files):
    data = b"a" * (2 * MB)
    assert hand_in(files, data, "limite.txt", limit=2 * MB).size == 2 * MB
    with pytest.raises(UseCaseError, match=r"O arquivo passa do limite de 2 MB\."):
        hand_in(files, data + b"a", "limite.txt", limit=2 * MB)


def bomb() -> bytes:
    return papers.archive({f"{number}.txt": b"0" * (5 * MB) for number in range(6)})


def nested(depth: int) -> bytes:
    data = papers.archive({"dentro.txt": "conteúdo que ninguém deveria precisar abrir".encode()})
    for _ in range(depth):
        data = papers.archive({"dentro.zip": data})
    return data


def overlapping() -> bytes:
    """Return an archive whose directory counts the same bytes many times, as the known non-recursive bombs do."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as made:
        made.writestr("a.txt", b"0" * 1000)
        first = made.infolist()[0]
        for number in range(5):
            twin = ZipInfo(f"{number}.txt")
            twin.header_offset, twin.file_size, twin.compress_size = first.header_offset, 1000, 1000
            twin.CRC = first.CRC
            made.filelist.append(twin)
    return out.getvalue()


def locked() -> bytes:
    data = bytearray(papers.archive({"a.txt": "segredo que ninguém pode conferir".encode()}, compression=ZIP_STORED))
    directory = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        bomb(),
        nested(2),
        papers.archive({f"{number}": b"" for number in range(2001)}),
        papers.archive({"../../etc/passwd": b"x" * 30}),
        papers.archive({"/etc/passwd": b"x" * 30}),
        papers.archive({"C:\\windows\\x": b"x" * 30}),
        papers.archive({}),
        overlapping(),
        locked(),
    ],
    ids=["ratio", "nested", "many", "up", "absolute", "drive", "empty", "overlapping", "password"],
)
def test_an_archive_that_could_hurt_whoever_opens_it_is_refused(files, data):
    with pytest.raises(UseCaseError) as refused:
        hand_in(files, data, "pasta.zip")
    assert refused.value.field == "arquivo"


def test_a_bomb_dressed_as_a_word_file_is_refused(files):
    data = papers.archive({"[Content_Types].xml": b"x", "word/document.xml": b"<w/>" * (4 * MB)})
    with pytest.raises(UseCaseError, match="cresce demais"):
        hand_in(files, data, "contrato.docx")


def test_an_archive_of_word_files_is_accepted_and_one_archive_more_inside_is_not(files):
    assert hand_in(files, nested(1), "pasta.zip").media_type == "application/zip"


@given(st.text(max_size=400))
def test_a_clean_name_has_no_folder_no_hidden_sign_and_is_never_longer_than_the_limit(name):
    clean = filing.clean_name(name)
    assert 0 < len(clean) <= filing.LONGEST_NAME
    assert not set(clean) & set('/\\:*?"<>|\x00\r\n\t\u202e\u200b')
    assert clean == clean.strip(" .")
    assert filing.clean_name(clean) == clean


def test_a_long_name_keeps_its_accents_and_its_ending():
    clean = filing.clean_name("..\\..\\Conferência " + "ã" * 300 + ".docx")
    assert clean.startswith("Conferência ãã")
    assert clean.endswith(".docx")
    assert len(clean) == 120
    assert filing.clean_name("con\u202efdp.exe") == "confdp.exe"


def test_a_protected_file_opens_only_to_the_roles_that_need_it_and_leaves_a_line_in_the_trail(files, make):
    row = hand_in(files, papers.pdf("sigiloso"), "sigiloso.pdf", restricted=True)
    for role in ("procurement", "committee"):
        with pytest.raises(NotFoundError):
            filing.open_file(make.user(role), files, file_id=row.id)
    for role in ("legal", "fiscal", "encarregado", "auditor", "admin"):
        actor = make.user(role)
        assert filing.open_file(actor, files, file_id=row.id).data == files.read(row.sha256)
        with db.session() as session:
            last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
        assert (last.act, last.actor, last.subject_id) == ("restricted_file_opened", actor.name, row.id)


def test_an_open_file_leaves_no_line(files, make):
    row = hand_in(files, papers.pdf(), "contrato.pdf")
    actor = make.user("procurement")
    with db.session() as session:
        before = session.scalars(select(TrailEntry.seq).order_by(TrailEntry.seq.desc())).first()
    assert not filing.open_file(actor, files, file_id=row.id).restricted
    with db.session() as session:
        assert session.scalars(select(TrailEntry.seq).order_by(TrailEntry.seq.desc())).first() == before


def test_an_agreement_that_becomes_secret_protects_the_files_it_already_had(app_on_each_database, tmp_path, make):
    files = FileStore(tmp_path / "kept")
    row = hand_in(files, papers.pdf(), "contrato.pdf")
    agreement = make.agreement(secret=True)
    filing.open_file(make.user("procurement"), files, file_id=row.id)
    make.add(
        Instrument(
            agreement_id=agreement, kind="original", title="Contrato", file_id=row.id, recorded_at=row.recorded_at
        )
    )
    with pytest.raises(NotFoundError):
        filing.open_file(make.user("procurement"), files, file_id=row.id)
    assert filing.open_file(make.user("legal"), files, file_id=row.id).restricted


def test_bytes_altered_on_disk_are_never_handed_out(files, make):
    row = hand_in(files, papers.pdf(), "contrato.pdf")
    files.path(row.sha256).write_bytes(b"outra coisa")
    with pytest.raises(ConflictError, match="alterado"):
        filing.open_file(make.user("legal"), files, file_id=row.id)
