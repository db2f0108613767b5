"""The standing link: an operator may report an incident at any hour, even when nothing was asked of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from vendor_tracker import clock
from vendor_tracker.reports import letters
from vendor_tracker.reports.letters import letterhead
from vendor_tracker.running import settings
from vendor_tracker.store import incidents as store
from vendor_tracker.store import recipients, trails
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.tables import IncidentChannel
from vendor_tracker.usecases.incident_links import issue
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.outbox import enqueue
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work, act, look


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A standing link in the history: to whom it went, when, and what became of it."""

    generation: int
    sent_to: str
    issued_at: datetime
    issued_by: str
    revoked_at: datetime | None
    revoked_by: str
    revoked_because: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class ChannelPage:
    """The standing channel of an agreement."""

    title: str
    agreement: AgreementHead
    preposto: Mailbox | None
    """To whom a new link would go; ``None`` when nobody is registered with an address."""
    lines: tuple[ChannelLine, ...]

    @property
    def open(self) -> bool:
        """Tell whether there is a link that opens."""
        return bool(self.lines) and self.lines[0].revoked_at is None


@dataclass(frozen=True, slots=True)
class ChannelLetter:
    """The agreement as the letter with the standing link names it."""

    agreement_id: int
    agreement: str
    operator: str
    cnpj: str
    replaces: bool


def channel_page(*, agreement_id: int) -> ChannelPage:
    """Return the standing channel of an agreement with its history."""
    with look() as session:
        head = head_of(session, agreement_id)
        rows = store.channels(session, agreement_id)
        lines = tuple(
            ChannelLine(
                row.channel.generation,
                row.channel.sent_to,
                row.channel.recorded_at,
                row.issued_by,
                row.channel.revoked_at,
                row.revoked_by,
                row.channel.revoked_because,
                replaced=position > 0,
            )
            for position, row in enumerate(rows)
        )
        return ChannelPage("Canal permanente de incidentes", head, _preposto(session, agreement_id), lines)


def _preposto(session: Session, agreement_id: int) -> Mailbox | None:
    return recipients.prepostos(session, [agreement_id], clock.today()).get(agreement_id)


def issue_channel(actor: Actor, *, agreement_id: int) -> None:
    """Give the operator a new standing link by letter to the preposto; the one before stops opening.

    Raises :class:`UseCaseError` when no preposto with an address is on record.
    """
    with act(actor) as work:
        trails.take_turn(work.session)
        head = head_of(work.session, agreement_id)
        preposto = _preposto(work.session, agreement_id)
        if preposto is None:
            raise UseCaseError("Não há preposto com e-mail em registro. Registre-o no operador e emita o endereço.")
        before = store.newest_channel(work.session, agreement_id)
        row = issue(work.session, agreement_id, sent_to=preposto.email, now=work.now, by=actor.user_id)
        _send(work, head, preposto, row, replaces=before is not None and before.revoked_at is None)
        work.trail(
            "incident_channel_issued",
            "agreement",
            agreement_id,
            f"Endereço permanente de incidentes emitido em {head.label} e enviado a {preposto.email}.",
            {"generation": row.generation},
        )


def _send(work: Work, head: AgreementHead, preposto: Mailbox, row: IncidentChannel, *, replaces: bool) -> None:
    letter = letters.write(
        "incident_channel",
        letterhead(settings()),
        channel=ChannelLetter(
            head.id, head.label, head.operator_name, store.operator_cnpj(work.session, head.operator_id), replaces
        ),
        recipient=preposto,
    )
    enqueue(
        work,
        key=f"incident-channel:{head.id}:{row.generation}",
        kind="incident_channel",
        recipient=preposto.email,
        recipient_name=preposto.name,
        subject=letter.subject,
        body=letter.body,
        subject_kind="agreement",
        subject_id=head.id,
    )


def revoke_channel(actor: Actor, *, agreement_id: int, reason: str) -> None:
    """Take the standing link back; whoever opens it is told so."""
    because = reason.strip()
    if not because:
        raise UseCaseError("Diga por que o endereço é cancelado.", field="reason")
    with act(actor) as work:
        trails.take_turn(work.session)
        head = head_of(work.session, agreement_id)
        row = store.newest_channel(work.session, agreement_id)
        if row is None or row.revoked_at is not None:
            raise ConflictError("Não há endereço permanente em vigor neste acordo.")
        row.revoked_at, row.revoked_by_id, row.revoked_because = work.now, actor.user_id, because[:2000]
        work.trail(
            "incident_channel_revoked",
            "agreement",
            agreement_id,
            f"Endereço permanente de incidentes cancelado em {head.label}: {because[:200]}",
            {"generation": row.generation},
        )
