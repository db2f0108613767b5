"""Reads the concept files, refusing whatever is not exactly as it should be.

The files are the law office's: ``concepts/comum/*.toml`` holds words that several incisos share,
``concepts/<inciso>.toml`` the ideas of one. ``concepts/LEIA-ME.md`` explains them in Portuguese.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from clause_library.coverage.matching import EntryError, WordList, parse_entry
from clause_library.coverage.parties import PartyNames
from clause_library.coverage.words import fold
from contracts.vocabulary import INCISOS

FOUND_BY_PROGRAM = frozenset(
    {"@prazo", "@prazo_curto", "@prazo_longo", "@prazo_util", "@prazo_em_branco", "@em_branco"}
    | {"@contratante", "@ao_contratante", "@operador", "@endereco", "@ameaca", "@dado_do_texto", "@papeis"}
)
"""What the program finds by itself and lists may name."""

TOPICS = {"livre": 0, "documento": 1, "seção": 2, "disposição": 3, "frase": 4}
"""How near personal data must be spoken of for a rule to count, from nowhere to the sentence itself."""

_REACHES = frozenset({"frase", "disposição", "vizinhança", "seção", "abertura"})


class ConceptError(ValueError):
    """A concept file is wrong; the message names the file and what to mend."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which an idea is said."""

    verb: str
    near: int
    words: tuple[str, ...]
    around: tuple[tuple[str, str], ...]
    """Lists that must be found, with the reach in which they may: "disposição", "vizinhança", "seção"."""
    without: tuple[str, ...]
    owed_by: str
    topic: int
    doubtful: bool
    """It raises ``possible`` and nothing more."""
    may_be_denied: bool
    in_heading: bool
    to_controller: bool
    """The act must reach the contratante: ANPD and data subjects alone are not enough."""
    off: tuple[str, ...]
    """Lists that refuse the sentence unless it names personal data itself."""
    from_afar: bool
    """Where personal data are spoken of only elsewhere in the text, the rule still raises ``possible``."""
    in_definitions: bool


