"""Makes drafts: agreement + parameters + day -> numbered paragraphs, tables and the list of what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clause_library import phrases
from clause_library.catalogue import GAPS, Catalogue, Clause, DocumentSpec, applicable, load_catalogue, repeats
from clause_library.conditions import Situation
from clause_library.description import SUBJECTS, AgreementDescription, Gap, Subject
from clause_library.draft import (
    CrossReference,
    Draft,
    DraftClause,
    Inline,
    Line,
    MatrixRow,
    Paragraph,
    Signature,
    Table,
    Text,
    plain,
)
from clause_library.markup import Item, Reference, Slot, TableSource, Words, letter
from clause_library.markup import Line as SourceLine
from clause_library.resolving import Resolver, situation_of
from clause_library.subjects import list_of
from contracts.vocabulary import AgreementKind, Coverage, Role

__all__ = [
    "AgreementDescription",
    "DraftRefused",
    "Gap",
    "NothingToAmend",
    "draft_anexo",
    "draft_document",
    "draft_termo_aditivo",
    "roman",
]

_AMENDED_CLAUSES = "aditivo.clausulas"
_REPEATED_ITEM = "item.referencia"
_CHAIN = "suboperador"


class NothingToAmend(ValueError):
    """No gap that a clause can supply, so there is no termo aditivo to draft; the message is Portuguese."""


class DraftRefused(ValueError):
    """The agreement is not one that the document fits; the message is Portuguese and says why."""


def draft_document(
    kind: str,
    description: AgreementDescription,
    *,
    parameters: Mapping[str, int],
    on: date,
    subject: Subject | None = None,
    gaps: Iterable[Gap] = (),
    renewing: Iterable[str] = (),
    number: int | None = None,
    catalogue: Catalogue | None = None,
) -> Draft:
    """Draft any document of the library: the one door, whatever the kind.

    Args:
        kind: the document, by its slug in ``documents/``.
        description: the agreement; what is unknown becomes a blank to fill in, and is listed as missing.
        parameters: numbers by the name of their placeholder without ``parametro.``; see ``document_parameters``.
        on: the day whose clauses are used.
        subject: what the document is about besides the agreement, of the type that its file names.
        gaps: for a termo aditivo, what the signed instruments lack, as a person confirmed.
        renewing: for a termo aditivo, the clauses that the signed instruments carry in an older text.
        number: for a termo aditivo, its order, from 1; ``None`` is asked for.
        catalogue: the library; the product's own unless a test gives another.

    Raises:
        NothingToAmend: a termo aditivo has nothing to mend, or nothing that a clause can supply.
        DraftRefused: there is no instrument, no personal data, or the number is not a positive one.
        TypeError: the subject is not what the document is about.
        ValueError: two gaps speak of the same point.
        PlaceholderError: a parameter that no clause uses, or a number that a document may not carry.
        CatalogueError: there is no such document, or the day is before the Portaria.
    """
    library = catalogue or load_catalogue()
    spec = library.document(kind)
    _check_fits(description, spec)
    wanted = SUBJECTS.get(spec.subject)
    if (subject is None) is not (wanted is None) or (wanted is not None and not isinstance(subject, wanted)):
        raise TypeError(f"{kind} is about {spec.subject or 'the agreement alone'}, not {type(subject).__name__}")
    if number is not None and number < 1:
        raise DraftRefused("O número de ordem do termo aditivo começa em 1.")
    lacking = [gap for gap in gaps if gap.coverage is not Coverage.COVERED]
    if len({gap.point for gap in lacking}) != len(lacking):
        raise ValueError("two gaps speak of the same point")
    by_point = {gap.point: gap for gap in lacking}
    situation = situation_of(description, subject)
    mending: tuple[Clause, ...] = ()
    if spec.gap_clauses:
        mending = _mending(library, spec, by_point, _renewed(library, spec, situation, renewing, on), on)
    standing = {clause.id: clause for clause in applicable(library, spec, situation, on)}
    clauses: list[Clause] = []
    for clause_id in spec.clauses:
        if clause_id == GAPS:
            clauses += mending
        elif clause_id in standing:
            clauses.append(standing[clause_id])
    resolver = Resolver(
        description,
        parameters=parameters,
        placeholders=library.placeholders,
        amendment_number=number,
        subject=subject,
        document_name=spec.name,
        on=on,
    )
    writer = _Writer(resolver, tuple(clauses), mending, numbering=spec.numbering)
    served = {point for clause in mending for point in clause.points}
    unserved = tuple(point for point in by_point if point not in served)
    return _compose(
        writer, library, spec, situation, on, gaps=by_point if spec.gap_clauses else None, unserved=unserved
    )


def _renewed(
    library: Catalogue, spec: DocumentSpec, situation: Situation, renewing: Iterable[str], on: date
) -> tuple[str, ...]:
    """The clauses to bring up to date that the agreement still calls for, in the order in which an annex has them.

    The frame of an earlier termo aditivo is not renewed: it did its work when it was signed.
    """
    in_force = library.on(on)
    asked = set(renewing) - set(spec.clauses)
    order = dict.fromkeys((*library.document("anexo").clauses, *sorted(asked)))
    return tuple(
        clause
        for clause in order
        if clause in asked and clause in in_force and in_force[clause].applies_when.holds(situation)
    )


def _mending(
    library: Catalogue, spec: DocumentSpec, by_point: Mapping[str, Gap], renewed: Sequence[str], on: date
) -> tuple[Clause, ...]:
    """The clauses that mend the gaps, in the document's order, and then those that only bring a text up to date.

    Raises :class:`NothingToAmend` without any.
    """
    in_force = library.on(on)
    mending = [
        in_force[clause]
        for clause in spec.gap_clauses
        if set(in_force[clause].points) & set(by_point) or clause in renewed
    ]
    mending += [in_force[clause] for clause in renewed if clause not in spec.gap_clauses]
    if not mending:
        raise NothingToAmend(
            "Não há cláusula a incluir: o instrumento já cobre os pontos conferidos."
            if not by_point
            else "Não há cláusula a incluir: o que falta não se supre com termo aditivo de proteção de dados."
        )
    return tuple(mending)


def draft_anexo(
    description: AgreementDescription,
    *,
    parameters: Mapping[str, int],
    on: date,
    catalogue: Catalogue | None = None,
) -> Draft:
    """Draft the annex with the whole set of clauses that the agreement calls for; see :func:`draft_document`."""
    return draft_document("anexo", description, parameters=parameters, on=on, catalogue=catalogue)


def draft_termo_aditivo(
    description: AgreementDescription,
    gaps: Iterable[Gap],
    *,
    renewing: Iterable[str] = (),
    parameters: Mapping[str, int],
    on: date,
    number: int | None = None,
    catalogue: Catalogue | None = None,
) -> Draft:
    """Draft the termo aditivo with only the clauses that mend the gaps; see :func:`draft_document`.

    Points that are covered are left alone; points that no clause can supply are named in ``Draft.unserved``.
    """
    return draft_document(
        "termo-aditivo",
        description,
        parameters=parameters,
        on=on,
        gaps=gaps,
        renewing=renewing,
        number=number,
        catalogue=catalogue,
    )


def _check_fits(description: AgreementDescription, spec: DocumentSpec) -> None:
    if description.kind is AgreementKind.NONE and not spec.without_instrument:
        raise DraftRefused(
            "Este acordo está registrado sem instrumento. Registre o instrumento a que o documento se refere."
        )
    if description.role is Role.NO_PERSONAL_DATA:
        raise DraftRefused("Este acordo está registrado sem tratamento de dados pessoais; não há cláusulas a emitir.")


@dataclass(frozen=True, slots=True)
class _Place:
    number: int
    anchor: str


def _anchor(clause_id: str, *parts: int) -> str:
    """A name that Word accepts for a bookmark: letters, digits and underscores, at most 40."""
    return "_".join(["cl", clause_id.replace("-", "_")[:24], *(str(part) for part in parts)])


class _Writer:
    """Writes lines and clauses, numbering clauses and tables as it goes."""

    def __init__(
        self,
        resolver: Resolver,
        clauses: tuple[Clause, ...],
        amending: Sequence[Clause] = (),
        *,
        numbering: str = "clauses",
    ) -> None:
        self._resolver = resolver
        self.clauses = clauses
        self.amending = amending
        self._heading = "CLÁUSULA" if numbering == "clauses" else ""
        self.places = {clause.id: _Place(number, _anchor(clause.id)) for number, clause in enumerate(clauses, start=1)}
        self._tables = 0
        self._repeated = self._places_of_repeated_items()
        self._turn = 0
        """Which member of a list the row at hand is about."""

    @property
    def resolver(self) -> Resolver:
        return self._resolver

    def _places_of_repeated_items(self) -> dict[int, CrossReference]:
        """Where the item about each member of a list stands, by its turn in the list, for the rows about it."""
        found = {}
        for clause in self.clauses:
            if not clause.own:
                continue
            items = [block for block in clause.body if isinstance(block, Item)]
            for prefix in filter(None, map(repeats, items[-1:])):
                for turn in range(len(self._resolver.members(prefix))):
                    position = len(items) + turn
                    number = f"{self.places[clause.id].number}.{position}"
                    found[turn] = CrossReference(_anchor(clause.id, position), number)
        return found

    def line(self, source: SourceLine, member: Any = None) -> Line:
        """Fill in one line; neighbouring words of the same emphasis become one text."""
        inlines: list[Inline] = []
        for inline in source:
            if isinstance(inline, Words):
                inlines.append(Text(inline.text, inline.emphasis))
            elif isinstance(inline, Reference):
                inlines += self._reference(inline)
            elif inline.name == _AMENDED_CLAUSES:
                inlines += self._amended()
            elif inline.name == _REPEATED_ITEM and self._turn in self._repeated:
                inlines.append(self._repeated[self._turn])
            else:
                inlines += self._resolver.resolve(inline.name, member)
        return _joined(inlines)

    def clause(self, clause: Clause) -> DraftClause:
        """Write a clause in its place, numbering its items under its number."""
        place = self.places[clause.id]
        content: list[Paragraph | Table] = []
        position = 0
        for block in clause.body:
            if isinstance(block, TableSource):
                content.append(self.table(block.caption, block.header, block.rows, block.widths))
                continue
            prefix = repeats(block) if clause.own else ""
            for member in self._resolver.members(prefix) if prefix else (None,):
                position += 1
                number = f"{place.number}.{position}"
                content.append(self._paragraph(block, number, _anchor(clause.id, position), member))
        return DraftClause(
            clause.id,
            clause.version,
            place.number,
            clause.title,
            place.anchor,
            clause.points,
            clause.why,
            tuple(content),
            clause.own,
            self._heading,
        )

    def table(
        self,
        caption: SourceLine,
        header: Sequence[SourceLine],
        rows: Sequence[Sequence[SourceLine]],
        widths: tuple[int, ...] = (),
    ) -> Table:
        """Write a table, repeating the rows that speak of each member of a list."""
        self._tables += 1
        number = self._tables
        written: list[tuple[Line, ...]] = []
        for row in rows:
            for turn, member in enumerate(self._members(row)):
                self._turn = turn
                written.append(tuple(self.line(cell, member) for cell in row))
        return Table(number, self.line(caption), tuple(self.line(cell) for cell in header), tuple(written), widths)

    def ready_table(self, caption: SourceLine, header: Sequence[str], rows: Iterable[tuple[Line, ...]]) -> Table:
        """Number a table whose cells are already lines of the draft."""
        self._tables += 1
        return Table(self._tables, self.line(caption), tuple((Text(cell),) for cell in header), tuple(rows))

    def clause_reference(self, clause_id: str) -> CrossReference:
        """The clause as prose names it: "CLÁUSULA 5", or "5" in a paper with sections."""
        place = self.places[clause_id]
        return CrossReference(place.anchor, f"{self._heading} {place.number}".strip())

    def _members(self, row: Sequence[SourceLine]) -> Sequence[Any]:
        slots = [inline.name for cell in row for inline in cell if isinstance(inline, Slot)]
        lists = {list_of(slot) or (_CHAIN if slot.startswith(f"{_CHAIN}.") else "") for slot in slots} - {""}
        return self._resolver.members(min(lists)) if lists else (None,)

    def _paragraph(self, item: Item, number: str, anchor: str, member: Any = None) -> Paragraph:
        line = self.line(item.line, member)
        children = tuple(
            self._paragraph(child, _label(child.level, position), f"{anchor}_{position}", member)
            for position, child in enumerate(item.children, start=1)
        )
        return Paragraph(item.level, number, line, anchor, children)

    def _reference(self, reference: Reference) -> list[Inline]:
        place = self.places.get(reference.clause)
        if place is None:
            return [Text(reference.absent)]
        before, after = reference.present.split("#")
        if reference.item is None:
            link = self.clause_reference(reference.clause)
        else:
            link = CrossReference(_anchor(reference.clause, reference.item), f"{place.number}.{reference.item}")
        return [Text(before), link, Text(after)]

    def _amended(self) -> list[Inline]:
        """The clauses that a termo aditivo adds; they stand together, so the first and the last name them all."""
        first, last = (self.clause_reference(clause.id) for clause in (self.amending[0], self.amending[-1]))
        if first == last:
            return [Text("a "), first]
        return [Text("as cláusulas seguintes, da "), first, Text(" à "), last]


def _joined(inlines: Iterable[Inline]) -> Line:
    joined: list[Inline] = []
    for inline in inlines:
        last = joined[-1] if joined else None
        if isinstance(inline, Text) and isinstance(last, Text) and inline.emphasis == last.emphasis:
            joined[-1] = Text(last.text + inline.text, last.emphasis)
        elif not isinstance(inline, Text) or inline.text:
            joined.append(inline)
    return tuple(joined)


def _label(level: int, position: int) -> str:
    return f"{letter(position)})" if level == 3 else f"{roman(position)} –"


def roman(number: int) -> str:
    """A number from 1 to 39 in Roman capitals, as Word numbers the fourth level."""
    tens, units = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]


def _compose(
    writer: _Writer,
    library: Catalogue,
    spec: DocumentSpec,
    situation: Situation,
    on: date,
    *,
    gaps: Mapping[str, Gap] | None = None,
    unserved: tuple[str, ...] = (),
) -> Draft:
    """Write the parts in reading order, so that tables are numbered and missing facts listed as they are met."""
    title = writer.line(spec.title)
    subtitle = tuple(writer.line(line) for line in spec.subtitle)
    parties = None
    if spec.parties is not None:
        parties = writer.table(spec.parties.caption, spec.parties.header, spec.parties.rows)
    preamble = tuple(writer.line(line) for line in spec.preamble)
    recitals = tuple(writer.line(line) for line in spec.recitals)
    matrix = _matrix(writer, gaps)
    points_first = spec.points == "grounds"
    points_table = _points_table(writer, spec, matrix) if points_first else None
    clauses = tuple(writer.clause(clause) for clause in writer.clauses)
    if points_table is None and spec.points != "none":
        points_table = _points_table(writer, spec, matrix)
    closing = writer.line(spec.closing)
    signatures = tuple(
        Signature(
            writer.line(block.party), writer.line(block.name), writer.line(block.position), writer.line(block.capacity)
        )
        for block in spec.signatures
        if block.applies_when.holds(situation)
    )
    header = writer.line(spec.header)
    since, digest = library.edition_of(spec, on)
    return Draft(
        document_id=spec.id,
        document_version=spec.version,
        on=on,
        court=plain(writer.resolver.resolve("orgao.nome")),
        subject=plain((*writer.resolver.resolve("instrumento.designacao"), Text(", "), *_operator(writer))),
        title=title,
        subtitle=subtitle,
        header=header,
        preamble=preamble,
        recitals=recitals,
        parties=parties,
        points_first=points_first,
        points_table=points_table,
        matrix=matrix,
        clauses=clauses,
        closing=closing,
        signatures=signatures,
        missing=writer.resolver.missing,
        clause_set=f"{since.isoformat()}-{digest}",
        clause_set_since=since,
        unserved=unserved,
        numbering=spec.numbering,
        binding=spec.binding,
    )


def _operator(writer: _Writer) -> Line:
    return writer.resolver.resolve("operador.nome")


def _matrix(writer: _Writer, gaps: Mapping[str, Gap] | None) -> tuple[MatrixRow, ...]:
    rows = []
    serving = {point: clause.id for clause in writer.clauses for point in clause.points}
    for point, duty in phrases.DUTIES.items():
        if point not in serving or (gaps is not None and point not in gaps):
            continue
        clause_id = serving[point]
        lacks = phrases.what_lacks(gaps[point].coverage, phrases.clean(gaps[point].missing_idea)) if gaps else ""
        number = writer.places[clause_id].number
        rows.append(MatrixRow(str(point), phrases.provision(point), duty, clause_id, number, lacks))
    return tuple(rows)


def _points_table(writer: _Writer, spec: DocumentSpec, matrix: tuple[MatrixRow, ...]) -> Table:
    grounds = spec.points == "grounds"
    header = ["Portaria", "Ponto exigido", *(["O que falta no Instrumento"] if grounds else [])]
    rows: list[tuple[Line, ...]] = []
    for row in matrix:
        cells: list[Line] = [(Text(row.provision),), (Text(row.duty),)]
        if grounds:
            cells.append((Text(row.lacks),))
        rows.append((*cells, (writer.clause_reference(row.clause_id),)))
    if grounds:
        rows += [
            (
                (Text(phrases.provision("IV")),),
                (Text(f"Texto em vigor da cláusula “{clause.title}”"),),
                (Text(f"O Instrumento traz um texto anterior; o atual vale desde {clause.since:%d/%m/%Y}."),),
                (writer.clause_reference(clause.id),),
            )
            for clause in writer.amending
            if clause.id not in {row.clause_id for row in matrix}
        ]
    return writer.ready_table(spec.points_caption, [*header, "Suprido pela" if grounds else "Atendido pela"], rows)
