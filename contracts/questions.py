"""What is asked of an operator, word for word: the questions of ``questions.toml``, read and checked.

The file is the base. The body's legal staff may put a newer edition of any item in its place from a day on, and add
items of their own to an inciso; :func:`with_editions` returns the book as it stands on a day. A request freezes the
words it asked: whatever changes, changes future requests only.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files

from contracts.vocabulary import INCISOS, EvidenceKind

TITLE_LIMIT = 200
"""Characters that a request's item keeps for its title."""

SECTIONS = ("evidence", "inciso", "confirmation", "extra")
"""The kinds of item, in the order of a list: one proof, an inciso as a whole, a confirmation, an item of the body's."""

FIRST_EDITION = 1
"""The number of the edition that a file's words are."""


class QuestionsError(ValueError):
    """The questions file is malformed, or an edition cannot take its place; the message says where."""


@dataclass(frozen=True, slots=True)
class Question:
    """A title and what is asked, both Portuguese; ``{body}`` stands for the acronym of the body that asks."""

    title: str
    text: str
    help: str = ""
    """A short sentence beside the question, such as what to hide in the file."""
    wants_file: bool = True
    """Whether an answer in words is not enough."""
    kinds: tuple[EvidenceKind, ...] = ()
    """The proofs of which any one would do; none leaves it to the rule that asks."""
    inciso: str = ""
    """The inciso that it is about; empty for a proof, which may serve several."""
    key: str = ""
    """``<section>.<slug>``, as the file heads it: ``evidence.iso_27001``, ``inciso.V``, ``extra.nuvem``."""
    number: int = FIRST_EDITION
    since: date | None = None
    """The day from which the edition holds; ``None`` for the words of the file."""
    periodic: bool = False
    """Whether an item of the body's own goes with every complete request, and not only when somebody picks it."""

    def addressed(self, body: str) -> "Question":
        """Return the question as ``body`` asks it."""
        said = {name: getattr(self, name).replace("{body}", body) for name in ("title", "text", "help")}
        return replace(self, **said)

    @property
    def section(self) -> str:
        """The part of the key before the dot."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class QuestionEdition:
    """A newer text of an item, in force from a day; with ``retires``, the item is asked no more from that day on."""

    question: Question
    since: date
    retires: bool = False


@dataclass(frozen=True, slots=True)
class QuestionBook:
    """Every question: by proof, by inciso, to confirm what is on file, and the body's own, by their slugs."""

    evidence: Mapping[EvidenceKind, Question]
    incisos: Mapping[str, Question]
    confirmations: Mapping[str, Question]
    extras: Mapping[str, Question] = field(default_factory=dict)

    def for_item(self, inciso: str, kinds: tuple[EvidenceKind, ...]) -> Question:
        """Return the question of one item: that of its only proof, or that of the inciso when several would do.

        An obligation that the organisation added to the twelve has no question of its own: its first proof is asked.
        """
        if len(kinds) == 1 or inciso not in self.incisos:
            return self.evidence[kinds[0]]
        return self.incisos[inciso]

    def confirming(self, inciso: str) -> Question | None:
        """Return the question that confirms what is on file; ``None`` for XII: nothing to confirm before the end."""
        return self.confirmations.get(inciso)

    def extras_of(self, inciso: str) -> tuple[Question, ...]:
        """Return the body's own items about an inciso, by their keys."""
        return tuple(each for _, each in sorted(self.extras.items()) if each.inciso == inciso)

    def find(self, key: str) -> Question | None:
        """Return the item with this key; ``None`` when there is none today."""
        return next((each for each in self if each.key == key), None)

    def __iter__(self) -> Iterator[Question]:
        """Go through every item, section by section."""
        yield from self.evidence.values()
        yield from self.incisos.values()
        yield from self.confirmations.values()
        yield from (each for _, each in sorted(self.extras.items()))


@cache
def question_book() -> QuestionBook:
    """Read the questions of the file (once a process).

    Raises:
        QuestionsError: a section, a key or a text is missing or unknown.
    """
    return parse_questions(files("contracts").joinpath("questions.toml").read_text(encoding="utf-8"))


