"""Judges the twelve incisos: which ideas stand in the text, how firmly, and what that makes of each inciso.

Only rules award ``covered`` and ``partial``. A rule that fires where the text hardly speaks of personal data, or a
sentence that resembles the examples, gives ``possible``: a person should read it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from clause_library.coverage.concepts import TOPICS, Concept, Concepts, Idea, Narrowing, Rule, load_concepts
from clause_library.coverage.leaning import most_leaning
from clause_library.coverage.likeness import Likeness
from clause_library.coverage.matching import Index, Span
from clause_library.coverage.negation import denied
from clause_library.coverage.parties import Parties, Side, passed_on
from clause_library.coverage.provisions import Document, Unit, split
from clause_library.coverage.terms import own_words, roles, terms, threats
from clause_library.passages import CoverageReading, Passage, PointReading, Quote
from contracts.vocabulary import INCISOS, Coverage

MAX_QUOTES = 4
_LEANING_CONFIDENCE = 0.3
_NEIGHBOURS = 2
_BESIDE = 2
"""So near to a unit that speaks of personal data, a unit of the same section counts as of that matter."""
_TITLE_UNITS = 4
_SURE_TOPIC = TOPICS["seção"]
"""So near a word that speaks of nothing but personal data must stand for a rule to be firm: the "registros do segurado"
of an insurance policy are looked into for other reasons."""
_OPENING_TOKENS = 60
_DENSE = 0.2
_SURE_DENSE = 0.34
"""A section of which so many sentences speak of personal data is of that matter, its heading apart."""
_DEFINING_WORDS = 12
_OPENING_WORDS = 16
"""Of the opening words of a list, only the last ones are read with each item: the rest is a sentence of its own."""
_DEFINES = re.compile(r"\W*(?:\w{1,4}[).]\s*)?[\"“”«'][^\"“”»']{2,60}[\"”»']\s*(?:[:=–—-]|significa|designa|é\b)")
"""“encarregado”: pessoa indicada para…"""
_DUTIES = ("II", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""The incisos that are duties of conduct; I and III speak of how and when the others are done."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An idea found in a sentence."""

    idea: str
    sentence: int
    doubtful: bool
    narrowed: tuple[str, ...]
    topic: int
    rank: int
    """Which rule found it: the first rules of an idea are the surest."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A document with all that the rules ask of it."""

    document: Document
    index: Index
    parties: Parties
    denied: frozenset[int]
    passed_on: frozenset[int]
    """Tokens that repeat duties for suboperadores: they are not the operator's own."""
    openings: tuple[tuple[int, ...], ...]
    below: Mapping[int, tuple[int, ...]]
    topics: tuple[int, ...]
    sure: tuple[int, ...]
    """The same, told only by words that speak of nothing but personal data ("dados pessoais", "LGPD")."""
    somewhere_sure: bool
    """Whether any sentence has such words."""
    defining: frozenset[int]
    """Sentences that only say what a word means, why one contracts, or what holds no more."""
    comparable: list[int] = field(default_factory=list)
    """Sentences that may be compared with the examples."""

    def own(self, name: str, sentence: int) -> Sequence[Span]:
        """Where the list is found in the sentence."""
        return self.index.in_sentence(name).get(sentence, ())

    def opening(self, name: str, sentence: int) -> Sequence[tuple[int, Span]]:
        """Where the list is found in the opening words that the sentence completes, with their sentence."""
        found: list[tuple[int, Span]] = []
        for opening in self.openings[sentence]:
            last = self.document.sentences[opening].last
            found.extend((opening, span) for span in self.own(name, opening) if span[1] > last - _OPENING_WORDS)
        return found

    def has(self, name: str, sentence: int) -> bool:
        """Tell whether the list is found in the sentence or in its opening words."""
        return bool(self.own(name, sentence)) or bool(self.opening(name, sentence))


