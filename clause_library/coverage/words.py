"""Words as the reader compares them: folded (no case, no accents) and stemmed, with their place in the passage."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

BLANK = "@em_branco"
"""The folded form of a field left to be filled in: "____", "{{PRAZO}}", "[●]"."""

FUNCTION_WORDS = frozenset(
    "a o as os ao aos da de do das dos e em na no nas nos um uma se lhe lhes que qualquer quaisquer toda todo "
    "todas todos para por pela pelo pelas pelos sua seu suas seus esta este essa esse desta deste ou eventual "
    "eventuais respectivo respectiva respectivos respectivas imediata quanto".split()
)
"""Words that may stand between two words of an entry: "registro operações" reads "registro das operações"."""

_TOKEN = re.compile(
    r"\{\{[^{}]{0,60}\}\}"
    r"|_{2,}"
    r"|\[\s*(?:[^\w\[\]]{0,20}|[xX]{1,5}"
    r"|(?:inserir|preencher|definir|indicar|informar|prazo|n[ºo°.]+)[^\[\]]{0,40})\s*\]"
    r"|<\s*(?:inserir|preencher|definir|indicar|informar|prazo)[^<>]{0,40}>"
    r"|\.{5,}|…{2,}"
    r"|[^\W_](?:[^\W_]|[\u0300-\u036f])*"
)
_LONG_X = re.compile(r"^x{2,}$")
_UNIT_WORDS = ("hora", "dia", "util", "minuto", "mes", "semana")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower-case the word and take its accents off: "Notificação" gives "notificacao"."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_STEMMER = snowballstemmer.stemmer("portuguese")
_RESTORED = (
    ("cao", "ção"),
    ("coes", "ções"),
    ("sao", "são"),
    ("soes", "sões"),
    ("arao", "arão"),
    ("erao", "erão"),
    ("irao", "irão"),
    ("encia", "ência"),
    ("encias", "ências"),
    ("aveis", "áveis"),
    ("iveis", "íveis"),
    ("avel", "ável"),
    ("ivel", "ível"),
)


_KEPT_APART = """
colaborador colaboradora colaboradores colaboradoras | prestador prestadora prestadores prestadoras
garantia garantias | relativo relativos relativa relativas | criterio criterios | artigo artigos
contratante contratantes | contratada contratadas contratado contratados | contrato contratos
contratual contratuais | controlador controladora controladores controladoras | controle controles
operador operadora operadores operadoras | operacao operacoes | equipe equipes | equipamento equipamentos
grave graves | provavel provaveis | medida medidas | comando comandos | como | pedido pedidos
exclusivo exclusiva exclusivos exclusivas exclusivamente exclusividade | informacao informacoes | pessoal
pessoa pessoas | pessoais | segurado segurados segurada seguradas | seguradora seguradoras
empregado empregados empregada empregadas | emprego | titular titulares | aplicativo aplicativos
integrante integrantes | integridade | autor autores autora autoras | autoria | autoridade autoridades
relatorio relatorios | perdas | necessidade necessidades | documento documentos | autos | auto | casa casas | foro
forem | parte partes | nota notas | seguro | segura seguros seguras | dado dados | cabo | fora
compromissaria compromissario | compromisso compromissos | importante importantes | publico publica | papel papeis
objeto objetos | objetivo objetivos | final finais | finalidade finalidades | ativo ativos | atividade atividades
circunstanciado circunstanciada circunstanciados | circunstancia circunstancias | acidente acidentes | consideravel
termino | termo termos | historico historicos historica | processo processos | servico servicos
servidor servidores | senha senhas | monitor monitores | monitoramento | gestor gestores | gestora gestoras
responsavel responsaveis | responsabilidade | responsabilidades | provedor provedora | direito direitos
direto direta | diretamente | presenca | conforme | com | conformidade | data datas | publicacao
declaracao declaracoes | prova provas | ordem ordens | uso usos | fato fatos | estado estados | base bases
nome nomes | caso casos | pena penas | hora horas | dia dias | mes meses | natureza | licito licitos
tecnico tecnicos | tecnica tecnicas | comissao comissoes | cadeia cadeias | cada | leve leves | lado | logo
material materiais | cooperado cooperados cooperada cooperadas | cooperativa cooperativas
"""
_KEPT = {
    word: group.split()[0] for line in _KEPT_APART.splitlines() for group in line.split("|") for word in group.split()
}
"""Words that the stemmer would melt into others that mean something else ("contratante", "contratada", "contrato").
Each group keeps its own stem."""


@lru_cache(maxsize=65536)
def stem(folded: str) -> str:
    """Stem a folded word.

    The Snowball stemmer knows endings by their accents; a text may have lost them. So the commonest endings get them
    back first, and a word gives the same stem with and without accents.
    """
    kept = _KEPT.get(folded)
    if kept is not None:
        return f"={kept}"
    for ending, accented in _RESTORED:
        if folded.endswith(ending) and len(folded) > len(ending) + 1:
            folded = folded[: -len(ending)] + accented
            break
    return fold(_STEMMER.stemWord(folded))


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a passage: its folded form, where it stands, and how it is written (accents composed)."""

    folded: str
    start: int
    end: int
    raw: str


def tokens_of(text: str, offset: int = 0) -> list[Token]:
    """Cut a text into words and blanks, in order, with their offsets, to which ``offset`` is added."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        folded = fold(raw) if raw[0].isalnum() else BLANK
        composed = raw if raw.isascii() else unicodedata.normalize("NFC", raw)
        found.append(Token(folded, match.start() + offset, match.end() + offset, composed))
    for index in range(len(found) - 1):
        # "XX horas" leaves a term open; "inciso XX" does not.
        if (
            found[index].folded[0] == "x"
            and _LONG_X.match(found[index].folded)
            and (found[index].folded == found[index + 1].folded or found[index + 1].folded.startswith(_UNIT_WORDS))
        ):
            token = found[index]
            found[index] = Token(BLANK, token.start, token.end, token.raw)
    return found
