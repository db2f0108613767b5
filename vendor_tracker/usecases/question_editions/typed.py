"""What somebody typed as a new edition of an item, and what is wrong or worth a second look in it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from contracts.norm import PORTARIA_DATED_ON
from contracts.obligations import TWELVE
from contracts.questions import TITLE_LIMIT, Question, QuestionEdition, question_book
from contracts.vocabulary import INCISOS, EvidenceKind
from vendor_tracker.running import settings
from vendor_tracker.store.tables import QuestionEditionRow
from vendor_tracker.usecases.clause_texts import ChangedField, Difference, diff_lines
from vendor_tracker.usecases.edition_steps import LONGEST_REASON
from vendor_tracker.usecases.judging import question_editions_of
from vendor_tracker.usecases.work import NotFoundError, UseCaseError

LONGEST_QUESTION = 4_000
LONGEST_HELP = 300
LONGEST_SLUG = 50

NO_ITEM = "Este modelo de item não existe."


@dataclass(frozen=True, slots=True)
class Typed:
    """An edition of an item as its author has typed it so far; it need not make sense yet."""

    title: str = ""
    question: str = ""
    help: str = ""
    wants_file: bool = True
    kinds: tuple[EvidenceKind, ...] = ()
    periodic: bool = False
    retires: bool = False
    reason: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """An edition of an item in force from a day: the file's, or one that was approved."""

    number: int
    since: date
    until: date | None
    """The last day; ``None`` for the newest."""
    question: Question
    retires: bool = False

    def in_force(self, on: date) -> bool:
        """Tell whether it holds on the day."""
        return self.since <= on and (self.until is None or on <= self.until)


def versions_of(session: Session, key: str) -> tuple[ItemVersion, ...]:
    """Return the editions of an item, the file's first; none for an item of the organisation's not approved yet."""
    found = question_book().find(key)
    first = [QuestionEdition(found, PORTARIA_DATED_ON)] if found is not None else []
    editions = [*first, *(each for each in question_editions_of(session) if each.question.key == key)]
    if not editions:
        return ()
    editions.sort(key=lambda each: (each.since, each.question.number))
    ends: list[date | None] = [each.since - timedelta(days=1) for each in editions[1:]]
    return tuple(
        ItemVersion(each.question.number, each.since, until, each.question, each.retires)
        for each, until in zip(editions, [*ends, None], strict=True)
    )


def standing_on(versions: Sequence[ItemVersion], on: date) -> ItemVersion | None:
    """Return the edition in force on a day, else the newest; ``None`` when there is none at all."""
    return next((each for each in versions if each.in_force(on)), versions[-1] if versions else None)


def next_number(versions: Sequence[ItemVersion]) -> int:
    """Return the number of the edition that would follow, scheduled ones included."""
    return max((each.number for each in versions), default=0) + 1


def first_day(versions: Sequence[ItemVersion], today: date) -> date:
    """Return the first day from which a new edition may hold: today, or the day after the newest begins."""
    return max(today, versions[-1].since + timedelta(days=1)) if versions else today


def typed_of(row: QuestionEditionRow) -> Typed:
    """Return what is on record of an edition as the form shows it."""
    return Typed(
        row.title,
        row.question,
        row.help,
        row.wants_file,
        tuple(EvidenceKind(slug) for slug in row.kinds),
        row.periodic,
        row.retires,
        row.reason,
        row.since,
    )


def typed_from(question: Question) -> Typed:
    """Return the words of an item, for beginning its next edition."""
    return Typed(
        question.title, question.text, question.help, question.wants_file, question.kinds, periodic=question.periodic
    )


def cleaned(typed: Typed, section: str, fixed: tuple[EvidenceKind, ...]) -> Typed:
    """Return what was typed as it is kept: spaces in order, and what the kind of item fixes as it is fixed."""
    lines = typed.question.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    chosen = tuple(kind for kind in EvidenceKind if kind in typed.kinds)
    return Typed(
        " ".join(typed.title.split()),
        "\n".join(" ".join(line.split()) for line in lines).strip(),
        " ".join(typed.help.split()),
        typed.wants_file and section != "confirmation",
        chosen if section in {"inciso", "extra"} else fixed,
        typed.periodic and section == "extra",
        typed.retires and section == "extra",
        typed.reason.strip(),
        typed.since,
    )


def question_of(typed: Typed, key: str, inciso: str, number: int) -> Question:
    """Return what was typed as the rules take it."""
    return Question(
        typed.title,
        typed.question,
        typed.help,
        typed.wants_file,
        typed.kinds,
        inciso,
        key,
        number,
        typed.since,
        typed.periodic,
    )