def read_coverage(passages: Sequence[Passage]) -> CoverageReading:
    """Read what the passages say about each inciso.

    Args:
        passages: the paragraphs of one file, in reading order.

    Returns:
        The twelve readings. ``confidence`` says how often answers of this level were right on contracts that others
        wrote before the rules had seen them, a little more where the text says the thing in two or more places. It
        says nothing about compliance.
    """
    concepts = load_concepts()
    text = _prepare(split(passages), concepts)
    likeness = Likeness.of(concepts)
    points: dict[str, PointReading] = {}
    for point in (*(point for point in INCISOS if point != "IV"), "IV"):
        concept = concepts.points[point]
        hits = _hits(text, concept)
        if concept.covered_duties:
            points[point] = _judge_instrument(text, concept, hits, points)
        else:
            points[point] = _judge(text, concept, hits)
        if points[point].coverage is Coverage.MISSING:
            points[point] = _alike(text, concept, points[point], likeness)
    return CoverageReading(text.document.provisions, MappingProxyType({point: points[point] for point in INCISOS}))


# ----------------------------------------------------------------------------------------------------------------------
# The text and its subject.
# ----------------------------------------------------------------------------------------------------------------------
def _prepare(document: Document, concepts: Concepts) -> _Text:
    parties = Parties(document, concepts.parties)
    found = dict(terms(document))
    found["@ameaca"] = threats(document)
    found["@dado_do_texto"] = own_words(document)
    found["@papeis"] = roles(document)
    found["@contratante"] = list(parties.spans(Side.CONTROLLER))
    found["@ao_contratante"] = list(parties.recipients())
    found["@operador"] = list(parties.spans(Side.OPERATOR))
    index = Index(document, concepts.lists, found, parties.name_tokens())
    index.found["@dado_do_texto"] = sorted({*found["@dado_do_texto"], *_named_data(document, index)})
    openings = tuple(document.opening(sentence.index) for sentence in document.sentences)
    below: dict[int, list[int]] = {}
    for sentence, above in enumerate(openings):
        for opening in above:
            below.setdefault(opening, []).append(sentence)
    negated = denied(document, index)
    topics = _topics(document, index, openings, negated, "tema_dados", _BESIDE, _DENSE)
    # A term of secrecy that counts personal data among what is secret speaks of them throughout.
    sure = topics if _equates(index) else _topics(document, index, openings, negated, "tema_certo", 0, _SURE_DENSE)
    text = _Text(
        document=document,
        index=index,
        parties=parties,
        denied=negated,
        passed_on=passed_on(document, index, parties),
        openings=openings,
        below={opening: tuple(found) for opening, found in below.items()},
        topics=topics,
        sure=sure,
        somewhere_sure=any(sure),
        defining=_defining(document, index, openings),
    )
    text.comparable.extend(index for index in range(len(document.sentences)) if _may_resemble(text, index))
    return text


def _named_data(document: Document, index: Index) -> Iterable[Span]:
    """Find the things that the text ties to people: "o rol dos inscritos", and from there on "o rol".

    Only in a section that speaks of personal data, and only words that the concept files hold for such.
    """
    certain = {document.unit_of(sentence).section for sentence in index.in_sentence("tema_certo")}
    tied = {
        document.folded[first]
        for first, _ in index.spans("coisa_de_gente")
        if document.unit_of(document.sentence_of[first]).section in certain
    }
    for word in tied:
        for position in index.positions[word]:
            if document.unit_of(document.sentence_of[position]).section in certain:
                yield (position, position + 1)


def _equates(index: Index) -> bool:
    """Tell that the text counts personal data among the secret information it protects."""
    secret = index.in_sentence("info_sigilosa")
    return bool(index.spans("equipara_a_dados")) or any(
        sentence in secret for sentence in index.in_sentence("inclui_dados")
    )


