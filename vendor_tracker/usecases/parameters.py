"""What the twelve are judged by: the book, the administrative parameters, the calendars, the further obligations.

The law is only read here. What the organisation may decide is added with its day, who decided it and why; nothing is
ever overwritten, so that a past day keeps the numbers it was judged by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from contracts.norm import (
    ART_14_CAPUT,
    ART_14_SOLE_PARAGRAPH,
    CROSS_REFERENCE_NOTE,
    PORTARIA_DATED_ON,
    PUBLICATION_NOTE,
)
from contracts.obligation import Obligation, Version
from contracts.obligations import TWELVE
from contracts.policy import Group, Override, Parameter, Policy, PolicyError
from contracts.vocabulary import INCISOS, EvidenceKind, Leg
from vendor_tracker import clock
from vendor_tracker.calendars import CalendarChange, ClosedDay, cnj_closed_days, federal_closed_days
from vendor_tracker.store import rulebook
from vendor_tracker.store.rulebook import CalendarRow, FurtherRow, OverrideRow
from vendor_tracker.store.tables import CalendarDay, FurtherObligationRow, PolicyOverride
from vendor_tracker.usecases.judging import CALENDAR_YEARS, as_obligations, evaluate_register, policy_of
from vendor_tracker.usecases.presenting import law_text
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, act, look

# ----------------------------------------------------------------------------------------------------------------------
# The book
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A parameter as lists show it: its number today, since when, and what is already decided for later."""

    key: str
    label: str
    unit: str
    group: Group
    value: int | Mapping[str, int]
    since: date
    decided_by: str
    note: str
    keyed_by: str | None
    entries: Mapping[str, str]
    own: bool
    """Whether the organisation decided the number itself."""
    ahead: tuple[tuple[date, int | Mapping[str, int]], ...] = ()
    """Numbers already decided that hold from a later day on."""


@dataclass(frozen=True, slots=True)
class BookObligation:
    """One obligation of the book, as it is in force on the day."""

    inciso: str
    title: str
    law: str
    citation: str
    since: date
    until: date | None
    requirements: Mapping[Leg, tuple[str, ...]]
    related: tuple[tuple[str, str], ...]
    """(where, what it is about) of each related provision."""
    parameters: tuple[ParameterLine, ...]


@dataclass(frozen=True, slots=True)
class BookPage:
    """The book of obligations on a day."""

    title: str
    on: date
    today: date
    caput: str
    sole_paragraph: str
    twelve: tuple[BookObligation, ...]
    further: tuple[BookObligation, ...]
    other_parameters: tuple[ParameterLine, ...]
    """Those that no inciso cites: requests, exposure, score."""
    notes: tuple[str, ...]
    """Defects and doubts of the norm itself, told and not mended."""


_CITED = re.compile(r"Art\. 14, ([IVX]+)\b")


def book_page(*, on: date | None = None) -> BookPage:
    """Return the book in force on the day ``on`` (default: today): law, sentences, numbers.

    Raises :class:`UseCaseError` for a day before the Portaria.
    """
    today = clock.today()
    day = on or today
    if day < PORTARIA_DATED_ON:
        raise UseCaseError(f"O livro começa em {PORTARIA_DATED_ON:%d/%m/%Y}, o dia da Portaria.", field="em")
    with look() as session:
        policy = policy_of(session)
        own = {row.key for row in rulebook.overrides(session) if row.since <= day}
        rows = [row for row in rulebook.further_obligations(session) if row.since <= day]
    lines = {parameter.key: _line(parameter, day, own) for parameter in policy.parameters}
    cited: dict[str, list[ParameterLine]] = {}
    for line in lines.values():
        for inciso in _CITED.findall(line.note):
            cited.setdefault(inciso, []).append(line)
    return BookPage(
        title="Obrigações e parâmetros",
        on=day,
        today=today,
        caput=ART_14_CAPUT.text or "",
        sole_paragraph=ART_14_SOLE_PARAGRAPH.text or "",
        twelve=tuple(
            _in_book(item, version, tuple(cited.get(item.inciso, ())))
            for item in TWELVE
            if (version := item.on(day)) is not None
        ),
        further=tuple(
            _in_book(item, version, ()) for item in as_obligations(rows) if (version := item.on(day)) is not None
        ),
        other_parameters=tuple(line for line in lines.values() if not _CITED.search(line.note)),
        notes=(CROSS_REFERENCE_NOTE, PUBLICATION_NOTE),
    )


