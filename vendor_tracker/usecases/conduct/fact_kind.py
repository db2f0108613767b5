"""A kind of fact, and the checks and words that several kinds share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.norm import ART_14, ART_14_CAPUT
from contracts.vocabulary import INCISOS
from vendor_tracker.store import rulebook
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases.work import UseCaseError, Work

LONGEST_TEXT = 10_000
Values = Mapping[str, Any]
Typed = dict[str, Any]
Event = tuple[date | datetime, str]


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: its names, its inciso, why it is put on record, and how it is checked and told."""

    record: str
    """Slug of the record, as in :class:`contracts.facts.Record`."""
    slug: str
    """How addresses name it."""
    name: str
    plural: str
    register: str
    """The verb and its object, for a button: "Registrar auditoria"."""
    cause: str
    """What a change of verdict names as its cause: "Auditoria registrada"."""
    inciso: str
    """The inciso it speaks to; empty when the fact itself says which."""
    why: str
    check: Callable[[Work, AgreementHead, Typed], None]
    label: Callable[[Any], str]
    events: Callable[[Any], list[Event]]
    standing: Callable[[Any, date], str]
    fields: tuple[str, ...]
    takes_file: bool = False
    after: Callable[[Work, Any], object] | None = None
    """What else follows from a new version, in the same transaction."""
    lacking: Callable[[Any], tuple[str, ...]] = lambda _row: ()
    """What is still missing before the fact is settled, as sentences; most kinds ask for nothing more."""

    @property
    def law_text(self) -> str:
        """The words of the provision that asks for it."""
        return (ART_14[self.inciso].text if self.inciso else ART_14_CAPUT.text) or ""

    @property
    def law_place(self) -> str:
        """Where those words stand."""
        return ART_14[self.inciso].short_citation if self.inciso else ART_14_CAPUT.short_citation


def need(values: Typed, field: str, sentence: str) -> None:
    """Refuse an empty field with the sentence."""
    value = values.get(field)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise UseCaseError(sentence, field=field)


def refuse_future(work: Work, values: Typed, *fields: str) -> None:
    """Refuse what has not happened yet: plans have fields of their own."""
    for field in fields:
        value = values.get(field)
        late = value is not None and (value > work.now if isinstance(value, datetime) else value > work.today)
        if late:
            message = "Este momento ainda não chegou." if isinstance(value, datetime) else "Este dia ainda não chegou."
            raise UseCaseError(message, field=field)


def in_order(values: Typed, first: str, then: str, sentence: str) -> None:
    """Refuse a second day before the first."""
    before, after = values.get(first), values.get(then)
    if before is not None and after is not None and after < before:
        raise UseCaseError(sentence, field=then)


def known_inciso(work: Work, values: Typed) -> None:
    """Refuse an inciso that is neither of the twelve nor the organisation's."""
    codes = {*INCISOS, *(row.code for row in rulebook.further_obligations(work.session))}
    if values.get("inciso") not in codes:
        message = "Escolha o inciso a que o fato se refere."
        raise UseCaseError(message, field="inciso")


def day_text(value: date | None) -> str:
    """Write a day; nothing for none."""
    return f"{value:%d/%m/%Y}" if value else ""


def until_text(due: date | None, today: date) -> str:
    """Say until when something is open."""
    if due is None:
        return "em aberto, sem prazo"
    return (
        f"em aberto, prazo vencido em {day_text(due)}" if due < today else f"em aberto, com prazo até {day_text(due)}"
    )


def dated(*pairs: tuple[date | datetime | None, str]) -> list[Event]:
    """Return the events that have a day."""
    return [(when, text) for when, text in pairs if when is not None]


def short(text: str, length: int = 90) -> str:
    """Shorten a text at a word."""
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[: length - 1].rsplit(' ', 1)[0]}…"
