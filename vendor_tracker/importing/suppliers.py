"""Who the other party is: legal entity, foreign person, or an individual, whose data this product does not collect."""

import re
from dataclasses import dataclass
from typing import Literal

from contracts.cnpj import Cnpj, CnpjError, is_cpf, mask_cpf_in
from contracts.vocabulary import Regime
from vendor_tracker.importing.rows import NAME_NOT_INFORMED, ImportedOperator
from vendor_tracker.importing.values import echo, fold, plain_text

INDIVIDUAL = (
    "O fornecedor é pessoa física. O nome e o CPF não foram gravados. Se essa pessoa tratar dados pessoais em nome "
    "do órgão, cadastre-a manualmente como operadora."
)
NO_IDENTIFIER = "O fornecedor não tem CNPJ nem outra identificação na fonte."
NAME_BLANK = "A fonte não informa o nome do fornecedor. O acordo foi lido pelo CNPJ; complete o nome do operador."
ZEROS_RESTORED = "O CNPJ perdeu os zeros à esquerda e foi completado. Confira o número."
FOREIGN_NO_ID = "O fornecedor é estrangeiro e a fonte não traz a sua identificação. Cadastre-o manualmente."
GOVERNMENT_UNIT = (
    "O fornecedor está identificado só pelo código da unidade gestora. Cadastre o acordo com o CNPJ do órgão."
)

_MASKED_CPF = re.compile(r"[*xX•]{2,3}\.?[0-9*xX•]{3}\.?[0-9*xX•]{3}-?[*xX•0-9]{2}")


@dataclass(frozen=True, slots=True)
class Supplier:
    """Either an operator, with warnings if any, or the reason why there is none."""

    operator: ImportedOperator | None
    severity: Literal["rejected", "skipped"] | None = None
    reason: str = ""
    read: str = ""
    """What to show of the identifier; never anything of an individual's."""
    warnings: tuple[str, ...] = ()


def read_supplier(
    identifier: object, name: object, kind: object, country: object = None, regime: Regime | None = None
) -> Supplier:
    """Judge one supplier from what the source prints.

    ``kind`` is PJ, PF or PE (or the words of Contratos.gov.br: JURIDICA, FISICA, UG, IDGENERICO); blank or unknown
    means that the identifier decides. A ``regime`` stated by the source is kept; otherwise it is guessed from the name.
    """
    what = _kind(kind)
    known_name = mask_cpf_in(plain_text(name))
    if what == "PF":
        return Supplier(None, "skipped", INDIVIDUAL)
    if what == "UG":
        return Supplier(None, "rejected", GOVERNMENT_UNIT, echo(identifier))
    if what == "PE":
        return _foreign(identifier, known_name, country)
    cnpj, warnings, problem = _cnpj(identifier)
    if problem is not None:
        return problem
    if not known_name:
        known_name, warnings = NAME_NOT_INFORMED, (*warnings, NAME_BLANK)
    operator = ImportedOperator(
        cnpj=cnpj,
        foreign_id=None,
        name=known_name,
        kind="PJ",
        country=plain_text(country, 60) or None,
        regime=regime or guess_regime(known_name),
    )
    return Supplier(operator, warnings=warnings)


def _kind(value: object) -> str:
    word = fold(plain_text(value, 40))
    if word in {"pf", "fisica", "pessoa fisica"}:
        return "PF"
    if word in {"pe", "estrangeira", "estrangeiro", "pessoa estrangeira", "idgenerico"}:
        return "PE"
    return "UG" if word == "ug" else "PJ"


def _foreign(identifier: object, name: str, country: object) -> Supplier:
    foreign_id = mask_cpf_in(plain_text(identifier, 60))
    if not foreign_id:
        return Supplier(None, "rejected", FOREIGN_NO_ID)
    warnings: tuple[str, ...] = (
        () if name else ("A fonte não informa o nome do fornecedor estrangeiro. Complete o nome do operador.",)
    )
    operator = ImportedOperator(
        cnpj=None,
        foreign_id=foreign_id,
        name=name or NAME_NOT_INFORMED,
        kind="PE",
        country=plain_text(country, 60) or None,
        regime=Regime.FOREIGN,
    )
    return Supplier(operator, warnings=warnings)


