"""What kind of file some bytes are, and a clear word about each kind that is not read."""

import io
import zipfile
from zipfile import BadZipFile, LargeZipFile

import filetype

from clause_library.reading.limits import (
    MOST_ENTRIES,
    MOST_RATIO,
    MOST_UNPACKED,
    RATIO_COUNTS_FROM,
    refusal,
)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of the old Office begin, and also those of the new one that have a password."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORD_DOCUMENT = "WordDocument".encode("utf-16-le")
_PDF_STARTS_WITHIN = 1024
_MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script", "#!")
_PARTS_OF_WORD = ("[content_types].xml", "_rels/.rels")


def recognised(data: bytes) -> str:
    """Return the media type of bytes that are read: DOCX, PDF or plain text.

    Raises:
        UnreadableFileError: they are something else, or an archive that grows too much.
    """
    if data.startswith(b"PK"):
        return _archive(data)
    if b"%PDF-" in data[:_PDF_STARTS_WITHIN]:
        return PDF
    if data.startswith(_COMPOUND):
        if _ENCRYPTED_PACKAGE in data:
            raise refusal("encrypted")
        raise refusal("old_doc" if _WORD_DOCUMENT in data else "unsupported")
    if data.lstrip().startswith(b"{\\rtf"):
        raise refusal("rtf")
    # Words come first: for a guess by the first letters, a text that begins with "BM" is a picture.
    if decoded(data) is not None:
        return TEXT
    kind = filetype.guess(data[:8192])
    raise refusal("image" if kind is not None and kind.mime.startswith("image/") else "unsupported")


def decoded(data: bytes) -> str | None:
    """Return the words of a plain text (UTF-8, UTF-16 with its mark, Windows-1252), or nothing for other bytes."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any((sign < " " and sign not in "\t\r\n\f\v") or "\x7f" <= sign <= "\x9f" for sign in text):
            continue
        return None if text[:1024].lstrip().casefold().startswith(_MARKUP) else text
    return None


def opened(data: bytes) -> zipfile.ZipFile:
    """Open an archive whose own list of contents keeps within the limits; nothing is unpacked.

    Raises:
        UnreadableFileError: it is damaged, has a password, or grows too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (BadZipFile, LargeZipFile, NotImplementedError, EOFError, ValueError, OSError, UnicodeDecodeError):
        raise refusal("corrupted") from None
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    grows = unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * max(packed, 1)
    # Parts that claim more bytes than the file has lie over one another: one bomb, counted many times.
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or grows or packed > len(data):
        raise refusal("bomb")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal("encrypted")
    return archive


def _archive(data: bytes) -> str:
    with opened(data) as archive:
        names = {entry.filename.lower() for entry in archive.infolist()}
        if all(part in names for part in _PARTS_OF_WORD):
            if any(name.startswith("word/") for name in names):
                return DOCX
            raise refusal("unsupported")
        if "mimetype" in names and "content.xml" in names:
            raise refusal("odt")
    raise refusal("unsupported")
