"""Queries about the spreadsheets in which operators answer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import AnswerSheet


def sheet(session: Session, request_id: int, sheet_id: int) -> AnswerSheet | None:
    """Return a spreadsheet that came for a request."""
    return session.scalar(select(AnswerSheet).where(AnswerSheet.id == sheet_id, AnswerSheet.request_id == request_id))


def waiting(session: Session, request_id: int) -> list[AnswerSheet]:
    """Return the spreadsheets of a request that nobody confirmed or set aside, the newest first."""
    return list(
        session.scalars(
            select(AnswerSheet)
            .where(AnswerSheet.request_id == request_id, AnswerSheet.state == "read")
            .order_by(AnswerSheet.id.desc())
        )
    )


def count(session: Session, request_id: int) -> int:
    """Return how many spreadsheets came for a request."""
    return len(list(session.scalars(select(AnswerSheet.id).where(AnswerSheet.request_id == request_id))))
