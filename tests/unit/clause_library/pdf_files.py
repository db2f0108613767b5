"""PDF files made for a test: set by typst, or written by hand, operator by operator."""

from collections.abc import Sequence

import typst

LOREM = (
    "A CONTRATADA comunicará ao CONTRATANTE, de imediato e por escrito, qualquer incidente de segurança que envolva dados "
    "pessoais, com a descrição da natureza dos dados afetados, dos titulares envolvidos, das medidas técnicas e "
    "administrativas adotadas e dos riscos relacionados ao incidente, sem prejuízo das demais obrigações deste contrato."
)


def typeset(markup: str, *, hyphenate: bool = False, columns: int = 1, justify: bool = True, more: str = "") -> bytes:
    """A PDF file set by typst in Portuguese, A4."""
    head = (
        f'#set page(paper: "a4", margin: 2.5cm, columns: {columns})\n'
        f'#set text(lang: "pt", region: "br", size: 11pt, hyphenate: {str(hyphenate).lower()})\n'
        f"#set par(justify: {str(justify).lower()})\n{more}\n"
    )
    return bytes(typst.compile((head + markup).encode(), format="pdf", ignore_system_fonts=True))


def written(pages: Sequence[str], *, page: str = "") -> bytes:
    """A PDF file of content streams, in Helvetica; ``page`` goes into each page's dictionary."""
    count = len(pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{4 + 2 * at} 0 R' for at in range(count))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, stream in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page} /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * at} 0 R >>"
        )
        data = stream.encode("cp1252")
        objects.append(f"<< /Length {len(data)} >>\nstream\n{data.decode('latin-1')}\nendstream")
    return assembled(objects)


def assembled(objects: Sequence[str]) -> bytes:
    """A PDF file of these objects, counted from 1; the first is its catalogue."""
    raw = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(raw))
        raw += f"{number} 0 obj\n{each}\nendobj\n".encode("latin-1")
    start = len(raw)
    raw += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        raw += f"{place:010d} 00000 n \n".encode()
    raw += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(raw)


def shown(x: float, y: float, text: str, size: float = 11) -> str:
    """Words at a place, in points from the lower left corner."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n"
