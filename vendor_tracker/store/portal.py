"""Queries about the operator's side of a request: its links and colleagues, its sessions, its drafts, its receipts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from contracts.vocabulary import FileState
from vendor_tracker.store.tables import (
    Answer,
    AnswerDraft,
    AnswerFile,
    FileCheck,
    PortalGuest,
    PortalLink,
    PortalSession,
    Receipt,
    Request,
    RequestItem,
    StoredFile,
)


class FoundLink(NamedTuple):
    """A link that exists: of which request, which generation, whether it is the newest, and whose, when a guest's."""

    request_id: int
    generation: int
    newest: bool
    guest: PortalGuest | None = None


def link(session: Session, token_hash: str) -> FoundLink | None:
    """Return the link with this hash: the request's own, or an invited colleague's."""
    row = session.execute(
        select(PortalLink.request_id, PortalLink.generation, Request.link_hash)
        .join(Request, Request.id == PortalLink.request_id)
        .where(PortalLink.token_hash == token_hash)
    ).one_or_none()
    if row is not None:
        return FoundLink(row.request_id, row.generation, row.link_hash == token_hash)
    invited = session.execute(
        select(PortalGuest, Request.link_generation)
        .join(Request, Request.id == PortalGuest.request_id)
        .where(PortalGuest.token_hash == token_hash)
    ).one_or_none()
    return None if invited is None else FoundLink(invited[0].request_id, invited[1], True, invited[0])


def portal_session(session: Session, token_hash: str) -> PortalSession | None:
    """Return the portal session with this hash."""
    return session.scalar(select(PortalSession).where(PortalSession.token_hash == token_hash))


def last_person(session: Session, request_id: int, guest_id: int | None) -> tuple[str, str]:
    """Return the name and position last typed by whoever came by the same link; empty when nobody typed any."""
    same = PortalSession.guest_id.is_(None) if guest_id is None else PortalSession.guest_id == guest_id
    row = session.execute(
        select(PortalSession.person, PortalSession.position)
        .where(
            PortalSession.request_id == request_id, same, or_(PortalSession.person != "", PortalSession.position != "")
        )
        .order_by(PortalSession.id.desc())
        .limit(1)
    ).one_or_none()
    return ("", "") if row is None else (row[0], row[1])


