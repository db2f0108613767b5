"""What the fields of an agreement are called, and how their values are printed in histories and summaries."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from babel import Locale

from vendor_tracker.wording.filters import day, join_and, lower_first, money
from vendor_tracker.wording.labels import NOT_INFORMED, label

FIELD_LABELS: Mapping[str, str] = {
    "sei_process": "Processo",
    "object": "Objeto",
    "signed_on": "Assinatura",
    "published_on": "Publicação",
    "starts_on": "Início da vigência",
    "ends_on": "Fim da vigência",
    "ended_on": "Encerrado em",
    "end_reason": "Motivo do encerramento",
    "value": "Valor",
    "role": "Papel no tratamento",
    "role_justification": "Justificativa do papel",
    "role_approved_by": "Papel aprovado por",
    "role_approved_on": "Papel aprovado em",
    "dispensation_ground": "Dispensa",
    "dispensation_detail": "Fundamento da dispensa",
    "dispensation_by": "Dispensa decidida por",
    "dispensation_on": "Dispensa decidida em",
    "purpose": "Finalidade",
    "public_function": "Função judicial ou política pública",
    "legal_basis": "Base legal",
    "guarantees": "Garantias aos titulares",
    "subject_access": "Acesso do titular",
    "reviewed_on": "Última revisão dos dados",
    "data_categories": "Categorias de dados",
    "subject_groups": "Titulares",
    "sensitive": "Dados sensíveis",
    "children": "Crianças e adolescentes",
    "judicial_secrecy": "Segredo de justiça",
    "volume": "Quantidade de titulares",
    "international_transfer": "Transferência internacional",
    "transfer_countries": "Países de destino",
    "system_access": "Acesso a sistemas do órgão",
    "external_hosting": "Hospedagem fora do órgão",
    "uses_sub_operators": "Suboperadores",
    "nobody_has_access": "Ninguém do operador tem acesso",
    "raised_exposure": "Exposição elevada",
    "raised_exposure_reason": "Motivo da elevação",
    "incident_term_hours": "Prazo para comunicar incidentes (horas)",
    "assistance_term_days": "Prazo de auxílio (dias úteis)",
    "disposal_term_days": "Prazo de descarte (dias)",
    "secret": "Acesso restrito",
    "secrecy_ground": "Fundamento da restrição",
}
"""What each field of a revision is called."""

MISSING_LABELS: Mapping[str, str] = {
    "role": "papel no tratamento",
    "purpose": "finalidade",
    "legal_basis": "base legal",
    "public_function": "função judicial ou política pública",
    "data_categories": "categorias de dados",
    "subject_groups": "titulares",
    "sensitive": "dados sensíveis",
    "children": "crianças e adolescentes",
    "judicial_secrecy": "segredo de justiça",
    "volume": "quantidade de titulares",
    "international_transfer": "transferência internacional",
    "system_access": "acesso a sistemas",
    "external_hosting": "hospedagem",
    "uses_sub_operators": "suboperadores",
    "guarantees": "garantias aos titulares",
    "subject_access": "acesso do titular",
    "gestor": "gestor do contrato",
    "fiscal": "fiscal do contrato",
    "preposto": "preposto com e-mail",
}
"""What is still to be completed, as it follows "Falta informar"."""

STAGE_LABELS: Mapping[str, str] = {
    "in_force": "Em vigor",
    "ending": "Terminado, descarte a provar",
    "future": "Ainda não começou",
    "closed": "Encerrado",
    "": "Ainda não avaliado",
}
"""Where an agreement is in its life."""

SOURCE_LABELS: Mapping[str, str] = {
    "manual": "registro manual",
    "pncp": "PNCP",
    "dadosabertos": "Compras.gov.br",
    "contratosgov": "Contratos.gov.br",
    "spreadsheet": "planilha",
}
"""From where a record came."""

TERM_LABELS: Mapping[str, str] = {
    "aditivo": "Termo aditivo",
    "apostilamento": "Apostilamento",
    "rescisao": "Rescisão",
}
"""The terms that sources list."""

UNKNOWN_COUNTRY = "ZZ"


def countries() -> tuple[tuple[str, str], ...]:
    """Return (code, Portuguese name) of every country, Brazil first, then by name; the last says that it is unknown."""
    names = Locale("pt", "BR").territories
    listed = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    known = [pair for pair in listed if pair[0] not in {"BR", "EU", "UN", "EZ", "QO", "XA", "XB", UNKNOWN_COUNTRY}]
    return (
        ("BR", names["BR"]),
        *sorted(known, key=lambda pair: _folded(pair[1])),
        (UNKNOWN_COUNTRY, "País não informado"),
    )


def _folded(name: str) -> str:
    return name.casefold().translate(str.maketrans("áàâãéêíóôõúç", "aaaaeeiooouc"))


def country(code: str) -> str:
    """Return a country's Portuguese name."""
    if code == UNKNOWN_COUNTRY:
        return "País não informado"
    return str(Locale("pt", "BR").territories.get(code, code))


def shown(value: object) -> str:
    """Return any value of a field as it is printed; what nobody has told us is "não informado"."""
    match value:
        case None | "" | ():
            return NOT_INFORMED
        case bool():
            return "sim" if value else "não"
        case StrEnum():
            return label(value)
        case date():
            return day(value)
        case Decimal():
            return money(value)
        case tuple() | list():
            # The words of a list run on, so that only the whole begins with a capital, where it begins a line.
            return join_and(lower_first(shown(each)) for each in value)
        case _:
            return str(value)
