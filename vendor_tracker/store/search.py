"""Search over what people type: names without accents, numbers without masks."""

import re
from typing import Any, NamedTuple
from unicodedata import combining, normalize

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind
from vendor_tracker.store.tables import Agreement, AgreementRevision, Operator, Request


class OperatorHit(NamedTuple):
    """An operator that was found."""

    id: int
    name: str
    cnpj: str | None
    foreign_id: str | None
    agreements: int


class AgreementHit(NamedTuple):
    """An agreement that was found."""

    id: int
    kind: AgreementKind
    number: str
    operator: str
    object: str


class RequestHit(NamedTuple):
    """A request that was found."""

    id: int
    year: int
    sequence: int
    operator: str


def folded(text: str) -> str:
    """Return ``text`` in lower case, without accents and with single spaces: what search columns hold."""
    plain = "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))
    return " ".join(plain.split())


def escaped(text: str) -> str:
    """Return ``text`` safe inside LIKE, whose escape character is the backslash."""
    return re.sub(r"([%_\\])", r"\\\1", text)


def has_words(column: Any, words: str) -> ColumnElement[bool]:
    """Return the condition that a folded column holds each of the words typed (the first eight)."""
    return and_(*(column.like(f"%{escaped(word)}%", escape="\\") for word in folded(words).split()[:8]))


def operators(session: Session, words: str, *, limit: int) -> list[OperatorHit]:
    """Find operators by words of the name, by CNPJ or by foreign id."""
    bare = re.sub(r"[^0-9A-Za-z]", "", words).upper()
    conditions = [has_words(Operator.search_name, words)]
    if len(bare) >= 4:
        conditions.append(Operator.cnpj.like(f"{bare}%"))
    owned = select(Agreement.operator_id, func.count().label("owned")).group_by(Agreement.operator_id).subquery()
    statement = (
        select(Operator.id, Operator.name, Operator.cnpj, Operator.foreign_id, func.coalesce(owned.c.owned, 0))
        .outerjoin(owned, owned.c.operator_id == Operator.id)
        .where(or_(*conditions))
        .order_by(Operator.search_name, Operator.id)
        .limit(limit)
    )
    return [OperatorHit(*row) for row in session.execute(statement)]


def agreements(session: Session, words: str, *, limit: int) -> list[AgreementHit]:
    """Find agreements by number, process, PNCP number, object or operator."""
    statement = (
        select(Agreement.id, Agreement.kind, Agreement.number, Operator.name, AgreementRevision.object)
        .join(Operator, Operator.id == Agreement.operator_id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(or_(has_words(Agreement.search_text, words), Agreement.pncp_id == words.strip()))
        .order_by(Agreement.id.desc())
        .limit(limit)
    )
    return [AgreementHit(*row) for row in session.execute(statement)]


def requests(session: Session, words: str, *, limit: int) -> list[RequestHit]:
    """Find requests by their number, ``2026/0007``."""
    match = re.fullmatch(r"\s*(\d{4})\s*/\s*(\d{1,6})\s*", words)
    if match is None:
        return []
    statement = (
        select(Request.id, Request.year, Request.sequence, Operator.name)
        .join(Agreement, Agreement.id == Request.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(Request.year == int(match[1]), Request.sequence == int(match[2]))
        .order_by(Request.id)
        .limit(limit)
    )
    return [RequestHit(*row) for row in session.execute(statement)]
