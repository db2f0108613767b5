"""What is asked of an operator, word for word: the questions of ``questions.toml``, read and checked.

A request freezes the words it asked; editing the file changes future requests only.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from contracts.vocabulary import INCISOS, EvidenceKind

TITLE_LIMIT = 200
"""Characters that a request's item keeps for its title."""


class QuestionsError(ValueError):
    """The questions file is malformed; the message says where."""


@dataclass(frozen=True, slots=True)
class Question:
    """A title and what is asked, both Portuguese; ``{body}`` stands for the acronym of the body that asks."""

    title: str
    text: str

    def addressed(self, body: str) -> "Question":
        """Return the question as ``body`` asks it."""
        return Question(self.title.replace("{body}", body), self.text.replace("{body}", body))


@dataclass(frozen=True, slots=True)
class QuestionBook:
    """Every question: by proof, by inciso, and to confirm what is on file."""

    evidence: Mapping[EvidenceKind, Question]
    incisos: Mapping[str, Question]
    confirmations: Mapping[str, Question]

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


@cache
def question_book() -> QuestionBook:
    """Read the questions (once a process).

    Raises:
        QuestionsError: a section, a key or a text is missing or unknown.
    """
    return parse_questions(files("contracts").joinpath("questions.toml").read_text(encoding="utf-8"))


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
    return {key: _question(f"{name}.{key}", raw[key]) for key in raw}


def _question(place: str, raw: object) -> Question:
    if not isinstance(raw, dict) or raw.keys() != {"title", "question"}:
        raise QuestionsError(f"{place}: has exactly title and question")
    title, text = raw["title"], raw["question"]
    if not isinstance(title, str) or not isinstance(text, str) or not title.strip() or not text.strip():
        raise QuestionsError(f"{place}: title and question must be text")
    if len(title) > TITLE_LIMIT:
        raise QuestionsError(f"{place}: the title has more than {TITLE_LIMIT} characters")
    return Question(title, text)
