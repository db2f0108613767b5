"""Files that come in and go out: what is accepted, under which name it is kept, and who may open it.

What a file is, is read from its content; its name must agree. Nothing is unpacked: an archive's own list of contents is
checked, so that a small file cannot become a huge one in somebody's hands.
"""

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

import filetype

from contracts.vocabulary import FileState, UserRole
from vendor_tracker.files import FileStore, FileTooLargeError, KeptFile
from vendor_tracker.store import papers
from vendor_tracker.store.tables import StoredFile
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = "image/png"
JPEG = "image/jpeg"
ZIP = "application/zip"
P7S = "application/pkcs7-signature"
TEXT = "text/plain"
CSV = "text/csv"

EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    ZIP: (".zip",),
    P7S: (".p7s",),
    TEXT: (".txt",),
    CSV: (".csv",),
}
"""What is accepted, and how the name of each ends."""

ACCEPTED = "PDF, Word (.docx), Excel (.xlsx), imagem (.png, .jpg), .zip, assinatura (.p7s), .csv ou .txt"
"""The accepted kinds as forms and refusals name them."""

READS_RESTRICTED = frozenset({UserRole.LEGAL, UserRole.FISCAL, UserRole.ENCARREGADO, UserRole.AUDITOR, UserRole.ADMIN})
"""Who may open what art. 5º protects."""

LONGEST_NAME = 120
LONGEST_ENDING = 10
SHORTEST_ARCHIVE = 22
"""Bytes of the record that ends every archive."""
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
LARGEST_NESTED = 40 * 1024 * 1024
"""Bytes of an archive inside an archive, which is looked into in memory."""
MOST_RATIO = 100
RATIO_COUNTS_FROM = 10 * 1024 * 1024
"""Bytes unpacked below which the ratio does not matter: a short, repetitive file is harmless."""
DEEPEST = 2
"""An archive may hold Word files, which are archives themselves; an archive in an archive in an archive is refused."""

_UNSAFE = (
    "O arquivo compactado não pôde ser aceito: está vazio, cresce demais ao ser aberto ou traz arquivos compactados "
    "dentro de outros. Envie os documentos diretamente, sem compactar."
)
_UNOPENED = {
    FileState.CHECKING: "Este arquivo ainda está em conferência e só se abre depois dela. Tente de novo em um minuto.",
    FileState.REFUSED: "Este arquivo foi recusado na conferência e não se abre. O operador foi avisado.",
}
_PKCS7_SIGNED = bytes.fromhex("06092a864886f70d010702")
_MACROS = "vbaproject.bin"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file handed in: its seekable bytes, the name it came with, and the most bytes it may have."""

    stream: BinaryIO
    name: str
    limit: int


@dataclass(frozen=True, slots=True)
class FileForReading:
    """A file handed out, its content checked against its address."""

    id: int
    name: str
    media_type: str
    sha256: str
    restricted: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as pages list it; ``readable`` tells whether this person may open it. ``size`` in bytes."""

    id: int
    name: str
    size: int
    sha256: str
    restricted: bool
    readable: bool


def may_read(role: UserRole | None, *, restricted: bool) -> bool:
    """Tell whether somebody of ``role`` may open a file."""
    return not restricted or role in READS_RESTRICTED


def view_of(file: StoredFile, actor: Actor, *, secret: bool = False) -> FileView:
    """Return what a page shows of ``file``; ``secret``: its agreement is protected."""
    restricted = file.restricted or secret
    return FileView(file.id, file.name, file.size, file.sha256, restricted, may_read(actor.role, restricted=restricted))


def receive(
    work: Work,
    files: FileStore,
    *,
    stream: BinaryIO,
    name: str,
    limit: int,
    restricted: bool = False,
    field: str = "arquivo",
) -> StoredFile:
    """Check and keep a file that somebody handed in; the row is flushed in the caller's transaction.

    ``stream`` must be seekable; ``limit`` is in bytes. Raises :class:`UseCaseError` beside ``field`` for an empty file,
    one past the limit, a kind that is not accepted, a name that does not agree with the content, or an unsafe archive.
    """
    media_type, kept_name = examine(stream, name=name, limit=limit, field=field)
    try:
        kept = files.keep(stream, limit=limit)
    except FileTooLargeError as error:
        raise UseCaseError(str(error), field=field) from None
    return _row(work, kept.sha256, kept.size, media_type, kept_name, restricted=restricted)


