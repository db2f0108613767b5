"""Finding an agreement's head and a signed paper, or saying that there is none."""

from sqlalchemy.orm import Session

from vendor_tracker.store import papers
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import Instrument
from vendor_tracker.usecases.work import NotFoundError


def head_of(session: Session, agreement_id: int) -> AgreementHead:
    """Return the head of an agreement; raises :class:`NotFoundError`."""
    head = papers.agreement_head(session, agreement_id)
    if head is None:
        message = "Este acordo não existe."
        raise NotFoundError(message)
    return head


def paper_of(session: Session, lineage: int) -> Instrument:
    """Return the newest version of a signed paper; raises :class:`NotFoundError`."""
    paper = papers.current_instrument(session, lineage)
    if paper is None:
        message = "Este instrumento não existe."
        raise NotFoundError(message)
    return paper