def _topics(
    document: Document,
    index: Index,
    openings: Sequence[tuple[int, ...]],
    negated: frozenset[int],
    subject: str,
    beside: int,
    dense: float,
) -> tuple[int, ...]:
    """How near each sentence is to personal data: 4 in itself, 3 in its provision, 2 in its section, 1 elsewhere.

    The list ``subject`` holds the words that speak of them; a unit of the same section that stands at most ``beside``
    units away counts as of their section, and so does a section of which the share ``dense`` speaks of them.
    """
    about = set(index.in_sentence(subject)) | set(index.in_sentence("@dado_do_texto"))
    about |= {
        sentence
        for sentence in index.in_sentence("titulo_de_tema")
        if document.units[document.sentences[sentence].unit].heading
    }
    if about:
        about |= set(index.in_sentence("tema_papeis"))
    if _equates(index):
        about |= set(index.in_sentence("informacoes_equiparadas"))
    off = set(index.in_sentence("fora_do_assunto"))
    titles = {document.sentences[sentence].unit for sentence in index.in_sentence("tema_dados")}
    if not about:
        return (0,) * len(document.sentences)
    # "Não tratará dados pessoais" speaks of them, but does not make its neighbours speak of them.
    spread = {
        sentence
        for sentence in about
        if any(first not in negated for first, _ in index.in_sentence(subject).get(sentence, ()))
        or sentence in index.in_sentence("titulo_de_tema")
    }
    units = [any(sentence in spread for sentence in unit.sentences) for unit in document.units]
    provisions = {unit.provision for unit, found in zip(document.units, units, strict=True) if found}
    title = any(
        found and unit.heading and (not unit.label or unit.label.lower().startswith(("anex", "apên")))
        for unit, found in zip(document.units[:_TITLE_UNITS], units, strict=False)
    )
    in_section: list[bool] = []
    for section in document.sections:
        own = [
            sentence
            for unit in section.units
            if not document.units[unit].heading
            for sentence in document.units[unit].sentences
        ]
        many = bool(own) and sum(sentence in about for sentence in own) >= max(1.0, dense * len(own))
        named = section.heading is not None and units[section.heading]
        # "Do resguardo dos beneficiários" speaks of personal data if the section does so somewhere.
        named = named or (section.heading in titles and any(sentence in about for sentence in own))
        # "assume o que segue quanto aos dados pessoais:" speaks for all that follows.
        named = named or any(units[unit] and document.units[unit].opens for unit in section.units)
        above = (
            section.above is not None
            and in_section[section.above]
            and not (
                section.heading is not None
                and any(sentence in off for sentence in document.units[section.heading].sentences)
            )
        )
        in_section.append(title or many or named or above)
    levels: list[int] = []
    for sentence in document.sentences:
        unit = document.units[sentence.unit]
        if sentence.index in about:
            level = 4
        elif unit.provision in provisions or any(opening in about for opening in openings[sentence.index]):
            level = 3
        elif in_section[unit.section] or any(
            0 <= near < len(units) and units[near] and document.units[near].section == unit.section
            for near in range(unit.index - beside, unit.index + beside + 1)
        ):
            level = 2
        else:
            level = 1
        if level < TOPICS["frase"] and sentence.index in off:
            level = 0
        levels.append(level)
    return tuple(levels)


def _defining(document: Document, index: Index, openings: Sequence[tuple[int, ...]]) -> frozenset[int]:
    """The sentences that bind nobody: recitals, what was revoked, definitions and what stands under them."""
    opens = index.in_sentence("abre_definicoes")
    headings = index.in_sentence("titulo_de_definicoes")
    found = set(index.in_sentence("nao_obriga"))
    for sentence in document.sentences:
        heading = document.sections[document.units[sentence.unit].section].heading
        under = heading is not None and any(title in headings for title in document.units[heading].sentences)
        begins = any(first - sentence.first <= _DEFINING_WORDS for first, _ in opens.get(sentence.index, ()))
        begins = begins or _DEFINES.match(document.text(sentence.index)) is not None
        leads = document.units[sentence.unit].sentences[0] == sentence.index
        if under or begins or (leads and any(opening in opens for opening in openings[sentence.index])):
            found.add(sentence.index)
    return frozenset(found)


