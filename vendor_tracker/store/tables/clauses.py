"""The organisation's own versions of clauses, and which versions each issued document is made of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import EditionState
from vendor_tracker.store.base import Model, Moment, Slug, Versioned
from vendor_tracker.store.tables.papers import IssuedDocument


class ClauseEdition(Versioned, Model):
    """A version of a clause written in the product. Every act about it is a new row of its lineage; none is changed."""

    __tablename__ = "clause_edition"
    __table_args__ = (Index("ix_clause_edition_clause", "clause_id", "number"),)

    clause_id: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(Integer)
    """The version of the clause that it is, or would be."""
    based_on: Mapped[int] = mapped_column(Integer)
    """The version whose text its author began with."""
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    incisos: Mapped[list[str]] = mapped_column(JSON, default=list)
    formalities: Mapped[list[str]] = mapped_column(JSON, default=list)
    applies_when: Mapped[Any] = mapped_column(JSON)
    """The condition as a clause file has it: a name, or a table with ``all``, ``any`` or ``not``."""
    why: Mapped[str] = mapped_column(Text)
    """Why the clause is in a document, as readers of the document's preview see it."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why the text changes."""
    since: Mapped[date | None] = mapped_column(Date)
    state: Mapped[EditionState] = mapped_column(Slug(EditionState), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who wrote the text last."""
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text, default="")
    """What was said with this act: why it was given back or withdrawn."""


class IssuedClause(Model):
    """A clause of an issued document with its version: the document's own list, laid out to be searched."""

    __tablename__ = "issued_clause"
    __table_args__ = (Index("ix_issued_clause_lookup", "clause_id", "since", "issued_document_id"),)

    issued_document_id: Mapped[int] = mapped_column(ForeignKey("issued_document.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    since: Mapped[date] = mapped_column(Date)


def version_and_day(written: str) -> tuple[int, date]:
    """Read what an issued document says of one of its clauses: "2 (2026-04-01)"."""
    version, _, day = written.partition(" ")
    return int(version), date.fromisoformat(day.strip("()"))


@event.listens_for(IssuedDocument, "after_insert")
def _lay_out(mapper: Any, connection: Any, row: IssuedDocument) -> None:  # noqa: ARG001 - SQLAlchemy's
    """Lay out the clauses of a new document, whoever records it: the list and the table cannot part."""
    laid_out = [
        {"issued_document_id": row.id, "clause_id": clause_id, "version": version, "since": since}
        for clause_id, (version, since) in (
            (clause_id, version_and_day(written)) for clause_id, written in row.clause_versions.items()
        )
    ]
    if laid_out:
        connection.execute(IssuedClause.__table__.insert(), laid_out)


__all__ = ["ClauseEdition", "IssuedClause", "version_and_day"]