def _in_book(item: Obligation, version: Version, parameters: tuple[ParameterLine, ...]) -> BookObligation:
    by_leg = zip(Leg, version.legs, strict=True)
    citation = version.law.short_citation if item.inciso in INCISOS else version.law.label
    return BookObligation(
        inciso=item.inciso,
        title=item.title,
        law=law_text(item.inciso, version.law),
        citation=citation,
        since=version.since,
        until=version.until,
        requirements={leg: tuple(requirement.sentence for requirement in asked) for leg, asked in by_leg},
        related=tuple((reference.short_citation, reference.label) for reference in version.related),
        parameters=parameters,
    )


def _line(parameter: Parameter, on: date, own: set[str]) -> ParameterLine:
    value = parameter.on(on)
    return ParameterLine(
        key=parameter.key,
        label=parameter.label,
        unit=parameter.unit,
        group=parameter.group,
        value=value.value,
        since=value.since,
        decided_by=parameter.decided_by,
        note=parameter.note,
        keyed_by=parameter.keyed_by,
        entries=parameter.entries,
        own=parameter.key in own,
        ahead=tuple((later.since, later.value) for later in parameter.values if later.since > on),
    )


# ----------------------------------------------------------------------------------------------------------------------
# Parameters
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ParametersPage:
    """Every administrative parameter, by group, in the order of the file."""

    title: str
    today: date
    groups: tuple[tuple[Group, tuple[ParameterLine, ...]], ...]
    further: tuple[FurtherRow, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A number that a parameter has or had. ``recorded_at`` is None for the numbers that came with the product."""

    since: date
    value: int | Mapping[str, int]
    decided_by: str
    reason: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParameterPage:
    """One parameter with its whole history, the newest decision first."""

    title: str
    today: date
    line: ParameterLine
    table_keys: tuple[str, ...]
    minimum: int
    maximum: int
    history: tuple[HistoryLine, ...]


def parameters_page() -> ParametersPage:
    """Return every parameter as it stands today."""
    today = clock.today()
    with look() as session:
        policy = policy_of(session)
        own = {row.key for row in rulebook.overrides(session) if row.since <= today}
        further = rulebook.further_obligations(session)
    groups: dict[Group, list[ParameterLine]] = {}
    for parameter in policy.parameters:
        groups.setdefault(parameter.group, []).append(_line(parameter, today, own))
    return ParametersPage(
        "Parâmetros",
        today,
        tuple((group, tuple(lines)) for group, lines in groups.items()),
        tuple(further),
    )


def parameter_page(*, key: str) -> ParameterPage:
    """Return one parameter; raises :class:`NotFoundError` when there is none with this key."""
    today = clock.today()
    with look() as session:
        policy = policy_of(session)
        rows = [row for row in rulebook.overrides(session) if row.key == key]
    parameter = _parameter(policy, key)
    shipped = Policy.load().parameter(key)
    history = [_decision(row) for row in reversed(rows)]
    history += [
        HistoryLine(value.since, value.value, shipped.decided_by, "Valor que acompanha o sistema.", None)
        for value in reversed(shipped.values)
    ]
    own = {row.key for row in rows if row.since <= today}
    return ParameterPage(
        title=parameter.label,
        today=today,
        line=_line(parameter, today, own),
        table_keys=parameter.table_keys,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        history=tuple(history),
    )


def _decision(row: OverrideRow) -> HistoryLine:
    return HistoryLine(row.since, row.value, row.decided_by, row.reason, row.recorded_at)


def _parameter(policy: Policy, key: str) -> Parameter:
    try:
        return policy.parameter(key)
    except PolicyError as error:
        raise NotFoundError("Este parâmetro não existe.") from error


def decide_parameter(
    actor: Actor, *, key: str, since: date, value: int | Mapping[str, int], decided_by: str, reason: str
) -> int:
    """Record that a parameter is worth ``value`` from the day ``since`` on; returns the id of the decision.

    A decision never reaches back: what was judged yesterday was judged by yesterday's number. When it holds from today
    on, the whole register is judged anew.
    """
    with act(actor) as work:
        policy = policy_of(work.session)
        parameter = _parameter(policy, key)
        if since < work.today:
            raise UseCaseError("A decisão vale de hoje em diante: escolha hoje ou um dia futuro.", field="since")
        _require(decided_by, "decided_by", "Informe quem decidiu, com o ato, quando houver.")
        _require(reason, "reason", "Explique o motivo: quem for avaliado por este número poderá lê-lo.")
        try:
            policy.with_overrides([Override(key, since, value)])
        except PolicyError as error:
            raise UseCaseError(str(error), field="value") from error
        plain = dict(value) if isinstance(value, Mapping) else value
        if parameter.on(since).value == plain:
            raise ConflictError(f"O parâmetro já vale isso em {since:%d/%m/%Y}; nada há para decidir.")
        row = PolicyOverride(
            key=key,
            since=since,
            value=plain,
            decided_by=decided_by.strip(),
            reason=reason.strip(),
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "decide_parameter",
            "parameter",
            row.id,
            f"Parâmetro “{parameter.label}” alterado a partir de {since:%d/%m/%Y}.",
            {"key": key, "since": since, "value": plain, "decided_by": row.decided_by, "reason": row.reason},
        )
        decision, today = row.id, work.today
    if since <= today:
        evaluate_register(actor=actor, cause=f"Parâmetro alterado: {parameter.label}")
    return decision


def _require(text: str, field: str, sentence: str) -> None:
    if not text.strip():
        raise UseCaseError(sentence, field=field)


# ----------------------------------------------------------------------------------------------------------------------
# Calendars
# ----------------------------------------------------------------------------------------------------------------------

CALENDARS: Mapping[str, str] = {"cnj": "do órgão", "federal": "federal"}
"""The two calendars: the court's, and the federal one that ANPD counts by."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day without expediente."""

    day: date
    name: str
    source: str
    own: bool
    """Whether the administrator entered it."""


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The closed days of a year and what the administrator entered."""

    title: str
    calendar: str
    year: int
    years: tuple[int, ...]
    days: tuple[DayLine, ...]
    entries: tuple[CalendarRow, ...]
    """The administrator's entries of the year, the newest first."""


def calendar_page(*, calendar: str = "cnj", year: int | None = None) -> CalendarPage:
    """Return the days without expediente of a year (default: this one)."""
    if calendar not in CALENDARS:
        raise NotFoundError("Este calendário não existe.")
    this_year = clock.today().year
    shown = this_year if year is None else year
    if not CALENDAR_YEARS[0] <= shown <= CALENDAR_YEARS[1]:
        raise NotFoundError(f"O calendário vai de {CALENDAR_YEARS[0]} a {CALENDAR_YEARS[1]}.")
    with look() as session:
        rows = rulebook.calendar_days(session, calendar=calendar, year=shown)
    entered = {row.day for row in rows}
    return CalendarPage(
        title="Calendário",
        calendar=calendar,
        year=shown,
        years=tuple(range(this_year - 1, this_year + 3)),
        days=tuple(
            DayLine(closed.day, closed.name, closed.source, closed.day in entered)
            for closed in _closed_days(calendar, shown, rows)
        ),
        entries=tuple(reversed(rows)),
    )


def _closed_days(calendar: str, year: int, rows: list[CalendarRow]) -> tuple[ClosedDay, ...]:
    changes = [CalendarChange(row.day, row.closed, row.name, row.source) for row in rows]
    return (federal_closed_days if calendar == "federal" else cnj_closed_days)((year,), changes)


def set_day(actor: Actor, *, calendar: str, day: date, closed: bool, name: str, source: str) -> int:
    """Close a day, or open it after all, by the act ``source``; returns the id of the entry.

    Terms already sent keep their day; the register is judged anew, because some terms are counted when judged.
    """
    if calendar not in CALENDARS:
        raise UseCaseError("Escolha o calendário.", field="calendar")
    if not CALENDAR_YEARS[0] <= day.year <= CALENDAR_YEARS[1]:
        raise UseCaseError(f"Escolha um dia entre {CALENDAR_YEARS[0]} e {CALENDAR_YEARS[1]}.", field="day")
    if day.weekday() > 4:
        raise UseCaseError("Sábados e domingos nunca têm expediente; não é preciso registrá-los.", field="day")
    if closed:
        _require(name, "name", "Informe o nome do dia, por exemplo “Ponto facultativo”.")
    _require(source, "source", "Informe o ato que decidiu, por exemplo “Portaria nº 10/2026”.")
    with act(actor) as work:
        rows = rulebook.calendar_days(work.session, calendar=calendar, year=day.year)
        is_closed = any(entry.day == day for entry in _closed_days(calendar, day.year, rows))
        if is_closed == closed:
            raise ConflictError(
                f"O dia {day:%d/%m/%Y} já está {'sem' if closed else 'com'} expediente neste calendário."
            )
        row = CalendarDay(
            calendar=calendar,
            day=day,
            closed=closed,
            name=name.strip(),
            source=source.strip(),
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        said = "sem expediente" if closed else "com expediente"
        work.trail(
            "set_day",
            "calendar",
            row.id,
            f"Calendário {CALENDARS[calendar]}: {day:%d/%m/%Y} {said}.",
            {"calendar": calendar, "day": day, "closed": closed, "name": row.name, "source": row.source},
        )
        entry = row.id
    evaluate_register(actor=actor, cause="Calendário alterado")
    return entry


# ----------------------------------------------------------------------------------------------------------------------
# Further obligations ("não se limitam")
# ----------------------------------------------------------------------------------------------------------------------

_CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")


def add_further(
    actor: Actor,
    *,
    code: str,
    title: str,
    text: str,
    since: date,
    needs_clause: bool,
    evidence_kinds: tuple[EvidenceKind, ...],
    decided_by: str,
    decided_on: date,
) -> int:
    """Add an obligation to the twelve, as data; returns its lineage. The register is judged anew."""
    code = code.strip().upper()
    if not _CODE.fullmatch(code) or len(code) > 20:
        raise UseCaseError(
            "Use até 20 letras maiúsculas sem acento, algarismos e hifens, por exemplo SEGURO-1.", field="code"
        )
    if re.fullmatch(r"[IVXLCDM]+", code):
        raise UseCaseError("O código não pode parecer o número de um inciso.", field="code")
    _require(title, "title", "Informe um título curto.")
    _require(text, "text", "Escreva a obrigação por inteiro: é o texto que o operador lerá.")
    _require(decided_by, "decided_by", "Informe quem decidiu.")
    if since < PORTARIA_DATED_ON:
        raise UseCaseError(f"A obrigação só pode valer a partir de {PORTARIA_DATED_ON:%d/%m/%Y}.", field="since")
    if not needs_clause and not evidence_kinds:
        raise UseCaseError("Peça ao menos uma cláusula ou uma prova: sem elas nada se avalia.", field="needs_clause")
    with act(actor) as work:
        if decided_on > work.today:
            raise UseCaseError("A decisão não pode ser de um dia futuro.", field="decided_on")
        if any(row.code == code for row in rulebook.further_obligations(work.session)):
            raise ConflictError(f"Já existe uma obrigação com o código {code}.", field="code")
        row = FurtherObligationRow(
            code=code,
            title=title.strip().rstrip("."),
            text=text.strip(),
            since=since,
            needs_clause=needs_clause,
            evidence_kinds=[kind.value for kind in evidence_kinds],
            decided_by=decided_by.strip(),
            decided_on=decided_on,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        lineage = row.lineage or row.id
        work.trail(
            "add_further",
            "further_obligation",
            lineage,
            f"Obrigação {code} acrescentada às doze, a partir de {since:%d/%m/%Y}: {row.title}.",
            {"code": code, "since": since, "decided_by": row.decided_by, "decided_on": decided_on},
        )
    evaluate_register(actor=actor, cause=f"Obrigação acrescentada: {code}")
    return lineage


def further_row(*, lineage: int) -> FurtherRow:
    """Return one further obligation; raises :class:`NotFoundError` when there is none."""
    with look() as session:
        found = [row for row in rulebook.further_obligations(session) if row.lineage == lineage]
    if not found:
        raise NotFoundError("Esta obrigação não existe.")
    return found[0]


def end_further(actor: Actor, *, lineage: int, until: date, decided_by: str) -> None:
    """End a further obligation: ``until`` is the last day on which it is judged. Past days keep it."""
    _require(decided_by, "decided_by", "Informe quem decidiu.")
    with act(actor) as work:
        row = rulebook.further_version(work.session, lineage)
        if row is None:
            raise NotFoundError("Esta obrigação não existe.")
        if until < row.since:
            raise UseCaseError(f"O último dia não pode ser anterior ao primeiro, {row.since:%d/%m/%Y}.", field="until")
        if until < work.today:
            raise UseCaseError("Escolha hoje ou um dia futuro: o que já foi avaliado fica como está.", field="until")
        work.session.add(row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, until=until))
        work.session.flush()
        work.trail(
            "end_further",
            "further_obligation",
            lineage,
            f"Obrigação {row.code} deixa de valer depois de {until:%d/%m/%Y}.",
            {"until": until, "decided_by": decided_by.strip()},
        )