# ----------------------------------------------------------------------------------------------------------------------
# Rules.
# ----------------------------------------------------------------------------------------------------------------------
def _hits(text: _Text, concept: Concept) -> list[Hit]:
    hits: list[Hit] = []
    for idea in concept.ideas:
        best: dict[int, Hit] = {}
        narrowings = tuple(narrowing for narrowing in concept.narrowings if idea.id in narrowing.ideas)
        for rule in idea.rules:
            for hit in _fire(text, idea, rule, narrowings):
                known = best.get(hit.sentence)
                if known is None or (hit.doubtful, len(hit.narrowed)) < (known.doubtful, len(known.narrowed)):
                    best[hit.sentence] = hit
        hits.extend(best[sentence] for sentence in sorted(best))
    return hits


def _fire(text: _Text, idea: Idea, rule: Rule, narrowings: tuple[Narrowing, ...]) -> Iterable[Hit]:
    names = (rule.verb, *rule.words)
    own = [text.index.in_sentence(name) for name in names]
    candidates: set[int] | None = None
    for found in own:
        reached = set(found)
        for sentence in found:
            reached.update(text.below.get(sentence, ()))
        candidates = reached if candidates is None else candidates & reached
        if not candidates:
            return
    for sentence in sorted(candidates or ()):
        if not any(sentence in found for found in own):
            continue
        hit = _test(text, idea, rule, narrowings, sentence)
        if hit is not None:
            yield hit


def _test(text: _Text, idea: Idea, rule: Rule, narrowings: tuple[Narrowing, ...], sentence: int) -> Hit | None:
    unit = text.document.unit_of(sentence)
    if unit.heading is not rule.in_heading:
        return None
    if sentence in text.defining and not rule.in_definitions:
        return None
    topic = text.topics[sentence]
    if topic < rule.topic and topic < TOPICS["seção"] and not _worth_reading(text, rule, sentence):
        return None
    unsure = text.sure[sentence] < min(rule.topic, _SURE_TOPIC)
    if unsure and text.somewhere_sure and not text.has("dado_solto", sentence):
        # Personal data have a place of their own in this text, and this is not it.
        return None
    if any(text.has(name, sentence) for name in rule.without):
        return None
    if topic < TOPICS["frase"] and any(text.own(name, sentence) for name in rule.off):
        return None
    if not all(_around(text, name, reach, sentence) for reach, name in rule.around):
        return None
    if rule.to_controller and not _reaches_controller(text, sentence):
        return None
    found = _pivot(text, rule, sentence)
    if found is None:
        return None
    pivot, supposed = found
    return Hit(
        idea=idea.id,
        sentence=sentence,
        doubtful=rule.doubtful or supposed or topic < rule.topic or unsure or text.has("mera_sugestao", sentence),
        narrowed=tuple(narrowing.missing for narrowing in narrowings if _narrows(text, narrowing, sentence, pivot)),
        topic=topic,
        rank=idea.rules.index(rule),
    )


def _worth_reading(text: _Text, rule: Rule, sentence: int) -> bool:
    """Far from the matter, a sentence is worth a person's reading if it has some word of data or of an incident."""
    return rule.from_afar and text.topics[sentence] >= TOPICS["documento"] and text.has("dado_solto", sentence)


def _pivot(text: _Text, rule: Rule, sentence: int) -> tuple[Span, bool] | None:
    """The first place of the verb that is affirmed, owed by the right side and near the other words.

    With it, whether it is in doubt who owes: the wrong side is only supposed from the opening words of the list.
    """
    supposed: Span | None = None
    places = [(sentence, span) for span in text.own(rule.verb, sentence)]
    if rule.may_be_denied or text.document.sentences[sentence].first not in text.denied:
        places.extend(text.opening(rule.verb, sentence))
    for where, span in places:
        if span[0] in text.passed_on or span[0] in text.parties.inside_names:
            continue
        if not rule.may_be_denied and any(position in text.denied for position in range(*span)):
            continue
        if not all(_near(text, name, sentence, where, span, rule.near) for name in rule.words):
            continue
        if rule.owed_by and not _owed(text, rule, where, span):
            if supposed is None and text.parties.only_supposed(where, span[0]):
                supposed = span
            continue
        return span, False
    return None if supposed is None else (supposed, True)


def _reaches_controller(text: _Text, sentence: int) -> bool:
    """The sentence names the contratante as whom something is said to, or nobody else as such."""
    return text.has("@ao_contratante", sentence) or not text.has("destino_alheio", sentence)


