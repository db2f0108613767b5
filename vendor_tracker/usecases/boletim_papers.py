"""The boletim as a file: the PDF and the workbook of one agreement, or of an operator with all its agreements."""

from dataclasses import dataclass
from datetime import date

from vendor_tracker.reports import boletim_book, boletim_paper
from vendor_tracker.reports.boletim_paper import BoletimPaper
from vendor_tracker.reports.letters import letterhead
from vendor_tracker.reports.typesetting import TypesettingError
from vendor_tracker.running import settings
from vendor_tracker.usecases.boletim import NoAgreementPage, agreement_boletim, operator_boletim
from vendor_tracker.usecases.work import ConflictError, NotFoundError

MOST_AGREEMENTS = 25
"""How many agreements of an operator one file holds in full, the worst first; the file says how many it leaves out."""


@dataclass(frozen=True, slots=True)
class BoletimFile:
    """A file to be handed out; ``restricted`` when art. 5º protects an agreement in it."""

    name: str
    media_type: str
    data: bytes
    restricted: bool


def paper_of_agreement(*, agreement_id: int, on: date | None = None) -> BoletimPaper:
    """Return what the papers of one agreement are made of; raises :class:`NotFoundError`."""
    return BoletimPaper((agreement_boletim(agreement_id=agreement_id, on=on),), whole=False)


def paper_of_operator(*, operator_id: int, on: date | None = None) -> BoletimPaper:
    """Return what the papers of an operator are made of: its agreements, the worst of today first.

    Agreements that did not exist yet on the day are left out of it, as the painel of that day leaves them out.

    Raises :class:`NotFoundError` when there is no such operator, or it had no agreement on the day.
    """
    first = operator_boletim(operator_id=operator_id)
    if isinstance(first, NoAgreementPage):
        message = "Este operador não tem acordo em registro; não há boletim a baixar."
        raise NotFoundError(message)
    ids = [first.agreement_id, *(other.agreement_id for other in first.others)]
    pages = []
    for agreement_id in ids[:MOST_AGREEMENTS]:
        try:
            pages.append(agreement_boletim(agreement_id=agreement_id, on=on))
        except NotFoundError:
            if on is None:
                raise
    if not pages:
        message = "Este operador ainda não tinha acordo em registro nesse dia."
        raise NotFoundError(message)
    return BoletimPaper(tuple(pages), whole=True, left_out=max(len(ids) - MOST_AGREEMENTS, 0))


def agreement_pdf(*, agreement_id: int, on: date | None = None) -> BoletimFile:
    """Return the PDF of one agreement.

    Raises :class:`NotFoundError`, and :class:`ConflictError` when it cannot be set.
    """
    return _pdf(paper_of_agreement(agreement_id=agreement_id, on=on))


def operator_pdf(*, operator_id: int, on: date | None = None) -> BoletimFile:
    """Return the PDF of an operator; raises what :func:`agreement_pdf` raises."""
    return _pdf(paper_of_operator(operator_id=operator_id, on=on))


def agreement_sheet(*, agreement_id: int, on: date | None = None) -> BoletimFile:
    """Return the workbook of one agreement; raises :class:`NotFoundError`."""
    return _sheet(paper_of_agreement(agreement_id=agreement_id, on=on))


def operator_sheet(*, operator_id: int, on: date | None = None) -> BoletimFile:
    """Return the workbook of an operator; raises :class:`NotFoundError`."""
    return _sheet(paper_of_operator(operator_id=operator_id, on=on))


def _pdf(paper: BoletimPaper) -> BoletimFile:
    try:
        made = boletim_paper.boletim_pdf(paper, letterhead(settings()))
    except TypesettingError as error:
        message = "O PDF do boletim não pôde ser composto agora. Tente de novo em um minuto."
        raise ConflictError(message) from error
    return _file(paper, "pdf", boletim_paper.MEDIA_TYPE, made)


def _sheet(paper: BoletimPaper) -> BoletimFile:
    return _file(paper, "xlsx", boletim_book.MEDIA_TYPE, boletim_book.boletim_book(paper))


def _file(paper: BoletimPaper, ending: str, media_type: str, data: bytes) -> BoletimFile:
    secret = any(page.secret for page in paper.pages)
    return BoletimFile(boletim_paper.file_name(paper, ending), media_type, data, secret)
