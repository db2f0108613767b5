"""Small real files for tests that hand something in: a PDF, a Word file, a picture, an archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile


def pdf(text: str = "Contrato assinado") -> bytes:
    """Return a PDF of one page that pypdf and browsers open; ``text`` makes its bytes its own."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": text})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(text: str = "Cláusula primeira") -> bytes:
    """Return a Word file with one paragraph."""
    from docx import Document

    document = Document()
    document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    """Return a spreadsheet with one cell."""
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = "Inciso"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def archive(entries: dict[str, bytes], *, compression: int = ZIP_DEFLATED) -> bytes:
    """Return a zip with these entries."""
    out = BytesIO()
    with ZipFile(out, "w", compression) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def png() -> bytes:
    """Return a picture of one dot."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d4944415478da63f8cfc0f01f0005000201a5d7b1c60000000049454e44ae426082"
    )


def multipart(fields: dict[str, str], name: str, data: bytes) -> dict[str, Any]:
    """Return what a test client needs to send a large file; its own encoder would leave a temporary file open."""
    parts = [
        f'--corte\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--corte\r\nContent-Disposition: form-data; name="arquivo"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*parts, head, data, b"\r\n--corte--\r\n"])
    return {
        "input_stream": BytesIO(body),
        "content_length": len(body),
        "content_type": "multipart/form-data; boundary=corte",
    }


@contextmanager
def acting(actor: Any) -> Iterator[Any]:
    """Open an act whose trail line the test writes by itself."""
    from vendor_tracker.usecases.work import act

    with act(actor) as work:
        yield work
        work.trail("test", "test", None, f"Ensaio em {datetime.now(UTC):%d/%m/%Y}.")


def signed_paper(make: Any, agreement_id: int, readings: dict[str, str], *, days_ago: int = 30, **fields: Any) -> int:
    """Put a signed paper on record with confirmed readings (point -> coverage slug); returns its lineage."""
    from datetime import timedelta

    from contracts.vocabulary import Coverage, InstrumentKind
    from vendor_tracker import clock
    from vendor_tracker.store.tables import CoverageReading, Instrument

    moment = fields.pop("recorded_at", datetime.now(UTC) - timedelta(hours=1))
    values = {
        "kind": InstrumentKind.ORIGINAL,
        "title": "Contrato",
        "signed_on": clock.today() - timedelta(days=days_ago),
        "signed_by_both": True,
        **fields,
    }
    paper = make.add(Instrument(agreement_id=agreement_id, recorded_at=moment, **values))
    for point, coverage in readings.items():
        partial = coverage == "partial"
        make.add(
            CoverageReading(
                instrument_lineage=paper.id,
                point=point,
                coverage=Coverage(coverage),
                place="" if coverage == "missing" else "cláusula 12",
                missing_idea="Não diz quem atende fora do expediente" if partial else "",
                recorded_at=moment,
            )
        )
    return int(paper.id)