def _owed(text: _Text, rule: Rule, sentence: int, span: Span) -> bool:
    agent = text.parties.agent(sentence, span[0])
    if agent is None or agent is Side.BOTH:
        return True
    return agent.value == rule.owed_by


def _near(text: _Text, name: str, sentence: int, pivot_sentence: int, pivot: Span, near: int) -> bool:
    spans = text.own(name, sentence)
    if pivot_sentence != sentence:
        return bool(spans) or bool(text.opening(name, sentence))
    for first, last in spans:
        if first >= pivot[1] and first - pivot[1] <= near:
            return True
        if last <= pivot[0] and pivot[0] - last <= near:
            return True
        if first < pivot[1] and last > pivot[0]:
            return True
    return bool(text.opening(name, sentence))


def _around(text: _Text, name: str, reach: str, sentence: int) -> bool:
    if text.has(name, sentence):
        return True
    found = text.index.in_sentence(name)
    document = text.document
    unit = document.unit_of(sentence)
    for other in found:
        there = document.unit_of(other)
        if unit.index in {there.index, there.parent}:
            return True
        if reach == "disposição" or there.section != unit.section:
            if reach == "seção" and _above(document, unit, there):
                return True
            continue
        if reach == "seção" or abs(there.index - unit.index) <= _NEIGHBOURS or there.heading:
            return True
    return False


def _above(document: Document, unit: Unit, heading: Unit) -> bool:
    """Tell whether the heading stands above the unit."""
    if not heading.heading:
        return False
    section = document.sections[unit.section]
    while section.above is not None:
        section = document.sections[section.above]
        if section.heading == heading.index:
            return True
    return False


def _opens_text(text: _Text, sentence: int) -> bool:
    """Tell whether the sentence is a heading or among the first words of the text."""
    return text.document.unit_of(sentence).heading or text.document.sentences[sentence].first < _OPENING_TOKENS


def _narrows(text: _Text, narrowing: Narrowing, sentence: int, pivot: Span) -> bool:
    if any(sentence in text.index.in_sentence(name) for name in narrowing.unless):
        return False
    if narrowing.reach == "abertura":
        return any(_opens_text(text, place) for place in text.index.in_sentence(narrowing.words))
    if narrowing.reach != "frase":
        return _around(text, narrowing.words, narrowing.reach, sentence)
    spans = [*text.own(narrowing.words, sentence), *(span for _, span in text.opening(narrowing.words, sentence))]
    if not narrowing.near:
        return bool(spans)
    return any(first - pivot[1] <= narrowing.near and pivot[0] - last <= narrowing.near for first, last in spans)


# ----------------------------------------------------------------------------------------------------------------------
# Levels.
# ----------------------------------------------------------------------------------------------------------------------
_CONFIDENCE = {Coverage.COVERED: 0.85, Coverage.PARTIAL: 0.65, Coverage.POSSIBLE: 0.4, Coverage.MISSING: 0.75}
"""About the share of answers of each level that were right at first sight on ordinary contracts, written by others
before the rules had seen them."""
_OFTEN_COUNTED = 0.05
"""What is said in two or more places is surer by this."""


def _judge(text: _Text, concept: Concept, hits: Sequence[Hit]) -> PointReading:
    firm = {hit.idea for hit in hits if not hit.doubtful and not hit.narrowed}
    said = {hit.idea for hit in hits if not hit.doubtful}
    for group in concept.covered:
        if set(group) <= firm:
            return _reading(text, concept, Coverage.COVERED, hits, group)
    if any(set(group) <= said for group in (*concept.covered, *concept.partial)):
        return _reading(text, concept, Coverage.PARTIAL, hits, _nearest(concept, said, firm))
    perhaps = {hit.idea for hit in hits}
    if any(set(group) <= perhaps for group in (*concept.covered, *concept.partial)):
        return _reading(text, concept, Coverage.POSSIBLE, hits, _nearest(concept, perhaps, firm))
    return _reading(text, concept, Coverage.MISSING, (), concept.covered[0])


