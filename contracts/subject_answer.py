"""Art. 11 — the court's own clock towards the data subject, inside which the operator's help must come (art. 14, X).

“visando a assegurar a celeridade necessária para a prestação da informação no prazo de 15 (quinze) dias contados da
data do protocolo do requerimento do titular, podendo tal prazo ser prorrogado, mediante justificativa fundamentada, por
igual período ou outro prazo fixado pela Agência Nacional de Proteção de Dados (ANPD)”

The article speaks of the data subject alone: towards an authority or another legitimate party the term is the one that
they gave. It does not say how the days run, so they run on (Lei nº 9.784/1999, art. 66, § 2º), the day of the protocol
is left out, and a term that ends on a day without expediente rolls forward (caput and § 1º). The extension is counted
from where the first term would have ended had it not rolled: thirty days in all, never more.
"""

from datetime import date

from contracts.vocabulary import Requester
from contracts.workdays import TermUnit, Workdays

ANSWER_DAYS = 15
"""Days from the protocol of the data subject's request (art. 11, caput)."""


def answer_term(protocol_on: date, workdays: Workdays, *, extended: bool = False) -> date:
    """Return the last day for the court to answer the data subject, once extended or not.

    Raises:
        CalendarRangeError: the term leaves what the calendar knows.
    """
    return workdays.due_after(protocol_on, ANSWER_DAYS * (2 if extended else 1), TermUnit.CALENDAR_DAYS)


def court_term(
    requester: Requester | None,
    protocol_on: date | None,
    given: date | None,
    workdays: Workdays,
    *,
    extended: bool = False,
) -> date | None:
    """Return the last day for the court to answer whoever asked; ``None`` when nobody has told us what counts.

    ``given`` is the term that an authority or another party set; for a data subject art. 11 sets it.
    """
    if requester is Requester.DATA_SUBJECT:
        return None if protocol_on is None else answer_term(protocol_on, workdays, extended=extended)
    return given