def examine(stream: BinaryIO, *, name: str, limit: int, field: str = "arquivo") -> tuple[str, str]:
    """Return the media type of what was handed in and the name it may have; ``stream`` stands at its start again.

    Raises what :func:`receive` raises. Needs no database, so that nobody waits for a slow disk or a large archive.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        message = "O arquivo está vazio. Confira se ele foi salvo por inteiro e envie de novo."
        raise UseCaseError(message, field=field)
    if size > limit:
        raise UseCaseError(str(FileTooLargeError(limit)), field=field)
    kept_name = clean_name(name)
    media_type = _sniff(stream, field=field)
    endings = EXTENSIONS[media_type]
    if media_type == TEXT and kept_name.lower().endswith(EXTENSIONS[CSV]):
        media_type = CSV
    elif not kept_name.lower().endswith(endings):
        message = (
            f"O conteúdo é de um arquivo {endings[0]}, e o nome “{kept_name}” diz outra coisa. "
            "Confira se é o arquivo certo e salve-o com a terminação correta."
        )
        raise UseCaseError(message, field=field)
    stream.seek(0)
    return media_type, kept_name


def receive_upload(
    work: Work, files: FileStore, upload: Upload | None, *, restricted: bool = False, field: str = "arquivo"
) -> int | None:
    """Check and keep an optional upload; returns the id of its row, ``None`` when nothing was handed in."""
    if upload is None:
        return None
    return receive(
        work, files, stream=upload.stream, name=upload.name, limit=upload.limit, restricted=restricted, field=field
    ).id


def keep_ours(
    work: Work, files: FileStore, *, data: bytes, name: str, media_type: str, restricted: bool = False
) -> StoredFile:
    """Keep bytes that this application made itself."""
    kept = files.keep_bytes(data)
    return _row(work, kept.sha256, kept.size, media_type, clean_name(name), restricted=restricted)


def record_kept(work: Work, kept: KeptFile, *, name: str, media_type: str, restricted: bool = False) -> StoredFile:
    """Put bytes of our own on record that were kept before the act began: large ones are not written inside it."""
    return _row(work, kept.sha256, kept.size, media_type, clean_name(name), restricted=restricted)


def _row(work: Work, digest: str, size: int, media_type: str, name: str, *, restricted: bool) -> StoredFile:
    row = StoredFile(
        sha256=digest,
        size=size,
        media_type=media_type,
        name=name,
        restricted=restricted,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def clean_name(name: str) -> str:
    """Return the name without folders, control or direction signs, at most 120 characters, accents and ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    spaced = "".join(" " if sign.isspace() else sign for sign in last)
    plain = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    plain = " ".join(plain.split()).strip(" .")
    if not plain:
        return "arquivo"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= LONGEST_NAME:
        return plain
    if dot and stem and len(ending) <= LONGEST_ENDING:
        return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip(' .')}.{ending}"
    return plain[:LONGEST_NAME].rstrip(" .")


def _sniff(stream: BinaryIO, *, field: str) -> str:
    """Return the media type of the content, or refuse it."""
    head = stream.read(8192)
    stream.seek(0)
    if head.startswith(b"PK"):
        return _sniff_archive(stream, field=field)
    guess = filetype.guess(head)
    if guess is not None:
        if guess.mime in {PDF, PNG, JPEG}:
            return str(guess.mime)
        raise UseCaseError(_refusal(), field=field)
    if _is_signature(head):
        return P7S
    if _is_text(stream):
        return TEXT
    raise UseCaseError(_refusal(), field=field)


def _refusal() -> str:
    return f"Este tipo de arquivo não é aceito. Envie {ACCEPTED}."


