"""The book of obligations: the law, the sentences that must be true, the numbers that the law leaves open."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, request

from contracts.vocabulary import INCISOS, Leg
from vendor_tracker.usecases import parameters
from vendor_tracker.usecases.parameters import BookObligation
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web.judged import address
from vendor_tracker.web.numbers import ParameterRow, parameter_row
from vendor_tracker.web.shell import render
from vendor_tracker.wording.labels import LEG_LONG, LEG_ORDER, label

blueprint = Blueprint("book", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation as the book prints it."""

    anchor: str
    inciso: str
    title: str
    law: str
    citation: str
    since: date
    until: date | None
    legs: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(short name, long name, sentences) of each aspecto."""
    related: tuple[tuple[str, str], ...]
    parameters: tuple[ParameterRow, ...]


@blueprint.get("/obrigacoes")
def show() -> tuple[str, int]:
    """Show the book in force today, or on the day in ``em``."""
    text = request.args.get("em", "").strip()
    refusal, status = "", 200
    try:
        page = parameters.book_page(on=date.fromisoformat(text) if text else None)
    except (ValueError, UseCaseError) as error:
        refusal = error.message if isinstance(error, UseCaseError) else "Informe um dia que exista."
        page, status = parameters.book_page(), 422
    return render(
        "book/show.html",
        page,
        status=status,
        twelve=tuple(_entry(item, page.on) for item in page.twelve),
        further=tuple(_entry(item, page.on) for item in page.further),
        others=tuple(parameter_row(line, page.on) for line in page.other_parameters),
        parameters_url=address("parameters.index"),
        refusal=refusal,
        typed=text if refusal or text else "",
    )


def _entry(item: BookObligation, on: date) -> Entry:
    return Entry(
        anchor=item.inciso.lower() if item.inciso in INCISOS else f"mais-{item.inciso.lower()}",
        inciso=item.inciso,
        title=item.title,
        law=item.law,
        citation=item.citation,
        since=item.since,
        until=item.until,
        legs=tuple((label(leg), LEG_LONG[leg], _sentences(item, leg)) for leg in LEG_ORDER),
        related=item.related,
        parameters=tuple(parameter_row(line, on) for line in item.parameters),
    )


def _sentences(item: BookObligation, leg: Leg) -> tuple[str, ...]:
    return item.requirements.get(leg, ())
