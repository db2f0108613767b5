"""The columns of the agreements' spreadsheet: their names, what else people call them, and what goes in each."""

from dataclasses import dataclass
from typing import Literal

from vendor_tracker.importing.values import fold

HELP_MARK = "Preenchimento:"
"""Opens the help line of the model, so that reading it back skips that line even when it was not deleted."""

KIND_CHOICES = (
    "Contrato",
    "Convênio",
    "Termo de cooperação",
    "Termo de compromisso",
    "Congênere",
    "Empenho",
)
REGIME_CHOICES = ("Privado", "Público", "Estrangeiro")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the model spreadsheet."""

    key: str
    title: str
    help: str
    """One Portuguese sentence: what to write there."""
    example: str
    also: tuple[str, ...] = ()
    """Other headers that mean the same, folded: Portuguese ones, and the field names of public APIs."""
    required: bool = False
    holds: Literal["text", "day", "money"] = "text"
    choices: tuple[str, ...] = ()
    width: int = 18


COLUMNS: tuple[Column, ...] = (
    Column(
        "identifier",
        "CNPJ do operador",
        "os 14 caracteres do CNPJ, com ou sem pontuação; para estrangeiro, a identificação no país de origem.",
        "12.ABC.345/01DE-35",
        (
            "cnpj",
            "cnpj fornecedor",
            "cnpj do fornecedor",
            "cnpj contratado",
            "cnpj da contratada",
            "cnpj contratada",
            "cpf cnpj",
            "cnpj cpf",
            "cnpj cpf do fornecedor",
            "cpf cnpj do fornecedor",
            "cnpj operador",
            "ni fornecedor",
            "nifornecedor",
            "identificacao",
            "identificacao do fornecedor",
        ),
        required=True,
        width=22,
    ),
    Column(
        "name",
        "Nome do operador",
        "a razão social como está no instrumento.",
        "Fictícia Serviços de Nuvem Ltda.",
        (
            "operador",
            "fornecedor",
            "nome",
            "nome do fornecedor",
            "nome fornecedor",
            "razao social",
            "razao social do fornecedor",
            "nome razao social",
            "contratada",
            "contratado",
            "empresa",
            "convenente",
            "nomerazaosocialfornecedor",
        ),
        width=36,
    ),
    Column(
        "regime",
        "Regime do operador",
        "Privado, Público ou Estrangeiro; em branco, será sugerido pelo nome.",
        "Privado",
        ("regime", "regime juridico", "natureza juridica", "tipo pessoa", "tipopessoa", "tipo de pessoa"),
        choices=REGIME_CHOICES,
    ),
    Column(
        "country",
        "País do operador",
        "só para operador estrangeiro.",
        "",
        ("pais", "pais de origem", "codigopaisfornecedor", "pais do fornecedor"),
    ),
    Column(
        "kind",
        "Tipo de instrumento",
        "escolha na lista; em branco, será lido como contrato.",
        "Contrato",
        (
            "tipo",
            "instrumento",
            "tipo instrumento",
            "tipo do instrumento",
            "tipo de contrato",
            "tipocontrato",
            "especie",
        ),
        choices=KIND_CHOICES,
        width=22,
    ),
    Column(
        "number",
        "Número do instrumento",
        "com o ano, como está no instrumento.",
        "00004/2026",
        (
            "numero",
            "n",
            "no",
            "contrato",
            "numero contrato",
            "numero do contrato",
            "no contrato",
            "no do contrato",
            "n contrato",
            "n do contrato",
            "numero do acordo",
            "numero do convenio",
            "numero instrumento",
            "numerocontratoempenho",
            "numerocontrato",
        ),
        required=True,
    ),
    Column(
        "year",
        "Ano do instrumento",
        "só quando o número não traz o ano.",
        "",
        ("ano", "ano do contrato", "ano contrato", "anocontrato", "exercicio"),
        width=12,
    ),
    Column(
        "process",
        "Processo SEI",
        "o número do processo administrativo.",
        "01234/2026",
        (
            "processo",
            "sei",
            "processo administrativo",
            "numero do processo",
            "no do processo",
            "numero sei",
            "n processo",
        ),
    ),
    Column(
        "pncp",
        "Nº de controle PNCP",
        "se o instrumento já foi publicado no PNCP.",
        "",
        (
            "pncp",
            "id pncp",
            "numero de controle pncp",
            "numero controle pncp",
            "numero pncp",
            "numerocontrolepncp",
            "numerocontrolepncpcontrato",
            "controle pncp",
        ),
        width=32,
    ),
    Column(
        "unit_code",
        "Código da unidade",
        "o código da unidade responsável (UASG), se houver.",
        "",
        ("unidade codigo", "uasg", "ug", "codigo unidade", "codigounidade", "codigo da ug", "unidade gestora"),
    ),
    Column(
        "unit_name",
        "Unidade responsável",
        "a unidade que acompanha o instrumento.",
        "Secretaria de Tecnologia",
        ("unidade", "nome da unidade", "unidade nome", "setor", "area demandante", "unidade demandante", "nomeunidade"),
        width=28,
    ),
    Column(
        "object",
        "Objeto",
        "o objeto como está no instrumento.",
        "Hospedagem de sistemas em nuvem.",
        ("objeto do contrato", "descricao", "descricao do objeto", "objetocontrato", "objeto do instrumento"),
        width=60,
    ),
    Column(
        "signed",
        "Data de assinatura",
        "dd/mm/aaaa.",
        "15/01/2026",
        ("assinatura", "assinado em", "data da assinatura", "dataassinatura", "dt assinatura"),
        holds="day",
    ),
    Column(
        "starts",
        "Início da vigência",
        "dd/mm/aaaa.",
        "01/02/2026",
        (
            "inicio",
            "inicio vigencia",
            "vigencia inicio",
            "data de inicio",
            "data inicio",
            "inicio de vigencia",
            "data de inicio da vigencia",
            "vigencia inicial",
            "datavigenciainicio",
            "datavigenciainicial",
        ),
        holds="day",
    ),
    Column(
        "ends",
        "Fim da vigência",
        "dd/mm/aaaa; em branco se o prazo for indeterminado.",
        "31/01/2028",
        (
            "fim",
            "termino",
            "fim vigencia",
            "vigencia fim",
            "vigencia ate",
            "vencimento",
            "data de termino",
            "data fim",
            "data final",
            "termino da vigencia",
            "termino vigencia",
            "fim de vigencia",
            "data de fim da vigencia",
            "final da vigencia",
            "vigencia final",
            "vigencia",
            "datavigenciafim",
            "datavigenciafinal",
        ),
        holds="day",
    ),
    Column(
        "value",
        "Valor (R$)",
        "o valor global em reais.",
        "",
        (
            "valor",
            "valor global",
            "valor total",
            "valor do contrato",
            "valor r",
            "valorglobal",
            "valor global r",
            "valor inicial",
        ),
        holds="money",
    ),
    Column(
        "published",
        "Data de publicação",
        "dd/mm/aaaa.",
        "",
        ("publicacao", "publicado em", "data da publicacao", "datapublicacaopncp"),
        holds="day",
    ),
)

BY_KEY = {column.key: column for column in COLUMNS}


def _bare(header: str) -> str:
    return fold(header.replace("º", "").replace("°", "").replace("ª", ""))


_BY_HEADER = {_bare(name): column for column in COLUMNS for name in (column.title, *column.also)}


def column_for(header: str) -> Column | None:
    """The column that a header names, without regard to accents, case, punctuation or a required mark."""
    return _BY_HEADER.get(_bare(header))
