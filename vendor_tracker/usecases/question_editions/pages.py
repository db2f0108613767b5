"""What the pages about item templates show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from contracts.norm import REFERENCES, LegalReference
from contracts.questions import Question, QuestionBook, question_book
from contracts.vocabulary import INCISOS, EditionState, EvidenceKind
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import questions
from vendor_tracker.store.questions import QuestionEditionLine
from vendor_tracker.store.tables import QuestionEditionRow
from vendor_tracker.usecases import edition_steps as steps
from vendor_tracker.usecases.clause_texts import Difference
from vendor_tracker.usecases.edition_steps import NO_EDITION, ActLine
from vendor_tracker.usecases.judging import questions_of
from vendor_tracker.usecases.question_editions.typed import (
    NO_ITEM,
    ItemVersion,
    Typed,
    advice_of,
    cleaned,
    difference,
    first_day,
    kinds_of_inciso,
    next_number,
    problems_of,
    question_of,
    section_of,
    standing_on,
    typed_from,
    typed_of,
    versions_of,
)
from vendor_tracker.usecases.requesting.asking import VendorItem
from vendor_tracker.usecases.work import Actor, NotFoundError, look

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in the list."""

    key: str
    section: str
    title: str
    question: str
    """The whole question, addressed by the body."""
    wants_file: bool
    number: int
    since: date | None
    """Since when these words hold; ``None`` for the file's."""
    periodic: bool
    open_edition: int | None
    """Lineage of an edition being written or waiting for approval."""
    open_state: EditionState | None
    scheduled: date | None
    """The day from which an approved newer edition holds."""


@dataclass(frozen=True, slots=True)
class IncisoGroup:
    """The items about an inciso, and the words of the law that they ask about."""

    inciso: str
    law: LegalReference
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """Every item template, by inciso."""

    title: str
    today: date
    groups: tuple[IncisoGroup, ...]
    others: tuple[ItemLine, ...]
    """Proofs that the rule of no inciso names, asked by hand or by an obligation of the organisation's."""
    total: int
    waiting: int
    """How many editions wait for approval."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """An edition of an item in its history. ``holds``: ``scheduled``, ``in_force`` or ``past``."""

    number: int
    since: date
    until: date | None
    holds: str
    retires: bool
    title: str
    question: str
    edition: int | None
    """Lineage of the edition; ``None`` for the file's words."""


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """One item: its words, what it serves, and its history."""

    title: str
    key: str
    section: str
    inciso: str
    incisos: tuple[str, ...]
    """The incisos whose rules the item serves."""
    laws: tuple[LegalReference, ...]
    preview: VendorItem
    number: int
    since: date | None
    retired: bool
    periodic: bool
    versions: tuple[VersionLine, ...]
    """The newest first."""
    open_edition: int | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class PreviewView:
    """An edition as typed: what is wrong with it, how the operator would read it, and what changes."""

    problems: tuple[str, ...]
    advice: tuple[str, ...]
    item: VendorItem
    difference: Difference | None
    retires: bool


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The page on which a new edition, or a new item, is written."""

    title: str
    key: str
    """Empty for an item that was never kept."""
    section: str
    inciso: str
    item_title: str
    number: int
    before: int
    """The edition that the words began with; 0 for a new item."""
    edition: int | None
    waiting: bool
    revision: int
    typed: Typed
    returned: str
    first_day: date
    preview: PreviewView
    may_retire: bool


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition: what it says, what changes, what was done about it, and what this person may do."""

    title: str
    lineage: int
    revision: int
    key: str
    section: str
    item_title: str
    number: int
    before: int
    state: EditionState
    holds: str
    since: date | None
    until: date | None
    retires: bool
    periodic: bool
    inciso: str
    reason: str
    author: str
    approver: str
    preview: PreviewView
    acts: tuple[ActLine, ...]
    may_approve: bool
    why_not: str
    may_withdraw: bool
    first_day: date
    standing: bool
    """Whether the item has a page of its own: it has an approved edition or is the file's."""


