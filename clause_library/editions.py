"""New versions of clauses, written and approved by the organisation, put over the files of the library.

An edition passes through exactly the checks of a file, because it is written as one before it is read. From its day on
it takes the place of the text before it; files that come later with a new release of the product never replace what
the organisation approved.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from clause_library.catalogue import Catalogue, CatalogueError, Clause, checked, parse_clause
from clause_library.conditions import Condition
from clause_library.markup import (
    Item,
    Line,
    MarkupError,
    Reference,
    Slot,
    TableSource,
    Words,
    letter,
    lines_of,
    parse_body,
    written,
)
from clause_library.placeholders import Placeholders
from contracts.norm import is_verbatim

_QUOTE = re.compile(r"“([^”]*)”")
_TERM = re.compile(r"\b\d+(?: \([a-zà-ú ]+\))? (?:horas?|dias?|mês|meses|anos?)\b")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a clause that the organisation wrote. ``since`` is its first day.

    ``applies_when`` is the condition as a file has it, written in JSON, so that editions can be told apart and kept.
    """

    clause_id: str
    version: int
    since: date
    title: str
    body: str
    incisos: tuple[str, ...]
    formalities: tuple[str, ...]
    applies_when: str
    why: str


def condition_as_data(condition: Condition) -> object:
    """Return a condition as files and editions keep it: the opposite of reading it."""
    if condition.operator == "name":
        return condition.name
    if condition.operator == "not":
        return {"not": condition_as_data(condition.parts[0])}
    return {condition.operator: [condition_as_data(part) for part in condition.parts]}


def clause_of(edition: Edition, placeholders: Placeholders) -> Clause:
    """Read an edition as the clause file that it would be.

    Raises:
        CatalogueError: anything that a file may not have either; ``said`` tells the author.
    """
    name = f"{edition.clause_id}.v{edition.version}.md"
    if "+++" in edition.body:
        raise CatalogueError(f"{name}: +++ in the text", "O texto não pode conter “+++”.")
    try:
        lines = tuple(lines_of(parse_body(edition.body)))
    except MarkupError as error:
        raise CatalogueError(f"{name}: {error}", error.said) from error
    quotes = quotes_of(lines)
    for quote in quotes:
        if not is_verbatim(quote):
            raise CatalogueError(
                f"{name}: {quote!r} is not in the Portaria",
                f"O trecho entre aspas “{quote}” não está na Portaria palavra por palavra. Corrija-o ou tire as aspas.",
            )
    slots = {inline.name for line in lines for inline in line if isinstance(inline, Slot)}
    front: Mapping[str, object] = {
        "id": edition.clause_id,
        "title": edition.title,
        "incisos": list(edition.incisos),
        "formalities": list(edition.formalities),
        "applies_when": json.loads(edition.applies_when),
        "version": edition.version,
        "placeholders": sorted(slots),
        "quotes": list(quotes),
        "why": edition.why,
    }
    head = "".join(f"{key} = {_toml(value)}\n" for key, value in front.items())
    return parse_clause(
        name, f"+++\n{head}since = {edition.since.isoformat()}\n+++\n\n{edition.body.strip()}\n", placeholders
    )


def quotes_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """What stands between quotation marks in the lines, each once, in reading order."""
    text = "\n".join(written(line) for line in lines)
    return tuple(dict.fromkeys(quote for quote in _QUOTE.findall(text) if quote.strip()))


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    # What JSON escapes in a text or writes for a whole number, TOML reads alike; U+007F is the one exception.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_MERGED: dict[tuple[int, tuple[Edition, ...]], tuple[Catalogue, Catalogue]] = {}
_REMEMBERED_AT_MOST = 16


def with_editions(base: Catalogue, editions: Iterable[Edition]) -> Catalogue:
    """Put the organisation's editions over the files and check the whole as if all of it were files.

    A clause keeps its files up to the one before its first edition. From there on, each text ends on the next's eve.
    The same base and editions give the same catalogue, built once.

    Raises:
        CatalogueError: an edition that no file could be, two editions of a clause out of order, or a library that
            would lack something on some day; ``said`` tells who writes clauses.
    """
    ordered = tuple(sorted(editions, key=lambda edition: (edition.clause_id, edition.version)))
    if not ordered:
        return base
    # The key is the base's identity, and the base is kept beside it, so that no other can take the same identity.
    key = (id(base), ordered)
    held = _MERGED.get(key)
    if held is None:
        if len(_MERGED) >= _REMEMBERED_AT_MOST:
            _MERGED.clear()
        held = _MERGED[key] = (base, _merged(base, ordered))
    return held[1]


