"""What the program finds by itself: terms in hours and days, blanks, addresses, and threats to be guarded against."""

from collections.abc import Mapping

from clause_library.coverage.matching import Span
from clause_library.coverage.provisions import Document
from clause_library.coverage.words import BLANK

_SMALL = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
    "nove": 9, "dez": 10, "onze": 11, "doze": 12, "treze": 13, "quatorze": 14, "catorze": 14, "quinze": 15,
    "dezesseis": 16, "dezessete": 17, "dezoito": 18, "dezenove": 19, "vinte": 20, "trinta": 30, "quarenta": 40,
    "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80, "noventa": 90, "cem": 100, "cento": 100,
}  # fmt: skip
_HOURS = {"hora": 1.0, "horas": 1.0, "h": 1.0, "hs": 1.0, "hrs": 1.0, "dia": 24.0, "dias": 24.0, "minuto": 1 / 60,
          "minutos": 1 / 60, "min": 1 / 60, "semana": 168.0, "semanas": 168.0, "quinzena": 360.0, "mes": 720.0,
          "meses": 720.0, "ano": 8760.0, "anos": 8760.0}  # fmt: skip
_WORKING = frozenset({"util", "uteis", "expediente", "comercial", "comerciais"})
SHORT_HOURS = 24.0
"""Up to this the criteria call a communication immediate."""
_RETENTION_HOURS = 4320.0


def terms(document: Document) -> Mapping[str, list[Span]]:
    """Find the terms.

    Returns:
        By name: ``@prazo`` (all but years and blanks), ``@prazo_curto`` (at most 24 running hours), ``@prazo_longo``,
        ``@prazo_util`` (in working hours or days), ``@prazo_em_branco``, ``@em_branco`` (any blank),
        ``@endereco`` (an e-mail address).
    """
    found: dict[str, list[Span]] = {
        name: []
        for name in (
            "@prazo",
            "@prazo_curto",
            "@prazo_longo",
            "@prazo_util",
            "@prazo_em_branco",
            "@em_branco",
            "@endereco",
        )
    }
    words, sentence_of = document.folded, document.sentence_of
    at_signs = any("@" in passage.text for passage in document.passages)
    for position, word in enumerate(words):
        if word == BLANK:
            found["@em_branco"].append((position, position + 1))
        if at_signs and _at_sign(document, position):
            found["@endereco"].append((position, position + 2))
        sticky = _sticky(word) if word[0].isdigit() else None
        unit = sticky[1] if sticky is not None else _HOURS.get(word)
        if unit is None:
            if word == BLANK and _names_a_term(document, position):
                found["@prazo_em_branco"].append((position, position + 1))
            continue
        first, amount, blank = _amount(words, sentence_of, position) if sticky is None else (position, sticky[0], False)
        if blank:
            found["@prazo_em_branco"].append((first, position + 1))
            continue
        if amount is None:
            continue
        last = position + 1
        end = document.sentences[sentence_of[position]].last
        working = any(following in _WORKING for following in words[last : min(end, last + 2)])
        hours = amount * unit
        if hours >= _RETENTION_HOURS:
            continue
        span = (first, last + (1 if working else 0))
        found["@prazo"].append(span)
        if working:
            found["@prazo_util"].append(span)
        if working or hours > SHORT_HOURS:
            found["@prazo_longo"].append(span)
        else:
            found["@prazo_curto"].append(span)
    return found


_GUARDED = (
    "proteg",
    "resguard",
    "salvaguard",
    "seguran",
    "defes",
    "defend",
    "medida",
    "protec",
    "cerc",
    "guard",
    "blind",
)
_ALWAYS_THREATENS = frozenset({"acidentais", "acidental", "ilicitas", "ilicita"})
_THREATENS = frozenset({"contra", "prevenir", "evitar", "impedir", "prevencao"}) | _ALWAYS_THREATENS
_ENDS_THREAT = ("comunic", "notific", "avis", "inform", "cientific", "devend", "obrig", "elimin", "apagar", "caso")
_THREAT_REACH = 40


def threats(document: Document) -> list[Span]:
    """Find what data are to be guarded against: "proteger os dados contra acessos indevidos, perda e destruição".

    Those words name no incident that happened, and nothing to be erased.
    """
    found: list[Span] = []
    for position, word in enumerate(document.folded):
        if word not in _THREATENS:
            continue
        sentence = document.sentences[document.sentence_of[position]]
        before = document.folded[max(sentence.first, position - 14) : position]
        if word not in _ALWAYS_THREATENS and not any(other.startswith(_GUARDED) for other in before):
            continue
        last = position + 1
        stop = min(sentence.last, position + _THREAT_REACH)
        while last < stop and not document.folded[last].startswith(_ENDS_THREAT):
            last += 1
        found.append((position, last))
    return found


def _at_sign(document: Document, position: int) -> bool:
    """An e-mail address: this word and the next are joined by "@"."""
    if position + 1 >= len(document.tokens) or document.sentence_of[position] != document.sentence_of[position + 1]:
        return False
    here, there = document.tokens[position], document.tokens[position + 1]
    if there.start != here.end + 1:
        return False
    text = document.passages[document.sentences[document.sentence_of[position]].passage].text
    return text[here.end] == "@"