@dataclass(frozen=True, slots=True)
class Idea:
    """What an inciso asks, or a part of it."""

    id: str
    name: str
    missing: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Words that make an idea less than the inciso asks."""

    ideas: tuple[str, ...]
    words: str
    unless: tuple[str, ...]
    reach: str
    near: int
    missing: str


@dataclass(frozen=True, slots=True)
class Concept:
    """The ideas of one inciso, and which of them make each level."""

    point: str
    title: str
    since: date
    ideas: tuple[Idea, ...]
    narrowings: tuple[Narrowing, ...]
    covered: tuple[tuple[str, ...], ...]
    """Sets of ideas; any of them is enough, all of its ideas are needed."""
    partial: tuple[tuple[str, ...], ...]
    covered_duties: int
    """For inciso IV: how many other incisos make a clause of its own. 0: the inciso does not count others."""
    examples: tuple[str, ...]
    """Sentences for the likeness, which may raise ``missing`` to ``possible``."""

    def idea(self, idea_id: str) -> Idea:
        """The idea with this id."""
        return next(idea for idea in self.ideas if idea.id == idea_id)


@dataclass(frozen=True, slots=True)
class Concepts:
    """All that the reader knows."""

    lists: Mapping[str, WordList]
    parties: PartyNames
    points: Mapping[str, Concept]
    synonyms: Mapping[str, str]
    """Folded word to the head of its group, for the likeness."""

    def on(self, day: date) -> Mapping[str, Concept]:
        """The concepts that hold on the day."""
        return MappingProxyType({point: concept for point, concept in self.points.items() if concept.since <= day})


@cache
def load_concepts() -> Concepts:
    """The concepts of the product, read and checked once a process.

    Raises:
        ConceptError: a file is wrong.
    """
    folder = files("clause_library") / "concepts"
    shared = {
        item.name: item.read_text("utf-8") for item in (folder / "comum").iterdir() if item.name.endswith(".toml")
    }
    points = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".toml")}
    return parse_concepts(shared, points)


def parse_concepts(shared: Mapping[str, str], points: Mapping[str, str]) -> Concepts:
    """Read and check the files, given by name.

    Raises:
        ConceptError: unknown or missing keys, an unknown list, an idea that no level uses, a repeated name.
    """
    lists: dict[str, WordList] = {}
    raw_parties: Mapping[str, object] = {}
    raw_synonyms: Mapping[str, object] = {}
    for name in sorted(shared):
        raw = _toml(name, shared[name])
        _only(name, raw, {"listas", "partes", "sinonimos"})
        _add_lists(name, lists, raw.get("listas", {}))
        raw_parties = _table(name, raw["partes"]) if "partes" in raw else raw_parties
        raw_synonyms = _table(name, raw["sinonimos"]) if "sinonimos" in raw else raw_synonyms
    concepts: dict[str, Concept] = {}
    for name in sorted(points):
        raw = _toml(name, points[name])
        _add_lists(name, lists, raw.get("listas", {}))
        concept = _concept(name, raw)
        if concept.point in concepts:
            raise ConceptError(f"{name}: o inciso {concept.point} já tem arquivo.")
        concepts[concept.point] = concept
    if set(concepts) != set(INCISOS):
        raise ConceptError(f"faltam os incisos {', '.join(point for point in INCISOS if point not in concepts)}.")
    _check_lists(lists, concepts)
    return Concepts(
        lists=MappingProxyType(lists),
        parties=_parties(raw_parties),
        points=MappingProxyType({point: concepts[point] for point in INCISOS}),
        synonyms=MappingProxyType(
            {fold(word): head for head, words in raw_synonyms.items() for word in _texts("sinonimos", words)}
        ),
    )


def _toml(name: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConceptError(f"{name}: o arquivo não é TOML válido ({error}).") from error


def _only(name: str, raw: Mapping[str, object], allowed: Iterable[str], required: Iterable[str] = ()) -> None:
    unknown = sorted(set(raw) - set(allowed))
    if unknown:
        raise ConceptError(f"{name}: chave desconhecida: {', '.join(unknown)}.")
    absent = sorted(set(required) - set(raw))
    if absent:
        raise ConceptError(f"{name}: falta a chave {', '.join(absent)}.")


def _table(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ConceptError(f"{name}: esperava uma tabela.")
    return value


def _tables(name: str, value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        raise ConceptError(f"{name}: esperava uma lista de tabelas.")
    return [_table(name, item) for item in value]


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConceptError(f"{name}: esperava um texto.")
    return value.strip()


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ConceptError(f"{name}: esperava uma lista de textos.")
    return tuple(_text(name, item) for item in value)


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ConceptError(f"{name}: esperava true ou false.")
    return value


def _number(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConceptError(f"{name}: esperava um número inteiro.")
    return value


def _add_lists(name: str, lists: dict[str, WordList], raw: object) -> None:
    for list_name, value in _table(name, raw).items():
        if list_name in lists:
            raise ConceptError(f"{name}: a lista {list_name!r} já existe em outro arquivo.")
        not_inside: tuple[str, ...] = ()
        entries = value
        if isinstance(value, dict):
            _only(f"{name}, lista {list_name}", value, {"palavras", "fora_de"}, {"palavras"})
            entries, not_inside = value["palavras"], _texts(name, value.get("fora_de", []))
        try:
            parsed = tuple(parse_entry(entry) for entry in _texts(f"{name}, lista {list_name}", entries))
        except EntryError as error:
            raise ConceptError(f"{name}, lista {list_name}: {error}.") from error
        if not parsed:
            raise ConceptError(f"{name}: a lista {list_name!r} está vazia.")
        lists[list_name] = WordList(list_name, parsed, not_inside)


def _concept(name: str, raw: Mapping[str, object]) -> Concept:
    keys = {"inciso", "titulo", "desde", "niveis", "listas", "ideia", "estreita", "exemplos"}
    _only(name, raw, keys, keys - {"estreita", "listas"})
    point = _text(name, raw["inciso"])
    if point not in INCISOS:
        raise ConceptError(f"{name}: o inciso {point!r} não existe.")
    since = raw["desde"]
    if not isinstance(since, date):
        raise ConceptError(f"{name}: “desde” precisa ser um dia.")
    levels = _table(name, raw["niveis"])
    _only(name, levels, {"coberto", "parcial", "deveres"}, {"coberto", "parcial"})
    ideas = tuple(_idea(name, item) for item in _tables(name, raw["ideia"]))
    ids = [idea.id for idea in ideas]
    if len(set(ids)) != len(ids):
        raise ConceptError(f"{name}: há ideias com o mesmo id.")
    concept = Concept(
        point=point,
        title=_text(name, raw["titulo"]),
        since=since,
        ideas=ideas,
        narrowings=tuple(_narrowing(name, item) for item in _tables(name, raw.get("estreita", []))),
        covered=_sets(name, levels["coberto"]),
        partial=_sets(name, levels["parcial"]),
        covered_duties=_number(name, levels.get("deveres", 0)),
        examples=_texts(name, raw["exemplos"]),
    )
    used = {idea for group in (*concept.covered, *concept.partial) for idea in group}
    if used != set(ids):
        raise ConceptError(f"{name}: ideias sem nível ou níveis sem ideia: {', '.join(sorted(used ^ set(ids)))}.")
    for narrowing in concept.narrowings:
        if not set(narrowing.ideas) <= set(ids):
            raise ConceptError(f"{name}: “estreita” fala de ideia desconhecida: {', '.join(narrowing.ideas)}.")
    return concept


def _sets(name: str, value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not value:
        raise ConceptError(f"{name}: um nível precisa de pelo menos um conjunto de ideias.")
    return tuple(_texts(name, item) for item in value)


def _idea(name: str, raw: Mapping[str, object]) -> Idea:
    _only(name, raw, {"id", "nome", "falta", "quando"}, {"id", "nome", "falta", "quando"})
    idea_id = _text(name, raw["id"])
    where = f"{name}, ideia {idea_id}"
    rules = tuple(_rule(where, item) for item in _tables(where, raw["quando"]))
    if not rules:
        raise ConceptError(f"{where}: nenhuma regra.")
    return Idea(idea_id, _text(where, raw["nome"]), _text(where, raw["falta"]), rules)


def _rule(where: str, raw: Mapping[str, object]) -> Rule:
    reaches = {"na_disposicao": "disposição", "na_vizinhanca": "vizinhança", "na_secao": "seção"}
    _only(
        where,
        raw,
        {
            "verbo",
            "com",
            "perto",
            "sem",
            "deve",
            "tema",
            "talvez",
            "negado",
            "titulo",
            "ao_contratante",
            "longe",
            "em_definicao",
            "fora",
            *reaches,
        },
        {"verbo"},
    )
    owed_by = raw.get("deve", "")
    if owed_by not in {"", "operador", "contratante"}:
        raise ConceptError(f"{where}: “deve” é operador ou contratante.")
    topic = raw.get("tema", "seção")
    if not isinstance(topic, str) or topic not in TOPICS:
        raise ConceptError(f"{where}: “tema” é {', '.join(TOPICS)}.")
    return Rule(
        verb=_text(where, raw["verbo"]),
        near=_number(where, raw.get("perto", 30)),
        words=_texts(where, raw.get("com", [])),
        around=tuple((reaches[key], word) for key in reaches if key in raw for word in _texts(where, raw[key])),
        without=_texts(where, raw.get("sem", [])),
        owed_by=str(owed_by),
        topic=TOPICS[topic],
        doubtful=_flag(where, raw.get("talvez", False)),
        may_be_denied=_flag(where, raw.get("negado", False)),
        in_heading=_flag(where, raw.get("titulo", False)),
        to_controller=_flag(where, raw.get("ao_contratante", False)),
        off=_texts(where, raw.get("fora", [])),
        from_afar=_flag(where, raw.get("longe", False)),
        in_definitions=_flag(where, raw.get("em_definicao", False)),
    )


def _narrowing(name: str, raw: Mapping[str, object]) -> Narrowing:
    _only(
        name,
        raw,
        {"ideias", "palavras", "exceto", "alcance", "perto", "falta"},
        {"ideias", "palavras", "falta"},
    )
    reach = _text(name, raw.get("alcance", "frase"))
    if reach not in _REACHES:
        raise ConceptError(f"{name}: “alcance” é {', '.join(sorted(_REACHES))}.")
    return Narrowing(
        ideas=_texts(name, raw["ideias"]),
        words=_text(name, raw["palavras"]),
        unless=_texts(name, raw.get("exceto", [])),
        reach=reach,
        near=_number(name, raw.get("perto", 0)),
        missing=_text(name, raw["falta"]),
    )


def _parties(raw: Mapping[str, object]) -> PartyNames:
    keys = (
        "contratante",
        "operador",
        "contratante_fraco",
        "operador_fraco",
        "papel_controlador",
        "papel_operador",
        "ambas",
        "subordina",
        "nunca_e_parte",
        "entrega_dever",
    )
    _only("partes", raw, keys, keys)
    words = {key: frozenset(fold(word) for word in _texts("partes", raw[key])) for key in keys}
    return PartyNames(
        controller=words["contratante"],
        operator=words["operador"],
        weak_controller=words["contratante_fraco"],
        weak_operator=words["operador_fraco"],
        controller_role=words["papel_controlador"],
        operator_role=words["papel_operador"],
        both=words["ambas"],
        subordinating=words["subordina"],
        never_names=words["nunca_e_parte"],
        duty_of=words["entrega_dever"],
    )


def _check_lists(lists: Mapping[str, WordList], concepts: Mapping[str, Concept]) -> None:
    """Each list that is named exists, and no list is made of itself."""

    def known(where: str, name: str) -> None:
        if name not in lists and name not in FOUND_BY_PROGRAM:
            raise ConceptError(f"{where}: a lista {name!r} não existe.")

    for required in (
        "nega",
        "nega_pouco",
        "dispensa",
        "tema_dados",
        "tema_papeis",
        "titulo_de_tema",
        "fora_do_assunto",
        "destino_alheio",
        "abre_definicoes",
        "titulo_de_definicoes",
        "nao_obriga",
        "mera_sugestao",
        "dado_solto",
        "equipara_a_dados",
        "informacoes_equiparadas",
        "suboperador",
        "repassa_deveres",
    ):
        known("comum", required)
    for name, word_list in lists.items():
        for part in _parts(word_list):
            known(f"lista {name}", part)
    for name in lists:
        _refuse_circle(name, lists, ())
    for concept in concepts.values():
        for idea in concept.ideas:
            for rule in idea.rules:
                for name in (rule.verb, *rule.words, *rule.without, *rule.off, *(word for _, word in rule.around)):
                    known(f"inciso {concept.point}, ideia {idea.id}", name)
        for narrowing in concept.narrowings:
            for name in (narrowing.words, *narrowing.unless):
                known(f"inciso {concept.point}, estreita", name)


def _parts(word_list: WordList) -> set[str]:
    named = {
        element.value for entry in word_list.entries for element in entry.elements if element.kind in {"list", "found"}
    }
    return named | set(word_list.not_inside)


def _refuse_circle(name: str, lists: Mapping[str, WordList], above: tuple[str, ...]) -> None:
    if name in above:
        raise ConceptError(f"a lista {name!r} é feita de si mesma: {' → '.join((*above, name))}.")
    if name in lists:
        for part in _parts(lists[name]):
            _refuse_circle(part, lists, (*above, name))
