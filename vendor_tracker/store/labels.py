"""How records are named wherever they are pointed to."""

from collections.abc import Mapping

from contracts.vocabulary import AgreementKind

KIND_WORDS: Mapping[AgreementKind, str] = {
    AgreementKind.CONTRATO: "Contrato",
    AgreementKind.CONVENIO: "Convênio",
    AgreementKind.TERMO_COOPERACAO: "Termo de cooperação",
    AgreementKind.TERMO_COMPROMISSO: "Termo de compromisso",
    AgreementKind.CONGENERE: "Instrumento",
    AgreementKind.NONE: "Compartilhamento",
}
"""How the label of an agreement begins; the number follows."""


def agreement_label(kind: AgreementKind, number: str) -> str:
    """Name an agreement as every record pointer does: "Contrato 00004/2023"."""
    return f"{KIND_WORDS[kind]} {number}".strip()
