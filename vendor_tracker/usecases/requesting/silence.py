"""Silence after the last notice of a request: a fact on record, settled by the answer or by whoever lifts the term."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from vendor_tracker.store import conduct
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import Deviation, Request
from vendor_tracker.usecases.requesting.events import note_event
from vendor_tracker.usecases.work import Work

SILENCE = "silence"
"""What such a fact has as its source."""


def _owed(session: Session, request: Request) -> tuple[str, ...]:
    """Return the incisos of the items that the operator still has: all, or after a return those given back."""
    accepted = {
        answer.item_id: answer.decision == "accepted"
        for answer in store.answers(session, request.id)
        if answer.submitted_at is not None
    }
    return tuple(
        dict.fromkeys(item.inciso for item in store.items(session, request.id) if not accepted.get(item.id, False))
    )


def record_silence(work: Work, request: Request, head: RequestHead, *, since: date) -> tuple[str, ...]:
    """Put the silence of an operator on record, one fact for each inciso that it owes; returns the incisos.

    The caller holds the request, has made sure that somebody was reached, and judges the agreement afterwards.
    ``since`` is the last day on which an answer would still have been no silence.
    """
    incisos = _owed(work.session, request)
    for inciso in incisos:
        work.session.add(
            Deviation(
                agreement_id=request.agreement_id,
                inciso=inciso,
                description=(
                    f"Silêncio após o último aviso: a requisição {head.number}, com prazo até "
                    f"{request.due_on:%d/%m/%Y}, ficou sem resposta até {since:%d/%m/%Y}"
                ),
                found_on=work.today,
                source=SILENCE,
                request_id=request.id,
                recorded_at=work.now,
                recorded_by_id=work.actor.user_id,
            )
        )
    note_event(
        work,
        request,
        "silence",
        note=f"O último aviso não teve resposta até {since:%d/%m/%Y}. O silêncio foi registrado como ocorrência.",
    )
    work.session.flush()
    work.trail(
        "request_silent",
        "request",
        request.id,
        f"Silêncio do operador registrado na requisição {head.number}, após o último aviso.",
        {"incisos": list(incisos), "since": since},
    )
    return incisos


def settle_silence(work: Work, request: Request, *, on: date, why: str, incisos: Collection[str] | None = None) -> None:
    """Settle the silence about a request from the day ``on``; ``incisos`` limits it. Nothing there: no trace."""
    settled = []
    for row in conduct.open_silences(work.session, request.id):
        if incisos is None or row.inciso in incisos:
            work.session.add(
                row.next_version(
                    recorded_at=work.now,
                    recorded_by_id=work.actor.user_id,
                    # A silence that was answered before anybody noticed it is settled on the day it was noticed.
                    settled_on=max(on, row.found_on),
                )
            )
            settled.append(row.inciso)
    if settled:
        work.session.flush()
        number = store.number_of(request.year, request.sequence)
        work.trail(
            "silence_settled",
            "request",
            request.id,
            f"Silêncio na requisição {number} dado por sanado: {why}.",
            {"incisos": settled, "on": on},
        )
