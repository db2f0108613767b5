"""The people of an operator who have access to the data (art. 14, VIII): counts, gaps, many at once, the exhibition.

No more is kept of a person than what the rule needs: how the operator names them to us, why they need the access, the
day of the commitment, from when to when. The commitment itself is a file.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from contracts.cnpj import mask_cpf_in
from contracts.norm import ART_14
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.reports.exhibition import Head, Line, index_page, index_table
from vendor_tracker.running import settings
from vendor_tracker.store import conduct as store
from vendor_tracker.store import papers, register
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import AuthorisedPerson
from vendor_tracker.usecases import filing, judging
from vendor_tracker.usecases.filing import FileView
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, UseCaseError, act, look

MOST_AT_ONCE = 500
LONGEST_LABEL, LONGEST_FUNCTION, LONGEST_NEED = 120, 200, 2000
COLUMNS = ("identificação", "função", "por que precisa", "compromisso assinado em", "acesso desde")
_MOMENT = (1980, 1, 1, 0, 0, 0)
_IN_MEMORY = 4 * 1024 * 1024
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the register. ``state`` is ``present``, ``coming`` or ``gone``; ``gaps`` are sentences."""

    lineage: int
    label: str
    function: str
    need: str
    has_need: bool | None
    committed_on: date | None
    access_from: date
    access_until: date | None
    left_on: date | None
    state: str
    gaps: tuple[str, ...]
    file: FileView | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Everyone on the register of an agreement."""

    title: str
    agreement: AgreementHead
    law: str
    citation: str
    people: tuple[PersonLine, ...]
    """Those with gaps first, then those with access, then those who are to have it."""
    former: tuple[PersonLine, ...]
    present: int
    uncommitted: int
    without_need: int
    left_with_access: int
    without_file: int
    """With a commitment on record and no file of it."""
    said_nobody: bool
    exhibition_days: int
    """Working days in which the operator must show the commitments (an administrative parameter)."""
    today: date


@dataclass(frozen=True, slots=True)
class ManyPage:
    """What the form for many people at once needs."""

    title: str
    agreement: AgreementHead
    columns: tuple[str, ...]
    today: date


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A line of the form for many."""

    label: str
    function: str
    need: str
    committed_on: date | None
    access_from: date


@dataclass(frozen=True, slots=True)
class Exhibition:
    """The pack, to be handed out piece by piece."""

    name: str
    size: int
    restricted: bool
    pieces: Iterator[bytes]


def state_of(access_from: date, access_until: date | None, on: date) -> str:
    """Tell whether a person has access on the day, is to have it, or no longer has."""
    if access_until is not None and access_until < on:
        return "gone"
    return "coming" if access_from > on else "present"


def gaps_of(row: AuthorisedPerson, on: date) -> tuple[str, ...]:
    """Say what is wrong or missing about a person who has access or is to have it; the rule is that of inciso VIII."""
    if state_of(row.access_from, row.access_until, on) == "gone":
        return ()
    found = []
    if row.left_on is not None and row.left_on < on:
        found.append(f"Deixou o operador em {row.left_on:%d/%m/%Y} e continua com acesso.")
    if row.committed_on is None or row.committed_on > on:
        found.append("Sem compromisso de confidencialidade assinado.")
    elif row.committed_on > row.access_from:
        found.append("O compromisso é posterior ao começo do acesso.")
    elif row.file_id is None:
        found.append("O compromisso assinado não está em arquivo.")
    if row.has_need is False:
        found.append("Sem necessidade estrita do acesso.")
    elif row.has_need is None:
        found.append("Não consta por que precisa do acesso.")
    return tuple(found)


_ORDER = {"present": 1, "coming": 2}