def _cnpj(identifier: object) -> tuple[str, tuple[str, ...], Supplier | None]:
    """A CNPJ of 14 characters with its warnings, or the reason why the row has none."""
    text = plain_text(identifier, 60)
    bare = re.sub(r"[.\-/\s]", "", text).upper()
    if not bare:
        return "", (), Supplier(None, "rejected", NO_IDENTIFIER)
    if _MASKED_CPF.fullmatch(text):
        return "", (), Supplier(None, "skipped", INDIVIDUAL)
    if len(bare) == 14:
        try:
            return Cnpj.parse(bare).value, (), None
        except CnpjError as error:
            return "", (), Supplier(None, "rejected", str(error), echo(text))
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 14:
        return "", (), Supplier(None, "rejected", "O CNPJ tem 14 caracteres, algarismos ou letras.", echo(text))
    # Spreadsheets and some feeds keep the CNPJ as a number and lose its zeros; 11 digits may then be a CPF as well.
    padded = parse_cnpj(bare.zfill(14)) if len(bare) >= 8 else None
    individual = len(bare) <= 11 and is_cpf(bare.zfill(11))
    if padded is not None and not individual:
        return padded, (ZEROS_RESTORED,), None
    if individual and padded is None and len(bare) >= 9:
        return "", (), Supplier(None, "skipped", INDIVIDUAL)
    reason = (
        f"A identificação tem {len(bare)} dígitos, e o CNPJ tem 14. Se ela veio de uma planilha, formate a coluna como "
        "texto para manter os zeros à esquerda."
    )
    return "", (), Supplier(None, "rejected", reason, "" if individual or len(bare) == 11 else echo(text))


def parse_cnpj(value: object) -> str | None:
    """The 14 characters of a valid CNPJ, or None."""
    text = plain_text(value, 40)
    try:
        return Cnpj.parse(text).value if text else None
    except CnpjError:
        return None


_PUBLIC = re.compile(
    r"^(?:municipio|prefeitura|estado|governo|uniao federal|distrito federal|ministerio|secretaria|tribunal"
    r"|superior tribunal|supremo tribunal|conselho nacional de justica|conselho nacional do ministerio publico"
    r"|conselho da justica federal|universidade (?:federal|estadual|municipal|do estado|de brasilia)"
    r"|fundacao universidade|instituto federal|advocacia geral|defensoria publica|procuradoria"
    r"|camara (?:dos deputados|municipal|legislativa)|senado federal|assembleia legislativa|policia"
    r"|departamento (?:de|estadual|nacional|penitenciario)|agencia nacional|fundo nacional|instituto nacional"
    r"|imprensa nacional|controladoria)\b"
)
_STATE_COMPANY = re.compile(
    r"\b(?:serpro|servico federal de processamento de dados|dataprev|ebc|empresa brasil de comunicacao"
    r"|correios e telegrafos|caixa economica federal|banco do brasil|bb tecnologia|bndes|petrobras|telebras|infraero"
    r"|embrapa|casa da moeda)\b"
)
_PRIVATE = re.compile(
    r"\b(?:s a|sa|s s|mei|epp|me|cia|comercio|servicos|consultoria|cooperativa|seguradora|editora)$"
    r"|\b(?:ltda|eireli|companhia de seguros)\b|^(?:associacao|cooperativa|companhia)\b"
)


def guess_regime(name: str) -> Regime | None:
    """Public or private, when the name says so; None otherwise.

    State companies give None: which regime they follow depends on whether they compete in the market or carry out a
    public policy (LGPD, art. 24), and a name cannot tell.
    """
    folded = fold(name)
    if _STATE_COMPANY.search(folded):
        return None
    if _PUBLIC.search(folded):
        return Regime.PUBLIC
    return Regime.PRIVATE if _PRIVATE.search(folded) else None
