"""The door of the importers: looks at what a file holds, never at what it is called, and picks the reader."""

from vendor_tracker.importing import contratosgov, pncp
from vendor_tracker.importing.json_source import load_json
from vendor_tracker.importing.rows import ImportFile, UnreadableFile
from vendor_tracker.importing.spreadsheet import read_spreadsheet

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_any(data: bytes, filename: str = "", *, include_empenhos: bool = False) -> ImportFile:
    """Read any file this product imports: PNCP, dadosabertos.compras, Contratos.gov.br, XLSX or CSV.

    ``filename`` only appears in messages. With ``include_empenhos``, notas de empenho become agreements too.

    Raises ``UnreadableFile``, and nothing else, whatever the bytes are.
    """
    if not data.strip():
        raise UnreadableFile("O arquivo está vazio. Confira e envie outra vez.")
    _refuse_known_strangers(data)
    if data[:2] != b"PK" and _looks_like_json(data):
        payload = load_json(data)
        if contratosgov.recognises(payload):
            return contratosgov.read_payload(payload, include_empenhos=include_empenhos)
        return pncp.read_payload(payload, include_empenhos=include_empenhos)
    return read_spreadsheet(data, filename, include_empenhos=include_empenhos)


def _refuse_known_strangers(data: bytes) -> None:
    if data.startswith(_OLE):
        raise UnreadableFile(
            "A planilha está no formato antigo (XLS) ou protegida por senha. Salve-a como XLSX, sem senha, e envie "
            "outra vez."
        )
    if data[:1024].lstrip().startswith(b"%PDF"):
        raise UnreadableFile("O arquivo é um PDF. Envie a planilha (XLSX ou CSV) ou a consulta do PNCP (JSON).")
    if _text_start(data).startswith(b"<"):
        raise UnreadableFile(
            "O arquivo é uma página da internet, não uma consulta. Talvez o serviço estivesse fora do ar; baixe-a "
            "novamente."
        )
    if data.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")):
        raise UnreadableFile("O arquivo está compactado. Extraia o conteúdo e envie só a planilha ou o JSON.")


def _text_start(data: bytes) -> bytes:
    """The first bytes that are neither an encoding mark nor space (nor the zeros of UTF-16)."""
    head = data[:256]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.lstrip(b" \t\r\n\x00")


def _looks_like_json(data: bytes) -> bool:
    return _text_start(data)[:1] in (b"{", b"[")