def _sticky(word: str) -> tuple[float, float] | None:
    """Read "24h" and the like, written in one."""
    digits = word.rstrip("hsdr")
    if digits != word and digits.isdigit() and word[len(digits) :] in {"h", "hs", "hrs"}:
        return float(digits[:6]), 1.0
    return None


def _amount(words: list[str], sentence_of: list[int], unit: int) -> tuple[int, float | None, bool]:
    """Read backwards from the unit: "até 36 (trinta e seis) horas" gives 36."""
    position, total, blank, seen = unit - 1, 0.0, False, False
    number: float | None = None
    while position >= 0 and unit - position <= 7 and sentence_of[position] == sentence_of[unit]:
        word = words[position]
        if word.isdigit():
            number, seen = float(word[:6]), True
            position -= 1
            break
        if word == BLANK:
            blank = True
        elif word in _SMALL:
            total, seen = total + _SMALL[word], True
        elif word == "e" and seen:
            pass
        else:
            break
        position -= 1
    first = position + 1
    if words[first] == "e" and first < unit - 1:
        first += 1
    if number is None and seen:
        number = total
    if number is None and blank:
        return first, None, True
    return first, number, False


def _names_a_term(document: Document, position: int) -> bool:
    """A placeholder that says it is a term: "{{N_HORAS}}", "[prazo]"."""
    raw = document.tokens[position].raw.lower()
    return any(word in raw for word in ("hora", "prazo", "dia"))


_NOT_DATA = frozenset(
    "dados informacoes acidentes danos bens objetos interesses motivos razoes custos despesas fins contatos assuntos "
    "compromissos pertences titulos lesoes garantias relacoes oficios direitos atributos".split()
)
_ARE = frozenset({"sao", "constituem", "configuram", "consideram"})
_OWN_WORDS_AT_MOST = 16
_LEAST_LETTERS = 4


def own_words(document: Document) -> list[Span]:
    """Find the words that the text itself uses for personal data.

    "Os apontamentos pessoais dos usuários", "os nomes, endereços e débitos são dados pessoais": from there on
    "apontamentos" and "débitos" mean them.
    """
    words = document.folded
    learned: set[str] = set()
    for position in range(1, len(words)):
        if words[position] == "pessoais" and document.sentence_of[position - 1] == document.sentence_of[position]:
            learned.add(words[position - 1])
    for sentence in document.sentences:
        own = words[sentence.first : sentence.last]
        verb = next((at for at, word in enumerate(own) if word in _ARE and own[at + 1 : at + 3] == _DATA), None)
        if verb is None or not 0 < verb <= _OWN_WORDS_AT_MOST or own[0] not in {"os", "as"}:
            continue
        stop = own.index("que") if "que" in own[:verb] else verb
        learned.update(own[1:stop])
    learned |= _containers(words)
    learned = {
        word
        for word in learned
        if word in _HOLDERS or (len(word) > _LEAST_LETTERS and word.endswith("s") and word not in _NOT_DATA)
    }
    return [(position, position + 1) for position, word in enumerate(words) if word in learned]


def roles(document: Document) -> list[Span]:
    """Find where both roles of the law are named near each other: "é da CAIXA, sua controladora; o HOSPITAL, operador".

    One of them alone may be a pump's or a health plan's "operadora".
    """
    words = document.folded
    controllers = [at for at, word in enumerate(words) if word in _CONTROLLERS and not _is_machine(words, at)]
    operators = [at for at, word in enumerate(words) if word in _OPERATORS and not _is_machine(words, at)]
    found = {at for at in controllers if any(abs(at - other) <= _ROLES_WITHIN for other in operators)}
    found |= {at for at in operators if any(abs(at - other) <= _ROLES_WITHIN for other in controllers)}
    return [(at, at + 1) for at in sorted(found)]


def _is_machine(words: list[str], at: int) -> bool:
    """The "controlador lógico" and the "operador da bomba" handle no data."""
    return any(word in _MACHINES for word in words[at + 1 : at + 3])


_MACHINES = frozenset(
    "logico programavel acesso carga trafego velocidade temperatura bomba bombas maquina maquinas empilhadeira caixa "
    "guindaste equipamento equipamentos audio camera cameras telemarketing drone veiculo radio som interno "
    "estoque".split()
)
_CONTROLLERS = frozenset({"controlador", "controladora"})
_OPERATORS = frozenset({"operador", "operadora"})
_ROLES_WITHIN = 30


def _containers(words: list[str]) -> set[str]:
    """The things said to hold personal data: "dados pessoais contidos nos arquivos", "Dados Pessoais do Conteúdo"."""
    found: set[str] = set()
    for position in range(2, len(words) - 2):
        if words[position - 2 : position] != _DATA:
            continue
        at = position
        while at < len(words) and at < position + _HELD_WITHIN and words[at] in _HELD:
            at += 1
        if position < at < len(words) and words[at] in _HOLDERS:
            found.add(words[at])
    return found


_HELD_WITHIN = 4
_HELD = frozenset(
    "contidos constantes presentes existentes inseridos armazenados guardados do da dos das de em no na nos nas".split()
)
_HOLDERS = frozenset(
    "conteudo conteudos arquivos fichas imagens gravacoes formularios planilhas prontuarios cadastros impressos rol "
    "relacoes".split()
)
_DATA = ["dados", "pessoais"]