def _nearest(concept: Concept, said: set[str], firm: set[str]) -> tuple[str, ...]:
    """The way to be covered that the text is nearest to."""
    return max(concept.covered, key=lambda group: (len(set(group) & firm), len(set(group) & said), -len(group)))


def _judge_instrument(
    text: _Text, concept: Concept, hits: Sequence[Hit], points: Mapping[str, PointReading]
) -> PointReading:
    """Inciso IV: an instrument with duties of its own. The duties are those that the other incisos found."""
    duties = [point for point in _DUTIES if points[point].coverage in {Coverage.COVERED, Coverage.PARTIAL}]
    perhaps = [point for point in _DUTIES if points[point].coverage is Coverage.POSSIBLE and points[point].ideas]
    reading = _judge(text, concept, hits)
    narrowed = [hit for hit in hits if hit.narrowed]
    if reading.coverage is Coverage.COVERED and len(duties) + len(perhaps) // 3 < concept.covered_duties:
        missing = ("o texto trata de dados pessoais, mas não lhes dedica deveres próprios do operador",)
        return _with(reading, Coverage.PARTIAL, missing=missing)
    if reading.coverage is not Coverage.COVERED and not narrowed and len(duties) >= 3 * concept.covered_duties:
        quotes = reading.quotes or points[duties[0]].quotes[:1]
        return PointReading(
            point=concept.point,
            coverage=Coverage.COVERED,
            quotes=quotes,
            place=reading.place or points[duties[0]].place,
            ideas=reading.ideas,
            why=f"O texto traz deveres próprios do operador em {len(duties)} incisos.",
            confidence=0.8,
        )
    if reading.coverage in {Coverage.MISSING, Coverage.POSSIBLE} and duties:
        found = points[duties[0]]
        return PointReading(
            point=concept.point,
            coverage=Coverage.PARTIAL,
            quotes=reading.quotes or found.quotes[:1],
            place=reading.place or found.place,
            ideas=reading.ideas,
            missing=tuple(concept.idea(idea).missing for idea in concept.covered[0]),
            why="Há dever sobre dados pessoais, sem cláusula própria que os discipline.",
            confidence=0.6,
        )
    if reading.coverage is Coverage.MISSING and len(perhaps) > 1:
        found = points[perhaps[0]]
        return PointReading(
            point=concept.point,
            coverage=Coverage.POSSIBLE,
            quotes=found.quotes[:1],
            place=found.place,
            missing=reading.missing,
            why="Talvez: há trechos que lembram deveres sobre dados pessoais; leia-os.",
            confidence=_CONFIDENCE[Coverage.POSSIBLE],
        )
    return reading


def _with(reading: PointReading, coverage: Coverage, *, missing: tuple[str, ...]) -> PointReading:
    return PointReading(
        point=reading.point,
        coverage=coverage,
        quotes=reading.quotes,
        place=reading.place,
        ideas=reading.ideas,
        missing=missing,
        why=_sentence(missing[0]),
        confidence=_CONFIDENCE[coverage],
    )


def _reading(
    text: _Text, concept: Concept, coverage: Coverage, hits: Sequence[Hit], group: tuple[str, ...]
) -> PointReading:
    counted = [hit for hit in hits if coverage is Coverage.POSSIBLE or not hit.doubtful]
    counted.sort(
        key=lambda hit: (hit.idea not in group, len(hit.narrowed), hit.doubtful, hit.rank, -hit.topic, hit.sentence)
    )
    found = {hit.idea for hit in counted}
    firm = {hit.idea for hit in counted if not hit.narrowed}
    missing: list[str] = []
    if coverage is not Coverage.COVERED:
        for idea in group:
            if idea not in found:
                missing.append(concept.idea(idea).missing)
            elif idea not in firm:
                missing.extend(next(hit.narrowed for hit in counted if hit.idea == idea))
    ideas = tuple(idea.name for idea in concept.ideas if idea.id in found)
    quotes, place = _quotes(text, _one_of_each(counted))
    return PointReading(
        point=concept.point,
        coverage=coverage,
        quotes=quotes,
        place=place,
        ideas=ideas,
        missing=tuple(dict.fromkeys(missing)),
        why=_why(coverage, ideas, missing),
        confidence=round(_CONFIDENCE[coverage] + (_OFTEN_COUNTED if len(quotes) > 1 else 0.0), 2),
    )


