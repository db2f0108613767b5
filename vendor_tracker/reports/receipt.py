"""The receipt of an answer as a PDF: what was delivered, when, by whom, and how anybody can verify it.

Everything on it comes from the receipt's own frozen content and from the letterhead of the day it was first made;
nothing that may change afterwards is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from vendor_tracker.clock import SAO_PAULO
from vendor_tracker.reports.letters import Letterhead, place
from vendor_tracker.reports.typesetting import drawable_text, is_drawn, typeset
from vendor_tracker.wording.filters import cnpj, exact_moment, file_size, lower_first, plain_day, sentence_case
from vendor_tracker.wording.plurals import counted

MEDIA_TYPE = "application/pdf"
CODED = (
    "Há na resposta sinais que a letra deste documento não desenha; cada um aparece pelo seu código, como [U+1F600]. O "
    "conteúdo exato está no arquivo de conferência do recibo."
)


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A receipt to be set: its frozen ``content``, its verification code and the address where that is verified."""

    content: Mapping[str, object]
    submitted_at: datetime
    sha256: str
    code: str
    verify_url: str


def file_name(protocol: str) -> str:
    """Return the name under which the PDF of a receipt is handed out."""
    return f"recibo-{protocol}.pdf"


def receipt_pdf(paper: ReceiptPaper, head: Letterhead) -> bytes:
    """Return the receipt as PDF; raises :class:`~vendor_tracker.reports.typesetting.TypesettingError`."""
    pictures = {"qr": _qr(paper.verify_url)}
    return typeset("receipt", receipt_data(paper, head), made_at=paper.submitted_at, pictures=pictures)


def receipt_data(paper: ReceiptPaper, head: Letterhead) -> dict[str, object]:
    """Return what the template of a receipt reads."""
    content = paper.content
    protocol, operator = str(content["protocolo"]), str(content["operador"])
    due_on = date.fromisoformat(str(content["prazo"]))
    local = paper.submitted_at.astimezone(SAO_PAULO)
    late = local.date() > due_on
    items = [_item(entry) for entry in _list(content["itens"])]
    files = sum(len(_list(entry["arquivos"])) for entry in _list(content["itens"]))
    identified = f"{operator}, CNPJ\u00a0{cnpj(content['cnpj'])}" if content["cnpj"] else operator
    position = str(content["cargo"])
    facts = [
        ("Recebida em", sentence_case(exact_moment(paper.submitted_at))),
        ("Prazo", f"{plain_day(due_on)}, {'entregue depois do prazo' if late else 'entregue no prazo'}"),
        ("Requisição", f"{content['requisicao']}, {content['acordo']}"),
        ("Operador", identified),
        (
            "Enviada por",
            f"{content['enviada_por']}, {lower_first(position)}" if position else str(content["enviada_por"]),
        ),
        ("Itens", f"{counted(len(items), 'item', 'itens')}, {counted(files, 'arquivo', 'arquivos', 'nenhum arquivo')}"),
        ("Código de verificação", paper.code),
    ]
    return {
        "title": f"Recibo {protocol}",
        "organisation": head.body_name,
        "department": "Portal do operador de dados pessoais",
        "made": [local.year, local.month, local.day, local.hour, local.minute, local.second],
        "opening": (
            f"O {head.body_name} recebeu, pelo portal do operador, a resposta de {operator} à requisição "
            f"{content['requisicao']}, feita com fundamento no art. 14 da Portaria Presidência CNJ nº\u00a0369/2025."
        ),
        "protocol": protocol,
        "code": paper.code,
        "facts": facts,
        "sha256": paper.sha256,
        "items": items,
        "note": CODED if _coded(items) else "",
        "qr_alt": f"Código QR do endereço de verificação, {paper.verify_url}",
        "verify_url": paper.verify_url,
    }


def _item(entry: Mapping[str, object]) -> dict[str, object]:
    return {
        "heading": f"{entry['posicao']}. {entry['titulo']}",
        "place": sentence_case(place(str(entry["inciso"]))),
        "question": str(entry["pergunta"]),
        "answer": str(entry["resposta"]),
        "cannot": str(entry["nao_consegue_entregar"]),
        "files": [
            {"name": str(file["nome"]), "size": file_size(int(str(file["tamanho"]))), "sha256": str(file["sha256"])}
            for file in _list(entry["arquivos"])
        ],
    }


def _coded(value: object) -> bool:
    """Tell whether some sign in the data had to be written by its code."""
    if isinstance(value, str):
        return any(not is_drawn(sign) and drawable_text(sign).startswith("[U+") for sign in set(value))
    if isinstance(value, Mapping):
        return any(map(_coded, value.values()))
    return isinstance(value, list) and any(map(_coded, value))


def _qr(address: str) -> str:
    """Return a QR code as SVG."""
    import segno  # Drawing codes is needed for papers only.

    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, dark="#1a1f21")
    return out.getvalue().decode()


def _list(value: object) -> list[dict[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
