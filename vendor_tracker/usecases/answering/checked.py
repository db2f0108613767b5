"""The end of a file's check: what was let through becomes a proof, what was refused comes back to who sent it."""

import time
from dataclasses import dataclass

from contracts.vocabulary import FileState, RequestState
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import portal, trails
from vendor_tracker.store import requests as store
from vendor_tracker.store.portal import Attachment, ToCheck
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.tables import Answer
from vendor_tracker.usecases import judging, quarantine, requesting
from vendor_tracker.usecases.answering.submitting import make_evidence
from vendor_tracker.usecases.quarantine import Opener, Verdict
from vendor_tracker.usecases.work import Work, act, job, look


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a round of checks came to: files let through, refused, and left for later."""

    clean: int = 0
    refused: int = 0
    later: int = 0


def check_waiting(files: FileStore, *, seconds: float | None = None, opened: Opener | None = None) -> CheckReport:
    """Check the files that wait, one by one, until none is due or the time is over. Safe in any number of processes.

    Args:
        files: where the bytes are kept.
        seconds: after which no further file is begun; ``None`` goes on to the end.
        opened: opens PDF and Word files in the place of the process apart.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    counts = dict.fromkeys(FileState, 0)
    while deadline is None or time.monotonic() < deadline:
        waiting = _claim()
        if waiting is None:
            break
        try:
            data = files.read(waiting.sha256)
        except OSError:
            verdict = Verdict(FileState.REFUSED, f"O arquivo “{waiting.name}” não chegou inteiro. Envie-o de novo.")
        else:
            verdict = quarantine.judge(
                data,
                waiting.name,
                waiting.media_type,
                seconds=quarantine.JOB_SECONDS,
                tries=waiting.tries,
                opened=opened,
            )
        _conclude(waiting, verdict)
        counts[verdict.state] += 1
    return CheckReport(counts[FileState.CLEAN], counts[FileState.REFUSED], counts[FileState.CHECKING])


def _claim() -> ToCheck | None:
    now = clock.now()
    with look() as session:
        if not portal.any_to_check(session, now):
            return None
    with act(job("check_files")) as work:
        return portal.claim_check(work.session, now=work.now, until=work.now + quarantine.LEASE)


def _conclude(waiting: ToCheck, verdict: Verdict) -> None:
    """Write down what a check came to, and do what follows from it, in one transaction."""
    with act(job("check_files")) as work:
        # Who submits holds the same turn: either the answer is sent already, or it will find this file checked.
        trails.take_turn(work.session)
        check = portal.file_check(work.session, waiting.file_id)
        if check is None or check.state is not FileState.CHECKING:
            return
        if verdict.state is FileState.CHECKING:
            check.next_try_at = work.now + quarantine.later(waiting.tries)
            return
        check.state, check.reason, check.checked_at = verdict.state, verdict.reason, work.now
        work.session.flush()
        clean = verdict.state is FileState.CLEAN
        work.trail(
            "file_checked",
            "stored_file",
            waiting.file_id,
            f"Arquivo “{waiting.name}” {'conferido' if clean else 'recusado na conferência'}.",
            {"sha256": waiting.sha256, "reason": verdict.reason},
        )
        for where in portal.attachments(work.session, waiting.file_id):
            if clean:
                _let_through(work, where)
            else:
                _refuse(work, where, verdict)


def _let_through(work: Work, where: Attachment) -> None:
    """Make the proof that waited for this file, when its answer was sent and nothing else is missing."""
    answer = work.session.get_one(Answer, where.answer_id)
    if answer.submitted_at is None or answer.decision:
        return
    head = requesting.head_of(work.session, where.request_id)
    files = [file for file in store.attached(work.session, where.request_id) if file.withdrawn_at is None]
    item = store.item(work.session, where.item_id)
    if item is not None:
        make_evidence(work, head, item, answer, files)
        judging.rejudge(work, [head.agreement_id], cause="Arquivo do operador conferido")


def _refuse(work: Work, where: Attachment, verdict: Verdict) -> None:
    """Give the item back when its answer was sent, and tell who sent the file by mail in any case."""
    answer = work.session.get_one(Answer, where.answer_id)
    head = requesting.head_of(work.session, where.request_id)
    if answer.submitted_at is not None:
        in_review = head.state is RequestState.SUBMITTED
        requesting.item_decided(
            work, where.item_id, accepted=False, reason=f"{verdict.reason} Envie outro arquivo.", at_once=True
        )
        judging.rejudge(work, [head.agreement_id], cause="Arquivo do operador recusado na conferência")
        if in_review:
            return  # The letter about the return says why.
    elif head.state not in store.WAITING:
        return
    item = store.item(work.session, where.item_id)
    recipient, guest_id = _sender(work, where)
    if recipient is not None and item is not None:
        requesting.send_letter(
            work,
            "portal_file_refused",
            requesting.head_of(work.session, where.request_id),
            recipient,
            step=f"file-refused:{where.answer_file_id}",
            refused=verdict.reason,
            item_title=f"{item.position}. {item.title}",
            guest=guest_id or 0,
        )


def _sender(work: Work, where: Attachment) -> tuple[Mailbox | None, int | None]:
    """Return whom to tell about an attachment: the colleague who sent it, or the preposto."""
    for file in store.attached(work.session, where.request_id):
        if file.id == where.answer_file_id and file.guest_id is not None:
            guest = portal.guest(work.session, file.guest_id)
            if guest is not None and guest.revoked_at is None:
                return Mailbox(guest.name, guest.email), guest.id
    head = requesting.head_of(work.session, where.request_id)
    return requesting.preposto_of(work.session, head, work.today), None