def _one_of_each(hits: Sequence[Hit]) -> list[int]:
    """The sentences to quote: the best of each idea first, then the rest."""
    first: dict[str, int] = {}
    for hit in hits:
        first.setdefault(hit.idea, hit.sentence)
    return list(dict.fromkeys([*first.values(), *(hit.sentence for hit in hits)]))


def _why(coverage: Coverage, ideas: Sequence[str], missing: Sequence[str]) -> str:
    named = "; ".join(ideas)
    if coverage is Coverage.COVERED:
        return _sentence(f"o texto traz {named}")
    if coverage is Coverage.PARTIAL:
        return _sentence(
            f"o texto traz {named}, mas falta: {'; '.join(missing)}" if missing else f"o texto traz {named}"
        )
    if coverage is Coverage.POSSIBLE:
        return _sentence(f"talvez: o trecho lembra {named}; leia-o" if named else "talvez: leia este trecho")
    return _sentence(f"nada encontrado: {'; '.join(missing)}")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _alike(text: _Text, concept: Concept, reading: PointReading, likeness: Likeness) -> PointReading:
    comparable = _comparable(text, concept)
    best = likeness.best(concept.point, text.document, comparable)
    if best is None:
        leaning = most_leaning(concept.point, text.document, comparable)
        if leaning is None:
            return reading
        best = leaning, _LEANING_CONFIDENCE
    sentence, score = best
    quotes, place = _quotes(text, [sentence])
    return PointReading(
        point=concept.point,
        coverage=Coverage.POSSIBLE,
        quotes=quotes,
        place=place,
        missing=reading.missing,
        why="Talvez: leia este trecho, que se parece com redações conhecidas deste inciso.",
        confidence=round(min(0.6, score), 2),
    )


def _comparable(text: _Text, concept: Concept) -> list[int]:
    """The sentences that may be compared with the examples of the inciso."""
    reaching = any(rule.to_controller for idea in concept.ideas for rule in idea.rules)
    return [index for index in text.comparable if not reaching or _reaches_controller(text, index)]


def _may_resemble(text: _Text, sentence: int) -> bool:
    """Not a heading, a definition, something denied, something of another subject or owed by the contratante."""
    piece = text.document.sentences[sentence]
    if (
        text.topics[sentence] < TOPICS["seção"]
        or sentence in text.defining
        or text.document.units[piece.unit].heading
        or any(position in text.denied for position in range(piece.first, piece.last))
    ):
        return False
    return text.parties.agent(sentence, piece.last - 1) is not Side.CONTROLLER


def _quotes(text: _Text, sentences: Sequence[int]) -> tuple[tuple[Quote, ...], str]:
    quotes: list[Quote] = []
    for sentence in sentences[:MAX_QUOTES]:
        piece = text.document.sentences[sentence]
        passage = text.document.passages[piece.passage]
        quotes.append(
            Quote(passage.text[piece.start : piece.end], passage.paragraph, passage.page, piece.start, piece.end)
        )
    return tuple(quotes), _place(text.document, sentences[0]) if sentences else ""


def _place(document: Document, sentence: int) -> str:
    """Where a sentence stands, as a person would look for it: "cláusula 10.4, p. 3", "parágrafo 12"."""
    unit = document.unit_of(sentence)
    passage = document.passages[document.sentences[sentence].passage]
    labels = [label for label in (*unit.above, unit.label) if label]
    clause = next((index for index in range(len(labels) - 1, -1, -1) if labels[index][:1].isdigit()), None)
    if clause is not None and "." in labels[clause]:
        labels = [f"cláusula {labels[clause]}", *labels[clause + 1 :]]
    place = ", ".join(labels[-3:]) if labels else f"parágrafo {passage.paragraph}"
    return f"{place}, p. {passage.page}" if passage.page is not None else place
