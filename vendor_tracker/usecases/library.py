"""The clause library as people read it: what serves each inciso, since when, in which documents, word for word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clause_library.catalogue import Catalogue, Clause
from clause_library.conditions import Condition
from clause_library.markup import Item, Line, Reference, Slot, TableSource, Words, letter
from contracts.norm import ART_6_IV, ART_6_P1, ART_6_V, ART_14, LegalReference
from contracts.vocabulary import INCISOS, Formality
from vendor_tracker import clock
from vendor_tracker.usecases.judging import catalogue_of
from vendor_tracker.usecases.work import NotFoundError, look

_CONDITIONS: Mapping[str, str] = {
    "always": "sempre",
    "sensitive": "há dados sensíveis, ou não se sabe",
    "children": "há dados de crianças ou adolescentes, ou não se sabe",
    "judicial_secrecy": "há dados sob segredo de justiça ou sigilo, ou não se sabe",
    "international_transfer": "há transferência internacional, ou não se sabe",
    "sub_operators": "há suboperadores, ou não se sabe",
    "public_body": "a outra parte é órgão ou entidade de direito público",
    "joint_controllers": "as partes decidem juntas sobre o tratamento (controladores conjuntos)",
    "independent_controller": "a outra parte é controladora independente",
}

_NEGATED: Mapping[str, str] = {
    "sensitive": "consta que não há dados sensíveis",
    "children": "consta que não há dados de crianças nem de adolescentes",
    "judicial_secrecy": "consta que não há dados sob segredo de justiça nem sigilo",
    "international_transfer": "consta que não há transferência internacional",
    "sub_operators": "consta que não há suboperadores",
    "public_body": "a outra parte não é órgão nem entidade de direito público",
    "joint_controllers": "as partes não são controladoras conjuntas",
    "independent_controller": "a outra parte não é controladora independente",
}

_FORMALITY_LAW: Mapping[Formality, LegalReference] = {
    Formality.PUBLIC_FUNCTION: ART_6_IV,
    Formality.PURPOSE: ART_6_P1,
    Formality.CATEGORIES: ART_6_P1,
    Formality.GUARANTEES: ART_6_P1,
    Formality.SUBJECT_ACCESS: ART_6_P1,
    Formality.BIENNIAL_REVIEW: ART_6_V,
}

_DOCUMENTS: Mapping[str, str] = {"anexo": "anexo", "termo-aditivo": "termo aditivo"}


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in a list."""

    id: str
    title: str
    version: int
    since: date
    applies: str
    """When it stands in a document, in words that follow "entra quando"; empty when always."""
    documents: tuple[str, ...]
    """Names of the documents that may have it."""
    incisos: tuple[str, ...]
    formalities: tuple[Formality, ...]


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """The clauses in force on the day: those of each inciso, of each formality, and the rest."""

    title: str
    on: date
    edition_since: date
    edition: str
    by_inciso: tuple[tuple[str, tuple[ClauseLine, ...]], ...]
    by_formality: tuple[tuple[Formality, tuple[ClauseLine, ...]], ...]
    others: tuple[ClauseLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TextPart:
    """A run of a clause's text. ``kind``: ``text``, ``em``, ``strong``, ``slot`` (to be filled in) or ``ref``."""

    kind: str
    text: str
    target: str = ""
    """Id of the clause that a reference leads to; empty within the same clause."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A numbered paragraph: level 2 is "1.", 3 is "a)", 4 is "i)"."""

    level: int
    number: str
    parts: tuple[TextPart, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of a clause."""

    caption: tuple[TextPart, ...]
    header: tuple[tuple[TextPart, ...], ...]
    rows: tuple[tuple[tuple[TextPart, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class ServedPoint:
    """A point of the Portaria that a clause serves, with its words."""

    inciso: str
    formality: Formality | None
    law_text: str
    law_place: str


@dataclass(frozen=True, slots=True)
class ClauseVersion:
    """One version of a clause, in full."""

    version: int
    since: date
    until: date | None
    in_force: bool
    blocks: tuple[TextLine | TextTable, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class ClausePage:
    """A clause: its text, what it serves, when it applies."""

    title: str
    line: ClauseLine
    why: str
    points: tuple[ServedPoint, ...]
    versions: tuple[ClauseVersion, ...]
    """The newest first; the first is the one to read."""


def condition_in_words(condition: Condition) -> str:
    """Return when a clause applies, as it follows "entra quando"; empty when always."""
    return "" if condition.is_always else _said(condition)


def _said(condition: Condition) -> str:
    if condition.operator == "name":
        return _CONDITIONS[condition.name]
    if condition.operator == "not":
        inner = condition.parts[0]
        return _NEGATED[inner.name] if inner.operator == "name" else f"não é o caso de que {_said(inner)}"
    joint = "; e " if condition.operator == "all" else "; ou "
    return joint.join(_said(part) for part in condition.parts)


def _line(catalogue: Catalogue, clause: Clause) -> ClauseLine:
    held = [
        _DOCUMENTS.get(spec.id, spec.id)
        for spec in catalogue.documents.values()
        if clause.id in spec.clauses or clause.id in spec.gap_clauses
    ]
    return ClauseLine(
        clause.id,
        clause.title,
        clause.version,
        clause.since,
        condition_in_words(clause.applies_when),
        tuple(held),
        clause.incisos,
        clause.formalities,
    )


def index() -> LibraryPage:
    """Return the clauses in force today."""
    on = clock.today()
    with look() as session:
        catalogue = catalogue_of(session)
    lines = [_line(catalogue, clause) for clause in catalogue.on(on).values()]
    since, edition = catalogue.edition(on)
    return LibraryPage(
        title="Biblioteca de cláusulas",
        on=on,
        edition_since=since,
        edition=edition,
        by_inciso=tuple((inciso, tuple(line for line in lines if inciso in line.incisos)) for inciso in INCISOS),
        by_formality=tuple(
            (formality, tuple(line for line in lines if formality in line.formalities))
            for formality in Formality
            if any(formality in line.formalities for line in lines)
        ),
        others=tuple(line for line in lines if not line.incisos and not line.formalities),
        total=len(lines),
    )


def show(*, clause_id: str) -> ClausePage:
    """Return a clause with every version of its text; raises :class:`NotFoundError`."""
    on = clock.today()
    with look() as session:
        catalogue = catalogue_of(session)
    versions = sorted(
        (clause for clause in catalogue.clauses if clause.id == clause_id),
        key=lambda clause: clause.since,
        reverse=True,
    )
    if not versions:
        message = "Esta cláusula não existe."
        raise NotFoundError(message)
    held = next((clause for clause in versions if clause.in_force(on)), versions[0])
    return ClausePage(
        title=held.title,
        line=_line(catalogue, held),
        why=held.why,
        points=tuple(
            [ServedPoint(each, None, ART_14[each].text or "", ART_14[each].short_citation) for each in held.incisos]
            + [
                ServedPoint("", each, _FORMALITY_LAW[each].text or "", _FORMALITY_LAW[each].short_citation)
                for each in held.formalities
                if each in _FORMALITY_LAW
            ]
        ),
        versions=tuple(
            ClauseVersion(
                clause.version,
                clause.since,
                clause.until,
                clause.in_force(on),
                _blocks(catalogue, clause),
                clause.digest,
            )
            for clause in versions
        ),
    )


def _blocks(catalogue: Catalogue, clause: Clause) -> tuple[TextLine | TextTable, ...]:
    blocks: list[TextLine | TextTable] = []
    position = 0
    for block in clause.body:
        if isinstance(block, TableSource):
            blocks.append(
                TextTable(
                    _parts(catalogue, block.caption),
                    tuple(_parts(catalogue, cell) for cell in block.header),
                    tuple(tuple(_parts(catalogue, cell) for cell in row) for row in block.rows),
                )
            )
        else:
            position += 1
            blocks.extend(_item(catalogue, block, f"{position}."))
    return tuple(blocks)


def _item(catalogue: Catalogue, item: Item, number: str) -> list[TextLine]:
    lines = [TextLine(item.level, number, _parts(catalogue, item.line))]
    for position, child in enumerate(item.children, start=1):
        lines.extend(
            _item(catalogue, child, f"{letter(position)})" if child.level == 3 else f"{_small_roman(position)})")
        )
    return lines


def _small_roman(number: int) -> str:
    return ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[number - 1]


def _parts(catalogue: Catalogue, line: Line) -> tuple[TextPart, ...]:
    parts = []
    for inline in line:
        if isinstance(inline, Words):
            parts.append(TextPart(inline.emphasis or "text", inline.text))
        elif isinstance(inline, Slot):
            parts.append(TextPart("slot", _slot_label(catalogue, inline.name)))
        else:
            parts.append(_reference(catalogue, inline))
    return tuple(parts)


def _slot_label(catalogue: Catalogue, name: str) -> str:
    placeholders = catalogue.placeholders
    if name in placeholders.parameters:
        return placeholders.parameters[name].label
    return placeholders.facts[name].label


def _reference(catalogue: Catalogue, inline: Reference) -> TextPart:
    item = f", item {inline.item}" if inline.item else ""
    words = inline.present.replace("#", "").strip() or "cláusula"
    return TextPart("ref", f"{words} “{_title_of(catalogue, inline.clause)}”{item}", inline.clause)


def _title_of(catalogue: Catalogue, clause_id: str) -> str:
    return next((clause.title for clause in reversed(catalogue.clauses) if clause.id == clause_id), clause_id)