def _is_signature(head: bytes) -> bool:
    return (head[:1] == b"\x30" and _PKCS7_SIGNED in head[:64]) or head.startswith(
        (b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----")
    )


def _is_text(stream: BinaryIO) -> bool:
    """Tell whether it is all words (UTF-8 or Windows-1252), without control bytes, and no page of a browser."""
    data = stream.read()
    stream.seek(0)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            return False
    if any(sign < " " and sign not in "\t\r\n\f" for sign in text) or "\x7f" in text:
        return False
    start = text[:1024].lstrip().casefold()
    return not start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script", "#!"))


def _sniff_archive(stream: BinaryIO, *, field: str) -> str:
    try:
        with ZipFile(stream) as archive:
            entries = archive.infolist()
            _check_archive(archive, size=stream.seek(0, 2), depth=1, budget=_Budget(), field=field)
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" in names:
                if "word/document.xml" in names:
                    return DOCX
                if "xl/workbook.xml" in names:
                    return XLSX
                raise UseCaseError(_refusal(), field=field)
            return ZIP
    except (BadZipFile, LargeZipFile, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
        message = "O arquivo compactado está danificado. Gere-o de novo e envie outra vez."
        raise UseCaseError(message, field=field) from None
    finally:
        stream.seek(0)


@dataclass(slots=True)
class _Budget:
    """What an archive and all it holds have declared so far."""

    entries: int = 0
    unpacked: int = 0


def _check_archive(archive: ZipFile, *, size: int, depth: int, budget: _Budget, field: str) -> None:
    entries = archive.infolist()
    declared = sum(entry.file_size for entry in entries)
    budget.entries += len(entries)
    budget.unpacked += declared
    packed = sum(entry.compress_size for entry in entries)
    suspicious = (
        not entries
        or depth > DEEPEST
        or budget.entries > MOST_ENTRIES
        or budget.unpacked > MOST_UNPACKED
        or packed > size
        or (declared > RATIO_COUNTS_FROM and declared > MOST_RATIO * max(packed, 1))
    )
    if suspicious:
        raise UseCaseError(_UNSAFE, field=field)
    if any(entry.filename.lower().endswith(_MACROS) for entry in entries):
        message = "O arquivo contém macros. Salve-o sem macros (.docx ou .xlsx) e envie de novo."
        raise UseCaseError(message, field=field)
    for entry in entries:
        _check_entry(archive, entry, depth=depth, budget=budget, field=field)


def _check_entry(archive: ZipFile, entry: ZipInfo, *, depth: int, budget: _Budget, field: str) -> None:
    if entry.flag_bits & 0x1:
        message = "O arquivo está protegido por senha e não pode ser conferido. Envie-o sem senha."
        raise UseCaseError(message, field=field)
    parts = entry.filename.replace("\\", "/").split("/")
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
        message = "O arquivo compactado traz caminhos inválidos. Gere-o de novo, só com os documentos."
        raise UseCaseError(message, field=field)
    if entry.is_dir() or entry.file_size < SHORTEST_ARCHIVE:
        return
    with archive.open(entry) as inner:
        if inner.read(2) != b"PK":
            return
    if entry.file_size > LARGEST_NESTED:
        raise UseCaseError(_UNSAFE, field=field)
    data = archive.read(entry)
    try:
        nested = ZipFile(BytesIO(data))
    except BadZipFile:
        return  # It only begins like an archive.
    with nested:
        _check_archive(nested, size=len(data), depth=depth + 1, budget=budget, field=field)


def open_file(actor: Actor, files: FileStore, *, file_id: int) -> FileForReading:
    """Return a file for reading; opening a protected one leaves a line in the trail.

    Raises :class:`NotFoundError` when there is none or it is not this person's to see, and :class:`ConflictError` when
    the bytes kept no longer have the content that was received, or its check has not found it safe.
    """
    with look() as session:
        found = papers.file_for_reading(session, file_id)
    if found is None or not may_read(actor.role, restricted=found.restricted):
        message = "Este arquivo não existe ou é protegido (art. 5º da Portaria)."
        raise NotFoundError(message)
    if found.check is not FileState.CLEAN:
        raise ConflictError(_UNOPENED[found.check])
    try:
        data = files.read(found.sha256)
    except OSError:
        message = "O conteúdo guardado deste arquivo falta ou foi alterado. Avise a administração do sistema."
        raise ConflictError(message) from None
    if found.restricted:
        with act(actor) as work:
            work.trail(
                "restricted_file_opened",
                "stored_file",
                found.id,
                f"Arquivo protegido aberto: {found.name}.",
                {"sha256": found.sha256},
            )
    return FileForReading(found.id, found.name, found.media_type, found.sha256, found.restricted, data)


__all__ = [
    "ACCEPTED",
    "DOCX",
    "FileForReading",
    "FileView",
    "Upload",
    "clean_name",
    "examine",
    "keep_ours",
    "may_read",
    "open_file",
    "receive",
    "receive_upload",
    "record_kept",
    "view_of",
]
