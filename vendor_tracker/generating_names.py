"""Invented names and numbers for registers that exist only to be measured. Nobody here exists.

Everything comes from the random source that is handed in, so the same seed makes the same register.
"""

from collections.abc import Sequence
from random import Random

from contracts.cnpj import Cnpj, cnpj_check_digits

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_FIRST = (
    "Aroeira", "Brisa", "Cumaru", "Delta do Poente", "Encosta", "Farol", "Guarita", "Horizonte Sul", "Ipê-Branco",
    "Jangada", "Lagoa Funda", "Maré Alta", "Nascente", "Ouro Velho", "Pedra Lisa", "Quartzo", "Ribeira", "Serrana",
    "Travessia", "Umbu", "Várzea", "Xique-Xique", "Zênite", "Cerro Azul", "Monte Claro", "Passo Novo", "Rio das Contas",
)  # fmt: skip
_TRADE = (
    "Hospedagem de Sistemas", "Serviços de Informática", "Gestão Documental", "Telecomunicações", "Tecnologia Judicial",
    "Digitalização de Acervos", "Atendimento ao Cidadão", "Medicina do Trabalho", "Benefícios e Refeições",
    "Transcrição de Audiências", "Segurança Patrimonial", "Recrutamento e Estágios", "Capacitação a Distância",
    "Impressão e Reprografia", "Análise de Dados", "Certificação Digital", "Correio Eletrônico", "Assistência à Saúde",
)  # fmt: skip
_FORM = ("Ltda.", "S.A.", "EIRELI", "Ltda. - ME", "Ltda. - EPP", "Cooperativa")
_PUBLIC = (
    "Tribunal Estadual de {}", "Universidade Pública de {}", "Secretaria de Administração de {}",
    "Instituto de Estatística de {}", "Defensoria Pública de {}", "Empresa Pública de Processamento de {}",
)  # fmt: skip
_PLACE = ("Vila Aurora", "Porto Sereno", "Campo Largo do Norte", "Santa Clara do Vale", "Nova Alvorada", "Serra Bonita")
_FOREIGN = ("Northwind Cloud GmbH", "Blue Harbor Analytics Inc.", "Meridian Data Ltd.", "Lumen Archive B.V.")

_GIVEN = (
    "Aline", "Bruno", "Célia", "Davi", "Elisa", "Fábio", "Gilda", "Heitor", "Iara", "João Pedro", "Kátia", "Lúcio",
    "Marina", "Norberto", "Olívia", "Paulo", "Raquel", "Saulo", "Teresa", "Vinícius",
)  # fmt: skip
_FAMILY = (
    "Abrantes", "Bittencourt", "Coutinho", "Dornelles", "Esteves", "Figueira", "Guimarães", "Holanda", "Lacerda",
    "Meireles", "Nóbrega", "Quintanilha", "Rezende", "Sampaio", "Tavares", "Valadares",
)  # fmt: skip

UNITS: Sequence[tuple[str, str, str]] = (
    ("DTI", "Departamento de Tecnologia da Informação", "DTI"),
    ("SGP", "Secretaria de Gestão de Pessoas", "SGP"),
    ("SAD", "Secretaria de Administração", "SAD"),
    ("COIN", "Coordenadoria de Infraestrutura", "COIN"),
    ("SEP", "Secretaria Especial de Programas, Pesquisas e Gestão Estratégica", "SEP"),
    ("DMF", "Departamento de Monitoramento e Fiscalização", "DMF"),
    ("SCS", "Secretaria de Comunicação Social", "SCS"),
    ("OUV", "Ouvidoria", "OUV"),
    ("SAU", "Seção de Assistência à Saúde", "SAU"),
    ("BIB", "Biblioteca e Arquivo", "BIB"),
)
"""Units of an imagined court: code, name, acronym."""

OBJECTS: Sequence[str] = (
    "Hospedagem e sustentação de sistemas processuais em nuvem",
    "Digitalização, indexação e guarda do acervo processual",
    "Central de atendimento ao jurisdicionado por telefone e mensagem",
    "Administração do plano de assistência à saúde dos servidores",
    "Transcrição automática de audiências e sessões",
    "Emissão e validação de certificados digitais",
    "Agenciamento de estágio supervisionado",
    "Fornecimento de cartões de refeição e alimentação",
    "Exames ocupacionais e perícias médicas",
    "Plataforma de ensino a distância para magistrados e servidores",
    "Correio eletrônico e colaboração",
    "Controle de acesso e monitoramento das dependências",
    "Impressão corporativa com bilhetagem por usuário",
    "Intercâmbio de dados estatísticos do Poder Judiciário",
    "Cooperação técnica para o compartilhamento de cadastros",
    "Pesquisa de opinião sobre os serviços judiciários",
)
PURPOSES: Sequence[str] = (
    "Manter disponíveis os sistemas em que tramitam os processos.",
    "Atender quem procura o órgão e acompanhar o que pediu.",
    "Cumprir obrigações trabalhistas e previdenciárias para com servidores.",
    "Produzir estatísticas oficiais do Poder Judiciário.",
    "Controlar quem entra nas dependências do órgão.",
)


def cnpj(random: Random, *, alphanumeric: bool) -> str:
    """Return fourteen valid characters that start with 9, a range scarcely given out; with a letter on demand."""
    if alphanumeric:
        base = "9" + random.choice(_LETTERS) + "".join(random.choices(_DIGITS + _LETTERS, k=10))
    else:
        base = "9" + "".join(random.choices(_DIGITS, k=7)) + "0001"
    return Cnpj(base + cnpj_check_digits(base)).value


def company(random: Random) -> str:
    """Return the name of a company."""
    return f"{random.choice(_FIRST)} {random.choice(_TRADE)} {random.choice(_FORM)}"


def public_body(random: Random) -> str:
    """Return the name of a public body."""
    return random.choice(_PUBLIC).format(random.choice(_PLACE))


def foreign_entity(random: Random, number: int) -> str:
    """Return the name of a foreign company."""
    return f"{random.choice(_FOREIGN)} {number}"


def person(random: Random) -> str:
    """Return the name of a person."""
    return f"{random.choice(_GIVEN)} {random.choice(_FAMILY)} {random.choice(_FAMILY)}"
