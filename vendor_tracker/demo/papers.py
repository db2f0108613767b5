"""Papers of the demonstration, made when they are needed: small PDF files with text that can be read back.

A PDF needs little: pages of lines in one of the fonts that every reader has. Text is written in Windows-1252, which has
every Portuguese accent.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

LINES_PER_PAGE = 46
WIDTH = 92
_LEFT, _TOP, _LEADING = 64, 770, 15


@dataclass(frozen=True, slots=True)
class Clause:
    """What a signed paper of the demonstration says about one point."""

    text: str
    missing_idea: str = ""
    """What the clause lacks, when it covers the point only in part."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a point stands in a paper, and its words."""

    place: str
    quote: str


def pdf(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a PDF with a title and paragraphs, on as many pages as they take."""
    return _write(_pages([title, "", *paragraphs]))


def _pages(paragraphs: Sequence[str]) -> list[list[str]]:
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += textwrap.wrap(paragraph, WIDTH) or [""]
        if paragraph:
            lines.append("")
    return [lines[start : start + LINES_PER_PAGE] for start in range(0, len(lines), LINES_PER_PAGE)]


def _write(pages: Sequence[Sequence[str]]) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (pt-BR) >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        drawn = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
        stream = b"BT /F1 11 Tf %d TL %d %d Td\n%sET" % (_LEADING, _LEFT, _TOP, drawn)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _escaped(line: str) -> bytes:
    safe = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return safe.encode("cp1252", "replace")


def contract(
    *, title: str, body: str, operator: str, object_: str, signed_on: date, clauses: Mapping[str, Clause]
) -> tuple[bytes, Mapping[str, Passage]]:
    """Return the PDF of a signed instrument and, for each point of ``clauses``, where it stands in it."""
    opening = [
        (
            f"Por este instrumento, {body} e {operator}, por quem os representa, ajustam o que segue, que se "
            "rege pela legislação aplicável e pelas cláusulas seguintes."
        ),
        f"CLÁUSULA PRIMEIRA – DO OBJETO. 1.1. Constitui objeto deste instrumento: {object_}.",
        (
            "CLÁUSULA SEGUNDA – DAS OBRIGAÇÕES. 2.1. O operador executará o objeto com pessoal próprio e qualificado, "
            "nos prazos e na forma do termo de referência, e manterá as condições que o habilitaram."
        ),
        (
            "CLÁUSULA TERCEIRA – DO ACOMPANHAMENTO. 3.1. A execução será acompanhada por gestor e fiscal designados "
            "por portaria, que registrarão as ocorrências e determinarão o que for necessário para regularizá-las."
        ),
        (
            "CLÁUSULA QUARTA – DO PAGAMENTO. 4.1. O pagamento, quando houver, será feito em até trinta dias contados "
            "do recebimento definitivo, mediante apresentação do documento fiscal."
        ),
        "CLÁUSULA QUINTA – DA VIGÊNCIA. 5.1. A vigência é a indicada no preâmbulo, prorrogável na forma da lei.",
        "CLÁUSULA SEXTA – DA PROTEÇÃO DE DADOS PESSOAIS. As partes observarão a Lei nº 13.709/2018 e, em especial:",
    ]
    numbered = {point: f"6.{number}. {clause.text}" for number, (point, clause) in enumerate(clauses.items(), 1)}
    closing = [
        "CLÁUSULA SÉTIMA – DO FORO. 7.1. Fica eleito o foro da Justiça Federal em Brasília.",
        f"Brasília, {signed_on:%d/%m/%Y}. Assinado eletronicamente pelas partes.",
    ]
    pages = _pages([title, "", *opening, *numbered.values(), *closing])
    passages = {
        point: Passage(f"cláusula 6.{number}, página {_page_of(pages, f'6.{number}. ')}", clauses[point].text)
        for number, point in enumerate(numbered, 1)
    }
    return _write(pages), passages


def _page_of(pages: Sequence[Sequence[str]], start: str) -> int:
    return next((number for number, lines in enumerate(pages, 1) if any(line.startswith(start) for line in lines)), 1)