def _merged(base: Catalogue, editions: Sequence[Edition]) -> Catalogue:
    by_id: dict[str, list[Clause]] = {}
    for edition in editions:
        by_id.setdefault(edition.clause_id, []).append(clause_of(edition, base.placeholders))
    clauses: list[Clause] = [clause for clause in base.clauses if clause.id not in by_id]
    for clause_id, written_here in by_id.items():
        first = written_here[0]
        files = [
            clause
            for clause in base.versions_of(clause_id)
            if clause.version < first.version and clause.since < first.since
        ]
        if not files:
            raise CatalogueError(
                f"{clause_id}: no file of the library comes before version {first.version}",
                "Não há texto anterior desta cláusula. Uma versão nova começa depois da que está em vigor.",
            )
        clauses += _ended([*files, *written_here])
    return checked(clauses, base.documents, base.placeholders)


def _ended(versions: Sequence[Clause]) -> list[Clause]:
    """Let each version end on the eve of the next."""
    ended = []
    for position, clause in enumerate(versions):
        following = versions[position + 1] if position + 1 < len(versions) else None
        if following is None:
            ended.append(clause)
            continue
        if following.since <= clause.since:
            raise CatalogueError(
                f"{clause.id}: version {following.version} begins on {following.since}, not after {clause.since}",
                f"A versão {clause.version} vale desde {clause.since:%d/%m/%Y}; a seguinte tem de começar depois desse "
                "dia.",
            )
        ended.append(replace(clause, until=following.since - timedelta(days=1)))
    return ended


# A clause written back as text, for the page where its next version is written, and for comparing two of them.


def as_text(clause: Clause) -> str:
    """Write the body of a clause back in the subset, each paragraph on one line; reading it gives the same clause."""
    parts: list[str] = []
    position = 0
    for block in clause.body:
        if isinstance(block, TableSource):
            parts.append(_table_text(block))
        else:
            position += 1
            parts.append("\n".join(_item_text(block, f"{position}.")))
    return "\n\n".join(parts) + "\n"


def _item_text(item: Item, label: str) -> list[str]:
    lines = [f"{'   ' * (item.level - 2)}{label} {_source(item.line)}"]
    for position, child in enumerate(item.children, start=1):
        lines += _item_text(child, f"{letter(position)})" if child.level == 3 else f"{_ROMAN[position - 1]})")
    return lines


def _table_text(table: TableSource) -> str:
    def row(cells: Sequence[Line]) -> str:
        return "| " + " | ".join(_source(cell) for cell in cells) + " |"

    rule = "|" + "|".join("---" for _ in table.header) + "|"
    rows = "\n".join(row(cells) for cells in table.rows)
    return f"Quadro: {_source(table.caption)}\n\n{row(table.header)}\n{rule}\n{rows}"


def _source(line: Line) -> str:
    parts = []
    for inline in line:
        if isinstance(inline, Words):
            mark = {"": "", "em": "*", "strong": "**"}[inline.emphasis]
            parts.append(f"{mark}{inline.text}{mark}")
        elif isinstance(inline, Slot):
            parts.append(f"{{{inline.name}}}")
        else:
            parts.append(_reference_source(inline))
    return "".join(parts)


def _reference_source(reference: Reference) -> str:
    where = reference.clause if reference.item is None else f"{reference.clause}/{reference.item}"
    words = f"|{reference.present}|{reference.absent}" if reference.absent else ""
    return f"{{{{ref:{where}{words}}}}}"


# What a check cannot decide, and a person should look at before a version is approved.


def advice(clause: Clause, catalogue: Catalogue) -> tuple[str, ...]:
    """Sentences about what is allowed and yet often a slip: numbers of the clause's own, items that others point to."""
    found = []
    words = [written(line) for line in lines_of(clause.body)]
    own = {term for line in words for term in _TERM.findall(line)}
    before = catalogue.versions_of(clause.id)
    kept = {term for line in lines_of(before[-1].body) for term in _TERM.findall(written(line))} if before else set()
    if own - kept:
        found.append(
            f"O texto fixa por si {_listed(sorted(own - kept))}. Se o número for convencionado, e não de norma, use um "
            "campo de parâmetro administrativo, para que possa mudar sem nova versão."
        )
    if pointing := _pointing_at(clause, catalogue):
        found.append(
            f"{_listed(pointing)} {'remetem' if len(pointing) > 1 else 'remete'} a itens desta cláusula pelo número. "
            "Confira se os números ainda são os mesmos."
        )
    if before and not clause.points and before[-1].points:
        found.append("A versão anterior atendia a pontos da Portaria; esta não atende a nenhum.")
    return tuple(found)


def _pointing_at(clause: Clause, catalogue: Catalogue) -> list[str]:
    titles = {
        f"“{other.title}”"
        for other in catalogue.clauses
        if other.id != clause.id and other.until is None
        for line in lines_of(other.body)
        for inline in line
        if isinstance(inline, Reference) and inline.clause == clause.id and inline.item is not None
    }
    return sorted(titles)


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} e {items[-1]}"
