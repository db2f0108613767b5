"""The register's records: the one way to record what is known of an agreement, and how one of them is found."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Regime
from vendor_tracker.store.base import current
from vendor_tracker.store.labels import KIND_WORDS
from vendor_tracker.store.search import folded
from vendor_tracker.store.tables import Agreement, AgreementRevision, Contact, Operator, Steward, SubOperator, Unit

V = TypeVar("V", Contact, Steward, SubOperator)


_BOOKKEEPING = frozenset({"id", "recorded_at", "recorded_by_id", "agreement_id", "holds_from", "reason"})
SAID = tuple(column.key for column in AgreementRevision.__mapper__.column_attrs if column.key not in _BOOKKEEPING)
"""What a revision says of its agreement, in the order of the table; the other columns say when, why and by whom."""


class AgreementHead(NamedTuple):
    """What identifies an agreement and its operator."""

    id: int
    operator_id: int
    kind: AgreementKind
    number: str
    pncp_id: str | None
    external_id: str | None
    unit_id: int | None
    source: str
    created_at: datetime
    operator: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    unit: str


# -- writing ----------------------------------------------------------------------------------------------------------


def search_text_of(agreement: Agreement, operator: Operator, revision: AgreementRevision) -> str:
    """Return what the search of agreements looks in: kind, numbers, process, object and operator, folded."""
    words = (
        KIND_WORDS[agreement.kind],
        agreement.number,
        revision.sei_process,
        agreement.pncp_id or "",
        revision.object,
        operator.name,
        operator.cnpj or operator.foreign_id or "",
    )
    return folded(" ".join(words))


def _column_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave empty lists of facts out, so that the database holds NULL for "nobody has told us", never JSON's null."""
    return {
        key: value
        for key, value in values.items()
        if value is not None or key not in {"data_categories", "subject_groups", "transfer_countries"}
    }


def add_revision(
    session: Session,
    agreement: Agreement,
    *,
    recorded_at: datetime,
    recorded_by_id: int | None,
    holds_from: date,
    reason: str,
    operator: Operator | None = None,
    known: Sequence[AgreementRevision] | None = None,
    carry: bool = True,
    **changes: Any,
) -> AgreementRevision:
    """Record that ``changes`` are true of ``agreement`` from the day ``holds_from`` on.

    The new revision copies the one that held on that day. Where later days have revisions of their own, the same
    changes are carried into each of them, so that what was recorded after it does not undo a correction of the past.
    With ``carry`` false they are not, because the caller looks at each day by itself.
    Keeps ``current_revision_id`` and ``search_text``. ``operator`` and ``known`` (all its revisions, by id) spare
    queries. Returns the revision that now holds. Raises ``TypeError`` for a column that no revision has.
    """
    unknown = changes.keys() - set(SAID)
    if unknown:
        message = f"AgreementRevision has no columns {sorted(unknown)}."
        raise TypeError(message)
    operator = operator or session.get_one(Operator, agreement.operator_id)
    earlier = list(known) if known is not None else revisions(session, agreement.id)
    days = [holds_from]
    if carry:
        days += sorted({row.holds_from for row in earlier if row.holds_from > holds_from})
    rows = []
    for day in days:
        # What is said of days before the first picture is read from that picture: it is all that is known.
        base = holding_on(earlier, day) or min(earlier, key=lambda row: (row.holds_from, row.id), default=None)
        said = {key: getattr(base, key) for key in SAID} if base is not None else {}
        row = AgreementRevision(
            agreement_id=agreement.id,
            holds_from=day,
            reason=reason,
            recorded_at=recorded_at,
            recorded_by_id=recorded_by_id,
            **_column_values({**said, **changes}),
        )
        session.add(row)
        rows.append(row)
    session.flush()
    newest = max((*earlier, *rows), key=lambda row: (row.holds_from, row.id))
    agreement.current_revision_id = newest.id
    agreement.search_text = search_text_of(agreement, operator, newest)
    return newest


def holding_on(rows: Iterable[AgreementRevision], day: date) -> AgreementRevision | None:
    """Return the revision that holds on ``day``: the latest that had begun and, of one day, the last recorded."""
    begun = [row for row in rows if row.holds_from <= day]
    return max(begun, key=lambda row: (row.holds_from, row.id), default=None)


def refresh_search_text(session: Session, operator: Operator) -> None:
    """Write the search text of all agreements of an operator anew, after its name or number changed."""
    rows = session.execute(
        select(Agreement, AgreementRevision)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(Agreement.operator_id == operator.id)
    )
    for agreement, revision in rows:
        agreement.search_text = search_text_of(agreement, operator, revision)


# -- one record -------------------------------------------------------------------------------------------------------


def operator_by_cnpj(session: Session, cnpj: str) -> Operator | None:
    """Return the operator with these fourteen characters."""
    return session.scalar(select(Operator).where(Operator.cnpj == cnpj))


def operator_by_foreign_id(session: Session, foreign_id: str) -> Operator | None:
    """Return the foreign operator with this identification."""
    return session.scalar(select(Operator).where(Operator.foreign_id == foreign_id))


def agreement_by_number(session: Session, *, operator_id: int, kind: AgreementKind, number: str) -> Agreement | None:
    """Return the agreement of this operator with this kind and number."""
    return session.scalar(
        select(Agreement).where(
            Agreement.operator_id == operator_id, Agreement.kind == kind, Agreement.number == number
        )
    )


def agreement_by_pncp_id(session: Session, pncp_id: str) -> Agreement | None:
    """Return the agreement with this PNCP control number."""
    return session.scalar(select(Agreement).where(Agreement.pncp_id == pncp_id))


def head(session: Session, agreement_id: int) -> AgreementHead | None:
    """Return what identifies an agreement."""
    row = session.execute(
        select(
            Agreement.id,
            Agreement.operator_id,
            Agreement.kind,
            Agreement.number,
            Agreement.pncp_id,
            Agreement.external_id,
            Agreement.unit_id,
            Agreement.source,
            Agreement.created_at,
            Operator.name,
            Operator.cnpj,
            Operator.foreign_id,
            Operator.regime,
            func.coalesce(Unit.name, ""),
        )
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(Unit, Unit.id == Agreement.unit_id)
        .where(Agreement.id == agreement_id)
    ).one_or_none()
    return None if row is None else AgreementHead._make(row)


def revisions(session: Session, agreement_id: int) -> list[AgreementRevision]:
    """Return every revision of an agreement, in the order in which they were recorded."""
    return list(
        session.scalars(
            select(AgreementRevision)
            .where(AgreementRevision.agreement_id == agreement_id)
            .order_by(AgreementRevision.id)
        )
    )


def current_revision(session: Session, agreement_id: int) -> AgreementRevision | None:
    """Return the revision that lists show."""
    return session.scalar(
        select(AgreementRevision)
        .join(Agreement, Agreement.current_revision_id == AgreementRevision.id)
        .where(Agreement.id == agreement_id)
    )


def newest(session: Session, table: type[V], lineage: int) -> V | None:
    """Return the version that counts of a contact, steward or sub-operator."""
    return session.scalar(select(table).where(table.lineage == lineage, current(table)))