def show(actor: Actor, *, agreement_id: int) -> PeoplePage:
    """Return the register of the people of an agreement; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        head = head_of(session, agreement_id)
        rows = store.facts_of_kind(session, agreement_id, "person")
        held = register.holding_on(register.revisions(session, agreement_id), today)
        days = judging.policy_of(session).on(today).number("commitment_exhibition_days")
        lines = []
        kept = papers.stored_files(session, [row.file_id for row in rows])
        for row in rows:
            file = kept.get(row.file_id)
            lines.append(
                PersonLine(
                    lineage=int(row.lineage or row.id),
                    label=row.label,
                    function=row.function,
                    need=row.need,
                    has_need=row.has_need,
                    committed_on=row.committed_on,
                    access_from=row.access_from,
                    access_until=row.access_until,
                    left_on=row.left_on,
                    state=state_of(row.access_from, row.access_until, today),
                    gaps=gaps_of(row, today),
                    file=None if file is None else filing.view_of(file, actor, secret=head.secret),
                )
            )
    current = [line for line in lines if line.state != "gone"]
    present = [line for line in current if line.state == "present"]
    return PeoplePage(
        title="Pessoas autorizadas",
        agreement=head,
        law=ART_14["VIII"].text or "",
        citation=ART_14["VIII"].short_citation,
        people=tuple(sorted(current, key=lambda line: (not line.gaps, _ORDER[line.state], line.label.casefold()))),
        former=tuple(
            sorted(
                (line for line in lines if line.state == "gone"),
                key=lambda line: line.access_until or today,
                reverse=True,
            )
        ),
        present=len(present),
        uncommitted=sum(1 for line in current if line.committed_on is None or line.committed_on > today),
        without_need=sum(1 for line in current if line.has_need is not True),
        left_with_access=sum(1 for line in current if line.left_on is not None and line.left_on < today),
        without_file=sum(1 for line in current if line.committed_on is not None and line.file is None),
        said_nobody=held is not None and held.nobody_has_access is True,
        exhibition_days=days,
        today=today,
    )


def many_page(*, agreement_id: int) -> ManyPage:
    """Return what the form for many people needs; raises :class:`NotFoundError`."""
    with look() as session:
        return ManyPage("Registrar várias pessoas", head_of(session, agreement_id), COLUMNS, clock.today())


def read_people(text: str, *, known: Collection[str], today: date) -> tuple[list[NewPerson], list[str]]:
    """Read one person a line, as typed or pasted from a sheet; returns the people and what was not understood.

    Fields are parted by ``;`` or by a tab: identification, function, need, day of the commitment, first day of access.
    The last one may be left out: it is then today. Days are ``dd/mm/aaaa`` or ISO. ``known`` holds the identifications
    already on the register.
    """
    people: list[NewPerson] = []
    problems: list[str] = []
    met = {_folded(label) for label in known}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        fields = [" ".join(part.split()) for part in re.split(r"[;\t]", line)]
        if number == 1 and _folded(fields[0]) == _folded(COLUMNS[0]):
            continue
        label, function, need, committed, since = (*fields, "", "", "", "", "")[:5]
        try:
            if len(fields) > len(COLUMNS) and any(fields[len(COLUMNS) :]):
                raise ValueError(f"há mais de {len(COLUMNS)} campos")
            if not label:
                raise ValueError("falta a identificação")
            if mask_cpf_in(line) != line:
                raise ValueError("há um CPF; use iniciais ou matrícula")
            if len(label) > LONGEST_LABEL or len(function) > LONGEST_FUNCTION or len(need) > LONGEST_NEED:
                raise ValueError("um dos campos é longo demais")
            if _folded(label) in met:
                raise ValueError(f"{label} já está no registro ou se repete")
            committed_on = _day(committed, "o dia do compromisso")
            if committed_on is not None and committed_on > today:
                raise ValueError("o compromisso está no futuro")
            access_from = _day(since, "o começo do acesso") or today
        except ValueError as error:
            problems.append(f"Linha {number}: {error}.")
            continue
        met.add(_folded(label))
        people.append(NewPerson(label, function, need, committed_on, access_from))
    return people, problems


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _day(text: str, what: str) -> date | None:
    if not text:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no hour.
        except ValueError:
            continue
        if 1950 <= found.year <= 2150:
            return found
    raise ValueError(f"não se entendeu {what}, “{text}”; escreva como 31/12/2026")


def record_many(actor: Actor, *, agreement_id: int, text: str) -> int:
    """Put many people on the register in one act; returns how many. Either all are recorded or none is."""
    with act(actor) as work:
        head = head_of(work.session, agreement_id)
        rows = store.facts_of_kind(work.session, agreement_id, "person")
        known = [row.label for row in rows if state_of(row.access_from, row.access_until, work.today) != "gone"]
        people, problems = read_people(text, known=known, today=work.today)
        if problems:
            shown = problems[:10]
            more = f" E mais {len(problems) - 10}." if len(problems) > len(shown) else ""
            raise UseCaseError(" ".join(shown) + more, field="people")
        if not people:
            raise UseCaseError("Escreva ao menos uma pessoa, uma por linha.", field="people")
        if len(people) > MOST_AT_ONCE:
            raise UseCaseError(f"Registre no máximo {MOST_AT_ONCE} pessoas de cada vez.", field="people")
        for person in people:
            work.session.add(
                AuthorisedPerson(
                    agreement_id=agreement_id,
                    label=person.label,
                    function=person.function,
                    has_need=True if person.need else None,
                    need=person.need,
                    committed_on=person.committed_on,
                    access_from=person.access_from,
                    recorded_at=work.now,
                    recorded_by_id=actor.user_id,
                )
            )
        work.session.flush()
        judging.rejudge(work, [agreement_id], cause="Pessoas autorizadas registradas")
        work.trail(
            "people_recorded",
            "agreement",
            agreement_id,
            f"{len(people)} pessoas autorizadas registradas em {head.label}."
            if len(people) > 1
            else f"Uma pessoa autorizada registrada em {head.label}.",
            {"people": [person.label for person in people]},
        )
        return len(people)


def exhibit(actor: Actor, files: FileStore, *, agreement_id: int) -> Exhibition:
    """Make the pack that shows the commitments on demand: an index to read, one to count, the files and their sums.

    Whoever may not open protected files gets the index without them, and the index says so. The act is in the trail.
    """
    page = show(actor, agreement_id=agreement_id)
    if not page.people:
        raise UseCaseError("Não há pessoas no registro: nada a exibir.")
    lines: list[Line] = []
    sums: list[tuple[str, str]] = []
    target: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by the last piece.
    restricted = False
    head = Head(page.agreement.label, page.agreement.operator_name, page.law, page.citation, clock.now())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for position, person in enumerate(page.people, 1):
            name, note, digest = "", "", ""
            if person.file is None:
                note = "sem arquivo em registro"
            elif not person.file.readable:
                note = "arquivo protegido, não incluído (art. 5º da Portaria)"
            else:
                data = filing.open_file(actor, files, file_id=person.file.id).data
                restricted = restricted or person.file.restricted
                name = f"compromissos/{position:03d}-{_slug(person.label)}{_ending(person.file.name)}"
                digest = _put(archive, name, data)
                sums.append((digest, name))
            lines.append(
                Line(
                    position,
                    person.label,
                    person.function,
                    person.need,
                    person.committed_on,
                    person.access_from,
                    person.left_on,
                    person.gaps,
                    name,
                    digest,
                    note,
                )
            )
        enclosed = len(sums)
        for name, data in (
            ("indice.html", index_page(settings().body, head, lines)),
            ("indice.csv", index_table(lines)),
        ):
            sums.append((_put(archive, name, data), name))
        listed = "".join(f"{digest}  {name}\n" for digest, name in sorted(sums, key=lambda each: each[1])).encode()
        _put(archive, "SHA256SUMS", listed)
    with act(actor) as work:
        work.trail(
            "commitments_exhibited",
            "agreement",
            agreement_id,
            f"Pacote de exibição dos compromissos de {page.agreement.label} gerado, com {enclosed} compromissos.",
            {"people": len(lines), "sums": hashlib.sha256(listed).hexdigest()},
        )
    size = target.seek(0, io.SEEK_END)
    target.seek(0)
    return Exhibition(f"Compromissos - {page.agreement.label.replace('/', '-')}.zip", size, restricted, _pieces(target))


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    with source:
        while piece := source.read(_PIECE):
            yield piece


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> str:
    """Add a file to the pack; returns its SHA-256."""
    entry = zipfile.ZipInfo(name, date_time=_MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)
    return hashlib.sha256(data).hexdigest()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "pessoa"


def _ending(name: str) -> str:
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return found.group().lower() if found else ""
