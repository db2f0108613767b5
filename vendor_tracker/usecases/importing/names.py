"""What the parts of an import are called, in this code and to its readers."""

from collections.abc import Mapping

SOURCE_NAMES: Mapping[str, str] = {
    "pncp": "PNCP",
    "dadosabertos": "Compras.gov.br (dados abertos)",
    "contratosgov": "Contratos.gov.br",
    "spreadsheet": "planilha",
}

OUTCOMES = ("create", "update", "unchanged", "skipped", "rejected")
ATTENTION = ("rejected", "update", "create", "skipped", "unchanged")
"""The order of a page: what needs a person first."""
OWNED = ("sei_process", "object", "signed_on", "published_on", "starts_on", "ends_on", "value")
"""The fields that a source says. Everything else on an agreement was told by people, and no import touches it."""

FIELD_NAMES: Mapping[str, str] = {
    "sei_process": "processo",
    "object": "objeto",
    "signed_on": "data de assinatura",
    "published_on": "data de publicação",
    "starts_on": "início da vigência",
    "ends_on": "fim da vigência",
    "ended_on": "encerramento",
    "value": "valor",
    "operator_name": "nome do operador",
    "pncp_id": "número de controle do PNCP",
}
TERM_NAMES: Mapping[str, str] = {
    "aditivo": "Termo aditivo",
    "apostilamento": "Termo de apostilamento",
    "rescisao": "Termo de rescisão",
}


def imported_from(source: str) -> str:
    """Return the reason of a revision that an import made."""
    return f"Importado: {SOURCE_NAMES[source]}"


def updated_from(source: str) -> str:
    """Return the reason of a revision that a later import made."""
    return f"Atualizado pela fonte: {SOURCE_NAMES[source]}"