def with_editions(base: QuestionBook, editions: Iterable[QuestionEdition], on: date) -> QuestionBook:
    """Return the book as it stands on a day: of each item, the newest edition that has begun, else the base's words.

    Raises:
        QuestionsError: an edition is of an item that nobody can ask, or retires one that the plan asks by itself.
    """
    newest: dict[str, QuestionEdition] = {}
    for edition in editions:
        check_edition(base, edition)
        held = newest.get(edition.question.key)
        if edition.since <= on and (held is None or _order(held) < _order(edition)):
            newest[edition.question.key] = edition

    def of(question: Question) -> Question:
        found = newest.get(question.key)
        return question if found is None else found.question

    return QuestionBook(
        evidence={kind: of(question) for kind, question in base.evidence.items()},
        incisos={inciso: of(question) for inciso, question in base.incisos.items()},
        confirmations={inciso: of(question) for inciso, question in base.confirmations.items()},
        extras={
            key: edition.question
            for key, edition in sorted(newest.items())
            if key.startswith("extra.") and not edition.retires
        },
    )


def _order(edition: QuestionEdition) -> tuple[date, int]:
    return edition.since, edition.question.number


def check_edition(base: QuestionBook, edition: QuestionEdition) -> None:
    """Refuse an edition that could not take its item's place.

    Raises:
        QuestionsError: as :func:`with_editions`.
    """
    question = edition.question
    known = base.find(question.key)
    if question.section != "extra":
        if known is None:
            raise QuestionsError(f"{question.key}: no such item")
        if edition.retires:
            raise QuestionsError(f"{question.key}: the plan asks by this item, so it cannot be withdrawn")
        if question.section != "inciso" and question.kinds != known.kinds:
            raise QuestionsError(f"{question.key}: its proofs are fixed")
    elif question.inciso not in INCISOS:
        raise QuestionsError(f"{question.key}: an item of the body's own is about one of the twelve incisos")
    if not question.title.strip() or not question.text.strip() or len(question.title) > TITLE_LIMIT:
        raise QuestionsError(f"{question.key}: a title of at most {TITLE_LIMIT} characters and a question are needed")


def parse_questions(text: str) -> QuestionBook:
    """Read a questions file, refusing whatever it does not know.

    Raises:
        QuestionsError: not TOML, or a section, a key or a text is missing or unknown.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise QuestionsError(f"questions file is not valid TOML: {error}") from error
    if document.keys() != {"evidence", "inciso", "confirmation"}:
        raise QuestionsError("questions file must have exactly the sections evidence, inciso and confirmation")
    kinds = _section(document, "evidence", {kind.value for kind in EvidenceKind})
    return QuestionBook(
        evidence={EvidenceKind(key): question for key, question in kinds.items()},
        incisos=_section(document, "inciso", set(INCISOS)),
        confirmations=_section(document, "confirmation", set(INCISOS) - {"XII"}),
    )


def _section(document: Mapping[str, object], name: str, expected: set[str]) -> dict[str, Question]:
    raw = document[name]
    if not isinstance(raw, dict) or raw.keys() != expected:
        found = set(raw) if isinstance(raw, dict) else set()
        raise QuestionsError(f"{name}: missing or unknown: {', '.join(sorted(found ^ expected)) or 'every key'}")
    return {key: _question(name, key, raw[key]) for key in raw}


def _question(section: str, slug: str, raw: object) -> Question:
    place = f"{section}.{slug}"
    if not isinstance(raw, dict) or not {"title", "question"} <= raw.keys() <= {"title", "question", "help", "file"}:
        raise QuestionsError(f"{place}: has title and question, and may have help and file")
    title, text, advice = raw["title"], raw["question"], raw.get("help", "")
    if not all(isinstance(words, str) for words in (title, text, advice)) or not title.strip() or not text.strip():
        raise QuestionsError(f"{place}: title, question and help must be text")
    wants_file = raw.get("file", section != "confirmation")
    if not isinstance(wants_file, bool):
        raise QuestionsError(f"{place}: file is true or false")
    if len(title) > TITLE_LIMIT:
        raise QuestionsError(f"{place}: the title has more than {TITLE_LIMIT} characters")
    return Question(
        title,
        text,
        advice,
        wants_file,
        kinds=(EvidenceKind(slug),) if section == "evidence" else (),
        inciso="" if section == "evidence" else slug,
        key=place,
    )