def sessions(session: Session, request_id: int) -> list[tuple[PortalSession, str | None]]:
    """Return the sessions of a request, newest first, with the invited colleague's name."""
    rows = session.execute(
        select(PortalSession, PortalGuest.name)
        .outerjoin(PortalGuest, PortalGuest.id == PortalSession.guest_id)
        .where(PortalSession.request_id == request_id)
        .order_by(PortalSession.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


# ----------------------------------------------------------------------------------------------------------------------
# Colleagues
# ----------------------------------------------------------------------------------------------------------------------
def guests(session: Session, request_id: int) -> list[PortalGuest]:
    """Return everybody who was ever invited to a request, in the order of the invitations."""
    return list(
        session.scalars(select(PortalGuest).where(PortalGuest.request_id == request_id).order_by(PortalGuest.id))
    )


def guest(session: Session, guest_id: int) -> PortalGuest | None:
    """Return one invitation as it stands."""
    return session.get(PortalGuest, guest_id, populate_existing=True)


# ----------------------------------------------------------------------------------------------------------------------
# Drafts
# ----------------------------------------------------------------------------------------------------------------------
def versions_after(session: Session, answer_id: int, version: int) -> list[AnswerDraft]:
    """Return the saved versions of an answer that are newer than ``version``, oldest first."""
    return list(
        session.scalars(
            select(AnswerDraft)
            .where(AnswerDraft.answer_id == answer_id, AnswerDraft.version > version)
            .order_by(AnswerDraft.version)
        )
    )


def version(session: Session, answer_id: int, number: int) -> AnswerDraft | None:
    """Return one saved version of an answer."""
    return session.scalar(select(AnswerDraft).where(AnswerDraft.answer_id == answer_id, AnswerDraft.version == number))


def draft(session: Session, draft_id: int) -> AnswerDraft | None:
    """Return one saved text."""
    return session.get(AnswerDraft, draft_id)


def set_aside(session: Session, request_id: int) -> list[AnswerDraft]:
    """Return the texts of a request that lost a race and about which nobody decided, oldest first."""
    return list(
        session.scalars(
            select(AnswerDraft)
            .join(Answer, Answer.id == AnswerDraft.answer_id)
            .join(RequestItem, RequestItem.id == Answer.item_id)
            .where(
                RequestItem.request_id == request_id,
                AnswerDraft.version.is_(None),
                AnswerDraft.settled_at.is_(None),
                Answer.submitted_at.is_(None),
            )
            .order_by(AnswerDraft.id)
        )
    )


def settle(session: Session, answer_id: int, *, session_id: int, now: datetime, by: str) -> None:
    """Close the texts that one session had set aside for an answer: it has saved a newer one."""
    session.execute(
        update(AnswerDraft)
        .where(
            AnswerDraft.answer_id == answer_id,
            AnswerDraft.session_id == session_id,
            AnswerDraft.version.is_(None),
            AnswerDraft.settled_at.is_(None),
        )
        .values(settled_at=now, settled_by=by)
    )


# ----------------------------------------------------------------------------------------------------------------------
# Files
# ----------------------------------------------------------------------------------------------------------------------
class ToCheck(NamedTuple):
    """A file whose check waits."""

    file_id: int
    name: str
    media_type: str
    sha256: str
    tries: int


def claim_check(session: Session, *, now: datetime, until: datetime) -> ToCheck | None:
    """Take the file that waits longest for its check, and leave it alone until ``until``; ``None`` when none waits."""
    check = session.scalar(
        select(FileCheck)
        .where(FileCheck.state == FileState.CHECKING, FileCheck.next_try_at <= now)
        .order_by(FileCheck.next_try_at, FileCheck.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if check is None:
        return None
    check.next_try_at = until
    check.tries += 1
    file = session.get_one(StoredFile, check.file_id)
    return ToCheck(file.id, file.name, file.media_type, file.sha256, check.tries)


def any_to_check(session: Session, now: datetime) -> bool:
    """Tell whether a check waits: asked often, and without taking anybody's place as the writer."""
    return (
        session.scalar(
            select(FileCheck.id).where(FileCheck.state == FileState.CHECKING, FileCheck.next_try_at <= now).limit(1)
        )
        is not None
    )


def file_check(session: Session, file_id: int) -> FileCheck | None:
    """Return the check of a file as it stands, held until the end of the act."""
    return session.scalar(
        select(FileCheck)
        .where(FileCheck.file_id == file_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


class Attachment(NamedTuple):
    """Where a file hangs."""

    answer_file_id: int
    answer_id: int
    item_id: int
    request_id: int


def attachments(session: Session, file_id: int) -> list[Attachment]:
    """Return where a file is attached and was not taken back."""
    rows = session.execute(
        select(AnswerFile.id, Answer.id, Answer.item_id, RequestItem.request_id)
        .join(Answer, Answer.id == AnswerFile.answer_id)
        .join(RequestItem, RequestItem.id == Answer.item_id)
        .where(AnswerFile.file_id == file_id, AnswerFile.withdrawn_at.is_(None))
        .order_by(AnswerFile.id)
    )
    return [Attachment(*row) for row in rows]


# ----------------------------------------------------------------------------------------------------------------------
# Receipts
# ----------------------------------------------------------------------------------------------------------------------
def next_receipt(session: Session, year: int) -> int:
    """Return the next receipt number of the year; call :func:`take_turn` first."""
    newest = session.scalar(
        select(Receipt.protocol).where(Receipt.protocol.like(f"{year}-%")).order_by(Receipt.id.desc()).limit(1)
    )
    return int(newest.split("-")[1]) + 1 if newest else 1


def receipts(session: Session, request_id: int) -> list[Receipt]:
    """Return the receipts of a request, oldest first."""
    return list(session.scalars(select(Receipt).where(Receipt.request_id == request_id).order_by(Receipt.id)))


def receipt(session: Session, protocol: str) -> Receipt | None:
    """Return the receipt with this protocol."""
    return session.scalar(select(Receipt).where(Receipt.protocol == protocol))


def invitations_made(session: Session, request_id: int) -> int:
    """Count every invitation of a request, those withdrawn included: each of them was a letter."""
    return session.scalar(select(func.count(PortalGuest.id)).where(PortalGuest.request_id == request_id)) or 0