@dataclass(frozen=True, slots=True)
class EditionsPage:
    """The list of editions."""

    title: str
    rows: tuple[QuestionEditionLine, ...]
    total: int
    number: int
    size: int
    state: EditionState | None
    today: date


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Two editions of an item, word by word."""

    title: str
    key: str
    item_title: str
    old: ItemVersion
    new: ItemVersion
    difference: Difference


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------


def templates_page() -> TemplatesPage:
    """Return every item template in force today, by inciso, with what is being written about it."""
    today = clock.today()
    with look() as session:
        book = questions_of(session, today)
        open_rows = {row.key: row for row in questions.open_editions(session)}
        later = _scheduled(session, today)
    used: set[EvidenceKind] = set()
    groups = []
    for inciso in INCISOS:
        kinds = kinds_of_inciso(inciso, today)
        used.update(kinds)
        items: list[Question] = [book.incisos[inciso], *(book.evidence[kind] for kind in kinds)]
        confirmation = book.confirming(inciso)
        items += [] if confirmation is None else [confirmation]
        items += book.extras_of(inciso)
        lines = [_line(item, open_rows, later) for item in items]
        lines += [_unapproved(row) for row in open_rows.values() if row.inciso == inciso and _is_new(row, book, later)]
        groups.append(IncisoGroup(inciso, REFERENCES[f"art_14_{inciso.lower()}"], tuple(lines)))
    others = [question for kind, question in book.evidence.items() if kind not in used]
    return TemplatesPage(
        "Modelos de itens",
        today,
        tuple(groups),
        tuple(_line(item, open_rows, later) for item in others),
        len(list(book)),
        sum(row.state is EditionState.SUBMITTED for row in open_rows.values()),
    )


def _scheduled(session: Session, today: date) -> dict[str, date]:
    """Return the items with an approved edition that holds only later, and since when."""
    keys = {each.key for each in questions.approved(session) if each.since is not None and each.since > today}
    found = {}
    for key in sorted(keys):
        coming = [version.since for version in versions_of(session, key) if version.since > today]
        if coming:
            found[key] = min(coming)
    return found


def _line(item: Question, open_rows: dict[str, QuestionEditionRow], later: dict[str, date]) -> ItemLine:
    said = item.addressed(settings().body.acronym)
    row = open_rows.get(item.key)
    return ItemLine(
        item.key,
        item.section,
        said.title,
        said.text,
        item.wants_file,
        item.number,
        item.since,
        item.periodic,
        None if row is None else row.lineage,
        None if row is None else row.state,
        later.get(item.key),
    )


def _is_new(row: QuestionEditionRow, book: QuestionBook, later: dict[str, date]) -> bool:
    return row.key.startswith("extra.") and book.find(row.key) is None and row.key not in later


def _unapproved(row: QuestionEditionRow) -> ItemLine:
    said = question_of(typed_of(row), row.key, row.inciso, row.number).addressed(settings().body.acronym)
    return ItemLine(
        row.key, "extra", said.title, said.text, row.wants_file, row.number, None, row.periodic, row.lineage, row.state,
        None,
    )  # fmt: skip


def show(key: str) -> TemplatePage:
    """Return one item for its page; raises :class:`NotFoundError`."""
    today = clock.today()
    section = section_of(key)
    with look() as session:
        versions = versions_of(session, key)
        standing = standing_on(versions, today)
        if standing is None:
            raise NotFoundError(NO_ITEM)
        row = questions.open_edition(session, key)
        by_number = {each.number: each.lineage for each in questions.approved(session) if each.key == key}
    question = standing.question
    served = _served(question, section, today)
    body = settings().body.acronym
    return TemplatePage(
        title=question.addressed(body).title,
        key=key,
        section=section,
        inciso=question.inciso,
        incisos=served,
        laws=tuple(REFERENCES[f"art_14_{inciso.lower()}"] for inciso in served),
        preview=_as_vendor(question, served, today),
        number=standing.number,
        since=standing.since if standing.number > 1 or section == "extra" else None,
        retired=standing.retires and standing.in_force(today),
        periodic=question.periodic,
        versions=tuple(
            VersionLine(
                each.number,
                each.since,
                each.until,
                _holds(each, today),
                each.retires,
                each.question.addressed(body).title,
                each.question.addressed(body).text,
                by_number.get(each.number),
            )
            for each in reversed(versions)
        ),
        open_edition=None if row is None else row.lineage,
        waiting=row is not None and row.state is EditionState.SUBMITTED,
    )


def _served(question: Question, section: str, on: date) -> tuple[str, ...]:
    """Return the incisos that an item is about: one, or those whose rules count with the proof."""
    if section != "evidence":
        return (question.inciso,) if question.inciso else ()
    return tuple(inciso for inciso in INCISOS if any(kind in kinds_of_inciso(inciso, on) for kind in question.kinds))


def _as_vendor(question: Question, incisos: Iterable[str], on: date) -> VendorItem:
    said = question.addressed(settings().body.acronym)
    inciso = next(iter(incisos), "")
    kinds = question.kinds
    if question.section == "inciso" and not kinds:
        kinds = kinds_of_inciso(question.inciso, on)
    law = REFERENCES.get(f"art_14_{inciso.lower()}") if inciso else None
    return VendorItem(said.title, said.text, said.help, inciso, law, said.wants_file, kinds)


def _holds(version: ItemVersion, today: date) -> str:
    if today < version.since:
        return "scheduled"
    return "in_force" if version.in_force(today) else "past"


# ----------------------------------------------------------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------------------------------------------------------


def new_page(*, inciso: str, typed: Typed | None = None) -> EditorPage:
    """Return the page for writing an item of the organisation's own."""
    today = clock.today()
    inciso = inciso if inciso in INCISOS else INCISOS[0]
    shown = typed or Typed(wants_file=False)
    return EditorPage(
        title="Novo item",
        key="",
        section="extra",
        inciso=inciso,
        item_title="",
        number=1,
        before=0,
        edition=None,
        waiting=False,
        revision=0,
        typed=shown,
        returned="",
        first_day=today,
        preview=_preview(None, shown, "extra", inciso, "extra.novo", 1, today, complain=typed is not None),
        may_retire=False,
    )


