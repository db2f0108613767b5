"""The documents that the clause library makes: what each is called, and what it is about besides the agreement."""

from collections.abc import Mapping

KIND_NAMES: Mapping[str, str] = {
    "anexo": "Anexo de proteção de dados pessoais",
    "termo-aditivo": "Termo aditivo de proteção de dados pessoais",
    "termo-de-compromisso": "Termo de compromisso de proteção de dados pessoais",
    "requisicao-de-informacoes": "Requisição de informações",
    "plano-de-auditoria": "Plano de auditoria",
    "relatorio-de-auditoria": "Relatório de auditoria",
    "relatorio-de-incidente": "Relatório de incidente",
    "termo-de-devolucao-e-descarte": "Termo de devolução e descarte",
    "compromisso-individual": "Compromisso individual de confidencialidade",
    "carta-ao-operador": "Carta ao operador",
}
"""The documents that can be issued, by their slug in the clause library."""

SUBJECT_OF: Mapping[str, str] = {
    "requisicao-de-informacoes": "request",
    "plano-de-auditoria": "audit",
    "relatorio-de-auditoria": "audit",
    "relatorio-de-incidente": "incident",
    "termo-de-devolucao-e-descarte": "disposal",
    "compromisso-individual": "person",
}
"""What each is about besides the agreement: a request, or a kind of fact by its record slug."""

OF_AGREEMENT: tuple[str, ...] = tuple(kind for kind in KIND_NAMES if kind not in SUBJECT_OF)
"""The documents that are made from the agreement itself, and from no other record."""

LETTER = "carta-ao-operador"
"""The letter that lists what is open under every agreement of the operator; it is made from any of them."""

INSTRUMENTS: tuple[str, ...] = tuple(kind for kind in OF_AGREEMENT if kind != LETTER)
"""The documents that, once signed, are instruments of the agreement."""


def kinds_about(subject: str) -> tuple[str, ...]:
    """Return the documents that can be made about a request or about a kind of fact."""
    return tuple(kind for kind, about in SUBJECT_OF.items() if about == subject)
