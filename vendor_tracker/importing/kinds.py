"""Which kind of agreement a source's own word or number stands for."""

from contracts.vocabulary import AgreementKind
from vendor_tracker.importing.values import fold

EMPENHO = "empenho"

_PNCP_KINDS: dict[int, AgreementKind] = {
    1: AgreementKind.CONTRATO,  # Contrato (termo inicial).
    2: AgreementKind.CONTRATO,  # Comodato.
    3: AgreementKind.CONTRATO,  # Arrendamento.
    4: AgreementKind.CONTRATO,  # Concessão.
    5: AgreementKind.CONTRATO,  # Termo de adesão.
    6: AgreementKind.CONVENIO,
    7: AgreementKind.CONTRATO,  # Empenho com força de contrato (Lei 14.133, art. 95).
    8: AgreementKind.CONGENERE,  # Outros.
    9: AgreementKind.CONGENERE,  # Termo de execução descentralizada.
    10: AgreementKind.TERMO_COOPERACAO,  # Acordo de cooperação técnica.
    11: AgreementKind.TERMO_COMPROMISSO,
    12: AgreementKind.CONTRATO,  # Carta-contrato.
}
"""The PNCP's domain table "tipo de contrato"."""

# The first word found decides, so the narrower ones stand first: a "termo de cooperação" may speak of a contract.
_WORDS: tuple[tuple[str, AgreementKind], ...] = (
    ("cooperacao", AgreementKind.TERMO_COOPERACAO),
    ("compromisso", AgreementKind.TERMO_COMPROMISSO),
    ("convenio", AgreementKind.CONVENIO),
    ("congenere", AgreementKind.CONGENERE),
    ("execucao descentralizada", AgreementKind.CONGENERE),
    ("protocolo de intencoes", AgreementKind.CONGENERE),
    ("termo de fomento", AgreementKind.CONGENERE),
    ("termo de colaboracao", AgreementKind.CONGENERE),
    ("termo de parceria", AgreementKind.CONGENERE),
    ("memorando de entendimento", AgreementKind.CONGENERE),
    ("contrato", AgreementKind.CONTRATO),
    (EMPENHO, AgreementKind.CONTRATO),
    ("comodato", AgreementKind.CONTRATO),
    ("arrendamento", AgreementKind.CONTRATO),
    ("locacao", AgreementKind.CONTRATO),
    ("concessao", AgreementKind.CONTRATO),
    ("credenciamento", AgreementKind.CONTRATO),
    ("adesao", AgreementKind.CONTRATO),
    ("outros", AgreementKind.CONGENERE),
)
_SHORT = {
    "act": AgreementKind.TERMO_COOPERACAO,
    "ted": AgreementKind.CONGENERE,
    "mou": AgreementKind.CONGENERE,
}


def kind_of(name: str, number: object = None) -> AgreementKind | None:
    """The kind for a name or, failing that, for the PNCP's number; None when neither is known."""
    folded = fold(name)
    if folded in _SHORT:
        return _SHORT[folded]
    for word, kind in _WORDS:
        if word in folded:
            return kind
    if isinstance(number, str) and number.strip().isascii() and number.strip().isdigit():
        number = int(number[:6])
    return _PNCP_KINDS.get(number) if isinstance(number, int) and not isinstance(number, bool) else None


def is_empenho(name: str, number: object = None) -> bool:
    """Whether the record is a nota de empenho rather than an instrument that two parties sign."""
    return fold(name).startswith(EMPENHO) or (not name and str(number).strip() == "7")
