"""The biennial review of shared data (art. 6º, V): what is due, what was reviewed, kept and eliminated."""

from dataclasses import dataclass
from datetime import date, datetime

from contracts.norm import PORTARIA_DATED_ON
from contracts.publication import oldest_still_reviewed, review_due_on
from vendor_tracker import clock
from vendor_tracker.store import register
from vendor_tracker.store import reviews as store
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.reviews import DoneRow, ReviewRow
from vendor_tracker.store.tables import DataReview, DataReviewTask
from vendor_tracker.usecases.agreements.recording import locked, record
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, act, job, look

PAGE_SIZE = 50
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class ReviewData:
    """What a review says; ``kept`` and ``reviewed`` must say something, the others may be empty."""

    reviewed_on: date
    reviewed: str
    kept: str
    eliminated: str
    minimisation: str
    destination: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """An agreement whose review is due, or comes."""

    agreement_id: int
    label: str
    operator: str
    reviewed_on: date | None
    due_on: date
    queued_at: datetime | None


@dataclass(frozen=True, slots=True)
class DoneLine:
    """A review on record."""

    agreement_id: int
    lineage: int
    label: str
    operator: str
    data: ReviewData
    who: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """The reviews: overdue, to come or done, as the reader asked; and how many of each."""

    title: str
    view: str
    """``due``, ``coming`` or ``done``."""
    due: tuple[DueLine, ...]
    done: tuple[DoneLine, ...]
    total: int
    number: int
    size: int
    due_total: int
    coming_total: int
    done_total: int
    undated: int
    """Agreements of which it is not known since when they hold data."""
    today: date


@dataclass(frozen=True, slots=True)
class OfAgreementPage:
    """The reviews of one agreement, and the form's start."""

    title: str
    agreement: AgreementHead
    reviewed_on: date | None
    due_on: date | None
    overdue: bool
    done: tuple[DoneLine, ...]
    today: date


@dataclass(frozen=True, slots=True)
class OneReviewPage:
    """One review, for its correction."""

    title: str
    agreement: AgreementHead
    line: DoneLine


@dataclass(frozen=True, slots=True)
class Opened:
    """What the daily job did."""

    opened: int
    closed: int


