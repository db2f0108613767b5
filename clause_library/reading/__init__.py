"""The only reader of files: DOCX, PDF or plain text in, passages with page and position out.

What a file is, is told by its content, never by its name. :func:`read_file` itself guards against hostile files with
limits on size, growth, depth and length; :func:`clause_library.reading.apart.check_apart` also does it in a process of
its own, which is how files that somebody else wrote are to be read.
"""

import hashlib

from clause_library.passages import ReadFile, UnreadableFileError
from clause_library.reading.kinds import DOCX, PDF, recognised
from clause_library.reading.limits import FEWEST_LETTERS, LARGEST_FILE, OCR_OFFER, SENTENCES, refusal
from clause_library.reading.ocr import ocr_available, recognise
from clause_library.reading.texts import Found

__all__ = ["ocr_available", "read_file"]


def read_file(data: bytes, name: str, *, ocr: bool = False) -> ReadFile:
    """Read the text of a file.

    Args:
        data: the bytes of the file.
        name: the name it came with; only kept.
        ocr: have ``ocrmypdf`` recognise the letters of a scan that has no text.

    Raises:
        UnreadableFileError: with the code and the Portuguese sentence of ``limits.SENTENCES``.
    """
    if not data:
        raise refusal("empty")
    if len(data) > LARGEST_FILE:
        raise refusal("too_large")
    media_type = recognised(data)
    found = _found(data, media_type)
    if media_type == PDF and _is_scan(found):
        if not ocr:
            offer = OCR_OFFER if ocr_available() else ""
            raise UnreadableFileError("no_text", SENTENCES["no_text"] + offer)
        found = _found(recognise(data), PDF)
        found.notes.append(
            "O texto foi reconhecido por OCR a partir da imagem e pode ter erros: confira com o original."
        )
    if _is_scan(found):
        raise refusal("no_text" if media_type == PDF else "empty_text")
    return ReadFile(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        pages=found.pages,
        passages=found.passages(),
        notes=tuple(found.notes),
    )


def _found(data: bytes, media_type: str) -> Found:
    # Each of the libraries takes its time to start, and a file needs one of them.
    if media_type == DOCX:
        from clause_library.reading.word import read_docx

        return read_docx(data)
    if media_type == PDF:
        from clause_library.reading.pdf import read_pdf

        return read_pdf(data)
    from clause_library.reading.plain import read_plain

    return read_plain(data)


def _is_scan(found: Found) -> bool:
    """Tell whether there is too little text to be a document; what runs along the pages does not count."""
    letters = 0
    for passage in found.in_text:
        letters += sum(sign.isalpha() for sign in passage.text)
        if letters >= FEWEST_LETTERS:
            return False
    return True