def editor_page(key: str, *, typed: Typed | None = None, revision: int | None = None) -> EditorPage:
    """Return the page for writing a new edition: the draft on record, else the words in force; or what was just typed.

    ``revision`` is what the author saw when ``typed`` is given. Raises :class:`NotFoundError`.
    """
    today = clock.today()
    section = section_of(key)
    with look() as session:
        versions = versions_of(session, key)
        row = questions.open_edition(session, key)
    standing = standing_on(versions, today)
    if standing is None and row is None:
        raise NotFoundError(NO_ITEM)
    shown = typed or (typed_of(row) if row is not None else typed_from(standing.question) if standing else Typed())
    inciso = row.inciso if row is not None else standing.question.inciso if standing is not None else ""
    item_title = (standing.question.title if standing is not None else shown.title).replace(
        "{body}", settings().body.acronym
    )
    number = next_number(versions)
    return EditorPage(
        title=f"Nova versão: {item_title}" if standing is not None else f"Novo item: {item_title}",
        key=key,
        section=section,
        inciso=inciso,
        item_title=item_title,
        number=number,
        before=versions[-1].number if versions else 0,
        edition=None if row is None else row.lineage,
        waiting=row is not None and row.state is EditionState.SUBMITTED,
        revision=revision if revision is not None else 0 if row is None else row.id,
        typed=shown,
        returned=row.note if row is not None and row.state is EditionState.DRAFT else "",
        first_day=first_day(versions, today),
        preview=_preview(versions[-1] if versions else None, shown, section, inciso, key, number, today, complain=True),
        may_retire=section == "extra" and standing is not None,
    )