def reviews_page(*, view: str = "due", number: int = 1, size: int = PAGE_SIZE) -> ReviewsPage:
    """Return a part of the reviews that are overdue (``due``), that come (``coming``) or that were made (``done``)."""
    view = view if view in {"due", "coming", "done"} else "due"
    today = clock.today()
    oldest = oldest_still_reviewed(today)
    offset = (number - 1) * size
    due: list[ReviewRow] = []
    done: list[DoneRow] = []
    with look() as session:
        if view == "due":
            due, due_total = store.rows_due(session, before=oldest, since=None, offset=offset, limit=size)
        else:
            _, due_total = store.rows_due(session, before=oldest, since=None, offset=0, limit=1)
        if view == "coming":
            due, coming_total = store.rows_due(session, before=None, since=oldest, offset=offset, limit=size)
        else:
            _, coming_total = store.rows_due(session, before=None, since=oldest, offset=0, limit=1)
        done, done_total = store.done(session, offset=offset if view == "done" else 0, limit=size)
        undated = store.undated(session)
        total = {"due": due_total, "coming": coming_total, "done": done_total}[view]
        return ReviewsPage(
            "Revisão bienal dos dados",
            view,
            tuple(_due_line(row) for row in due),
            tuple(_done_line(row) for row in done) if view == "done" else (),
            total,
            min(number, max(1, -(-total // size))),
            size,
            due_total,
            coming_total,
            done_total,
            undated,
            today,
        )


def _due_line(row: ReviewRow) -> DueLine:
    due_on = review_due_on(row.reviewed_on, row.starts_on)
    if due_on is None:
        message = "Only agreements with a day to count from are listed."
        raise ValueError(message)
    return DueLine(
        row.agreement_id, agreement_label(row.kind, row.number), row.operator, row.reviewed_on, due_on, row.opened_at
    )


def _done_line(row: DoneRow) -> DoneLine:
    review = row.review
    return DoneLine(
        review.agreement_id,
        review.lineage or review.id,
        agreement_label(row.kind, row.number),
        row.operator,
        ReviewData(
            review.reviewed_on,
            review.reviewed,
            review.kept,
            review.eliminated,
            review.minimisation,
            review.destination,
        ),
        row.who,
        review.recorded_at,
    )


def of_agreement(*, agreement_id: int) -> OfAgreementPage:
    """Return the reviews of an agreement. Raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        head = head_of(session, agreement_id)
        held = register.holding_on(register.revisions(session, agreement_id), today)
        done, _ = store.done(session, agreement_id=agreement_id, limit=200)
        lines = tuple(_done_line(row) for row in done)
    reviewed_on = held.reviewed_on if held is not None else None
    due_on = review_due_on(reviewed_on, head.starts_on or head.signed_on)
    return OfAgreementPage(
        "Revisão dos dados compartilhados",
        head,
        reviewed_on,
        due_on,
        due_on is not None and due_on < today,
        lines,
        today,
    )


def one(*, agreement_id: int, lineage: int) -> OneReviewPage:
    """Return one review of an agreement. Raises :class:`NotFoundError`."""
    page = of_agreement(agreement_id=agreement_id)
    line = next((each for each in page.done if each.lineage == lineage), None)
    if line is None:
        raise NotFoundError("Não há essa revisão.")
    return OneReviewPage("Corrigir o registro da revisão", page.agreement, line)


def _checked(data: ReviewData) -> dict[str, str]:
    """Return the texts without loose spaces; refuses a review that does not say what was looked at or what stays."""
    texts = {
        name: str(getattr(data, name)).strip()
        for name in ("reviewed", "kept", "eliminated", "minimisation", "destination")
    }
    if len(texts["reviewed"]) < 3:
        raise UseCaseError("Diga quais dados foram revistos, e em que sistemas ou arquivos.", field="reviewed")
    if len(texts["kept"]) < 3:
        raise UseCaseError("Diga o que fica e por que ainda é necessário; se nada ficou, diga isso.", field="kept")
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise UseCaseError(f"Use no máximo {LONGEST} caracteres.", field=name)
    return texts


def record_review(actor: Actor, *, agreement_id: int, data: ReviewData) -> int:
    """Record a review; the agreement is held to be reviewed on its day, and is judged anew. Returns its lineage.

    A review older than the last one is kept on record and moves nothing.
    """
    texts = _checked(data)
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        if data.reviewed_on > work.today:
            raise UseCaseError("A revisão não pode estar no futuro.", field="reviewed_on")
        if data.reviewed_on < PORTARIA_DATED_ON:
            raise UseCaseError(
                "Informe um dia a partir de 20/10/2025: a revisão é a que a Portaria pede.", field="reviewed_on"
            )
        row = DataReview(
            agreement_id=agreement_id,
            reviewed_on=data.reviewed_on,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
            **texts,
        )
        work.session.add(row)
        work.session.flush()
        lineage = int(row.lineage or row.id)
        label = agreement_label(agreement.kind, agreement.number)
        work.trail(
            "data_reviewed",
            "agreement",
            agreement_id,
            f"Dados compartilhados em {label} revistos.",
            {"review": lineage, "reviewed_on": data.reviewed_on, **texts},
        )
        held = register.holding_on(register.revisions(work.session, agreement_id), work.today)
        if held is None or held.reviewed_on is None or held.reviewed_on < data.reviewed_on:
            record(
                work,
                agreement,
                holds_from=data.reviewed_on,
                reason="Revisão bienal dos dados (art. 6º, V)",
                act_name="agreement_reviewed",
                summary=f"{label}: última revisão dos dados em {data.reviewed_on:%d/%m/%Y}.",
                cause="Revisão dos dados registrada",
                values={"reviewed_on": data.reviewed_on},
            )
        if data.reviewed_on >= oldest_still_reviewed(work.today):
            for task in store.open_tasks(work.session, [agreement_id]):
                task.closed_at, task.review_lineage = work.now, lineage
        return lineage


def correct_review(actor: Actor, *, agreement_id: int, lineage: int, data: ReviewData) -> bool:
    """Correct the words of a review, whose day stays; ``False`` when nothing changed."""
    texts = _checked(data)
    with act(actor) as work:
        row = store.version(work.session, agreement_id, lineage)
        if row is None:
            raise NotFoundError("Não há essa revisão.")
        if all(getattr(row, name) == text for name, text in texts.items()):
            return False
        work.session.add(row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, **texts))
        work.trail(
            "data_review_corrected",
            "agreement",
            agreement_id,
            f"Registro da revisão de {row.reviewed_on:%d/%m/%Y} corrigido.",
            {"review": lineage, **texts},
        )
        return True


def open_due(*, actor: Actor | None = None) -> Opened:
    """Put in the queue every agreement whose two years have passed, once for each term; take out what fell away.

    Run again, or after missed nights, it leaves the same queue: due means passed and not yet reviewed.
    """
    with act(actor or job("open_reviews")) as work:
        rows = store.overdue(work.session, oldest_still_reviewed(work.today))
        known = store.known_tasks(work.session)
        wanted = set()
        opened, closed = [], []
        for row in rows:
            due_on = review_due_on(row.reviewed_on, row.starts_on)
            if due_on is None:
                continue
            key = (row.agreement_id, due_on)
            wanted.add(key)
            task = known.get(key)
            if task is None:
                work.session.add(DataReviewTask(agreement_id=row.agreement_id, due_on=due_on, opened_at=work.now))
                opened.append(row.agreement_id)
            elif task.closed_at is not None:
                # The need fell away and came back, because the record was corrected twice.
                task.closed_at = task.review_lineage = None
                opened.append(row.agreement_id)
        for key, task in known.items():
            if task.closed_at is None and key not in wanted:
                task.closed_at = work.now
                closed.append(task.agreement_id)
        if opened or closed:
            work.trail(
                "reviews_due",
                "register",
                None,
                f"Revisão bienal: {len(opened)} na fila, {len(closed)} fora dela.",
                {"opened": opened, "closed": closed},
            )
        return Opened(len(opened), len(closed))
