"""Word files made by hand, part by part, so that a test can say exactly what is in them."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = (
    'xmlns:w="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
FILLER = "Este parágrafo existe para que o arquivo tenha texto bastante para ser um instrumento."


def p(text: str = "", *, style: str = "", properties: str = "", runs: str = "") -> str:
    """A paragraph of plain text, or of the runs given."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = runs or f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def part(root: str, inner: str, namespace: str = MAIN) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {NAMESPACES.format(main=namespace)}>{inner}</w:{root}>'


def docx(
    body: str,
    *,
    filler: bool = True,
    namespace: str = MAIN,
    main: str = "word/document.xml",
    others: Mapping[str, tuple[str, str]] | None = None,
    prolog: str = "",
) -> bytes:
    """A DOCX file; ``others`` are parts: name -> (kind of relation, XML inside the root of that kind)."""
    roots = {"header": "hdr", "footer": "ftr"}
    document = part("document", f"<w:body>{body}{p(FILLER) if filler else ''}</w:body>", namespace)
    document = document.replace("?>", f"?>{prolog}", 1)
    relations = ""
    parts = {main: document}
    folder = main.rpartition("/")[0]
    for number, (name, (kind, inner)) in enumerate((others or {}).items(), start=1):
        relations += f'<Relationship Id="rId{number}" Type="{KINDS}/{kind}" Target="{name}"/>'
        parts[f"{folder}/{name}"] = part(roots.get(kind, kind), inner, namespace)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    overrides = f'<Override PartName="/{main}" ContentType="{WORD}.document.main+xml"/>'
    for name, (kind, _) in (others or {}).items():
        overrides += f'<Override PartName="/{folder}/{name}" ContentType="{WORD}.{kind}+xml"/>'
    parts["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{KINDS}/officeDocument" Target="{main}"/>'
        "</Relationships>"
    )
    parts[f"{folder}/_rels/{main.rpartition('/')[2]}.rels"] = (
        f'<Relationships xmlns="{package}">{relations}</Relationships>'
    )
    return archive(parts)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file."""
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return raw.getvalue()


def level(depth: int, text: str, shape: str = "decimal", *, start: int = 1, style: str = "", more: str = "") -> str:
    """A level of a list."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{shape}"/>{more}{styled}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def in_list(number: int, depth: int = 0) -> str:
    """The properties of a paragraph in a list."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