def _preview(
    before: ItemVersion | None,
    typed: Typed,
    section: str,
    inciso: str,
    key: str,
    number: int,
    today: date,
    *,
    complain: bool,
) -> PreviewView:
    kept = cleaned(typed, section, before.question.kinds if before is not None else ())
    question = question_of(kept, key, inciso, number)
    return PreviewView(
        tuple(sentence for _, sentence in problems_of(kept)) if complain else (),
        advice_of(kept, section, inciso, today) if complain else (),
        _as_vendor(question, _served(question, section, today), today),
        difference(before, question, retires=kept.retires),
        kept.retires,
    )


# ----------------------------------------------------------------------------------------------------------------------
# Deciding
# ----------------------------------------------------------------------------------------------------------------------


def edition_page(actor: Actor, *, lineage: int) -> EditionPage:
    """Return an edition for its page; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        row = questions.edition(session, lineage)
        if row is None:
            raise NotFoundError(NO_EDITION)
        versions = versions_of(session, row.key)
        done = questions.acts(session, lineage)
    approved = row.state is EditionState.APPROVED
    own = next((each for each in versions if approved and each.number == row.number), None)
    earlier = [each for each in versions if own is None or each.since < own.since]
    before = earlier[-1] if earlier else None
    section = section_of(row.key)
    names = {act.by_id: act.by for act in done}
    may_approve, why_not = steps.may_approve(actor, row.state, done, of="de um item")
    title = row.title.replace("{body}", settings().body.acronym)
    return EditionPage(
        title=f"{title}: versão {row.number}",
        lineage=lineage,
        revision=row.id,
        key=row.key,
        section=section,
        item_title=title,
        number=row.number,
        before=before.number if before is not None else 0,
        state=row.state,
        holds=_holds(own, today) if own is not None else "",
        since=row.since,
        until=own.until if own is not None else None,
        retires=row.retires,
        periodic=row.periodic,
        inciso=row.inciso,
        reason=row.reason,
        author=names.get(row.author_id, ""),
        approver=names.get(row.approver_id, "") if row.approver_id is not None else "",
        preview=_preview(
            before,
            typed_of(row),
            section,
            row.inciso,
            row.key,
            row.number,
            today,
            complain=row.state in (EditionState.DRAFT, EditionState.SUBMITTED),
        ),
        acts=steps.history(done),
        may_approve=may_approve,
        why_not=why_not,
        may_withdraw=steps.may_withdraw(row.state, row.since, today),
        first_day=first_day(versions, today),
        standing=bool(versions) or question_book().find(row.key) is not None,
    )


def index(*, state: EditionState | None = None, page: int = 1) -> EditionsPage:
    """Return a page of the list of editions, what changed last first."""
    with look() as session:
        rows, total = questions.editions(session, state=state, page=page, size=PAGE_SIZE)
    acronym = settings().body.acronym
    rows = [row._replace(title=row.title.replace("{body}", acronym)) for row in rows]
    return EditionsPage("Versões de itens", tuple(rows), total, page, PAGE_SIZE, state, clock.today())


def comparison(*, key: str, old: int | None = None, new: int | None = None) -> ComparisonPage:
    """Return two editions of an item, word by word; by default the last two. Raises :class:`NotFoundError`."""
    with look() as session:
        versions = {each.number: each for each in versions_of(session, key)}
    if not versions:
        raise NotFoundError(NO_ITEM)
    numbers = sorted(versions)
    after = numbers[-1] if new is None else new
    before = max((number for number in numbers if number < after), default=after) if old is None else old
    if before not in versions or after not in versions:
        raise NotFoundError(NO_EDITION)
    first, second = versions[before], versions[after]
    changes = difference(first, second.question, retires=second.retires)
    title = second.question.title.replace("{body}", settings().body.acronym)
    return ComparisonPage(
        title=f"{title}: da versão {before} à versão {after}",
        key=key,
        item_title=title,
        old=first,
        new=second,
        difference=changes or Difference((), ()),
    )