def check_limits(typed: Typed) -> None:
    """Refuse what cannot even be kept as a draft; raises :class:`UseCaseError`."""
    for field, text, most in (
        ("title", typed.title, TITLE_LIMIT),
        ("question", typed.question, LONGEST_QUESTION),
        ("help", typed.help, LONGEST_HELP),
        ("reason", typed.reason, LONGEST_REASON),
    ):
        if len(text) > most:
            raise UseCaseError(f"O texto passa de {most:n} caracteres.", field=field)
    if not typed.title.strip():
        raise UseCaseError("Informe o título do item.", field="title")
    if not typed.question.strip():
        raise UseCaseError("Escreva a pergunta.", field="question")


def problems_of(typed: Typed) -> tuple[tuple[str, str], ...]:
    """Return what keeps an edition from being sent, as (field, sentence)."""
    found = []
    for field, words in (("title", typed.title), ("question", typed.question), ("help", typed.help)):
        rest = words.replace("{body}", "")
        if "{" in rest or "}" in rest:
            found.append((field, "O único campo que o texto pode usar é {body}, a sigla do órgão."))
    if typed.question and not typed.question.rstrip().endswith((".", "?", ":", ";")):
        found.append(("question", "Termine a pergunta com ponto ou ponto de interrogação."))
    return tuple(found)


def advice_of(typed: Typed, section: str, inciso: str, on: date) -> tuple[str, ...]:
    """Return what is worth a second look before it is sent."""
    said = []
    acronym = settings().body.acronym
    if re.search(rf"\b{re.escape(acronym)}\b", f"{typed.title} {typed.question} {typed.help}"):
        said.append(
            f"O texto traz a sigla {acronym} escrita. Prefira {{body}}: a sigla do órgão é preenchida ao pedir."
        )
    served = kinds_of_inciso(inciso, on)
    titles = question_book().evidence
    apart = [titles[kind].title for kind in typed.kinds if kind not in served]
    if section in {"inciso", "extra"} and apart:
        said.append(
            f"A regra do inciso {inciso} não conta com: {'; '.join(apart)}. O que vier fica em registro e é "
            "examinado, mas não demonstra o inciso por si."
        )
    return tuple(said)


def kinds_of_inciso(inciso: str, on: date) -> tuple[EvidenceKind, ...]:
    """Return the proofs that would serve an inciso on a day, as its obligation names them."""
    for obligation in TWELVE:
        version = obligation.on(on)
        if obligation.inciso == inciso and version is not None:
            return tuple(dict.fromkeys(kind for requirement in version.requires for kind in requirement.asks_for))
    return ()


def difference(old: ItemVersion | None, new: Question, *, retires: bool) -> Difference | None:
    """Return what changes from an edition to another, word by word; ``None`` for the first one."""
    if old is None:
        return None
    before = old.question
    lines = diff_lines(
        [(2, "", line) for line in before.text.split("\n")], [(2, "", line) for line in new.text.split("\n")]
    )
    titles = question_book().evidence
    pairs = (
        ("Título", before.title, new.title),
        ("Ajuda ao operador", before.help or "nenhuma", new.help or "nenhuma"),
        ("Arquivo", _file_words(before), _file_words(new)),
        (
            "Provas que servem",
            "; ".join(titles[kind].title for kind in before.kinds) or "as da regra do inciso",
            "; ".join(titles[kind].title for kind in new.kinds) or "as da regra do inciso",
        ),
        ("Requisição periódica", _periodic_words(before), _periodic_words(new)),
        ("Uso", _use_words(old.retires), _use_words(retires)),
    )
    fields = tuple(ChangedField(label, was, now) for label, was, now in pairs if was != now)
    return Difference(lines, fields)


def _file_words(question: Question) -> str:
    return "exigido" if question.wants_file else "basta a resposta por escrito"


def _periodic_words(question: Question) -> str:
    return "entra em toda requisição completa" if question.periodic else "só quando escolhido"


def _use_words(retires: bool) -> str:
    return "deixa de ser pedido" if retires else "em uso"


def new_key(title: str, taken: set[str]) -> str:
    """Return a key for an item of the organisation's, made of its title; "extra.copias-de-seguranca"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "item"
    key, count = f"extra.{slug}", 1
    while key in taken:
        count += 1
        key = f"extra.{slug}-{count}"
    return key


def checked_inciso(inciso: str) -> str:
    """Return an inciso of art. 14, or refuse."""
    if inciso not in INCISOS:
        raise UseCaseError("Escolha na lista o inciso sobre o qual se pergunta.", field="inciso")
    return inciso


def section_of(key: str) -> str:
    """Return the kind of item; raises :class:`NotFoundError` for a key of no kind."""
    section = key.partition(".")[0]
    if section not in {"evidence", "inciso", "confirmation", "extra"}:
        raise NotFoundError(NO_ITEM)
    return section
