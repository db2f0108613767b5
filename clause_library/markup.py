"""The plain Markdown subset in which clauses are written, read into a tree.

A clause body holds numbered items (``1.``), lettered items (``a)``, three spaces in), roman items (``i)``, six spaces
in) and tables (pipes under a ``Quadro: caption`` line). Inside a line: ``*emphasis*``, ``**strong**``, a placeholder
``{operador.nome}`` and a reference ``{{ref:clause-id/2}}``. A reference to another clause carries the words to print
when that clause is in the document and when it is not: ``{{ref:disposal|da cláusula #|do dever de descarte}}``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

PLACEHOLDER_NAME = r"[a-z]+(?:\.[a-z_]+)"
_INLINE = re.compile(
    r"\{\{ref:(?P<ref>[^{}]*)\}\}"
    rf"|\{{(?P<slot>{PLACEHOLDER_NAME})\}}"
    r"|\*\*(?P<strong>[^*{}]+)\*\*"
    r"|\*(?P<em>[^*{}]+)\*"
)
_REFERENCE = re.compile(
    r"(?P<clause>[a-z0-9-]+)(?:/(?P<item>[1-9][0-9]*))?(?:\|(?P<present>[^|]*#[^|]*)\|(?P<absent>[^|]+))?"
)
_ITEM = re.compile(r"(?P<indent> *)(?P<label>[1-9][0-9]*\.|[a-z]+\)) (?P<text>\S.*)")
_CAPTION = "Quadro: "
_INDENTS = {0: 2, 3: 3, 6: 4}
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


class MarkupError(ValueError):
    """The text is not in the subset; the message says where and what was expected.

    ``said`` says it in Portuguese, to who writes a clause on a page and never sees this file.
    """

    def __init__(self, message: str, said: str) -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.said = said


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words; ``emphasis`` is "", "em" (a foreign word) or "strong" (a term being defined)."""

    text: str
    emphasis: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to fill with a fact or a parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a clause, or to one of its items. ``#`` in ``present`` stands for the number.

    A reference inside one clause has ``present`` "#" and an empty ``absent``.
    """

    clause: str
    item: int | None
    present: str
    absent: str


Inline = Words | Slot | Reference
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered paragraph. ``level`` is 2 for ``1.``, 3 for ``a)``, 4 for ``i)``."""

    level: int
    line: Line
    children: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table as written. A row that holds placeholders of a list is repeated for each member of the list.

    ``widths`` are the dashes of the rule under each heading, as shares of the text's width; empty when all are alike.
    """

    caption: Line
    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...] = ()


Block = Item | TableSource


@dataclass
class _OpenItem:
    level: int
    text: list[str]
    children: list["_OpenItem"] = field(default_factory=list)

    def closed(self) -> Item:
        return Item(self.level, parse_line(" ".join(self.text)), tuple(child.closed() for child in self.children))


def parse_line(text: str) -> Line:
    """Read one line of prose.

    Raises:
        MarkupError: a brace, an asterisk or a reference that does not belong to the subset.
    """
    inlines: list[Inline] = []
    position = 0
    for match in _INLINE.finditer(text):
        inlines += _words(text[position : match.start()], text)
        position = match.end()
        if match["ref"] is not None:
            inlines.append(_reference(match["ref"]))
        elif match["slot"] is not None:
            inlines.append(Slot(match["slot"]))
        elif match["strong"] is not None:
            inlines.append(Words(match["strong"], "strong"))
        else:
            inlines.append(Words(match["em"], "em"))
    return (*inlines, *_words(text[position:], text))


def _words(text: str, line: str) -> list[Inline]:
    if re.search(r"[{}*]", text):
        raise MarkupError(
            f"stray brace or asterisk in {line!r}",
            f"Há uma chave ou um asterisco sem par, ou um campo que não se lê, em “{line}”. Escreva campos como "
            "{operador.nome} e destaques como *palavra* ou **palavra**.",
        )
    return [Words(text)] if text else []


def _reference(text: str) -> Reference:
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise MarkupError(
            f"malformed reference {text!r}; write ref:clause, ref:clause/2 or ref:clause|with #|without",
            f"A remissão “{text}” não se lê. Escreva {{{{ref:cláusula/2}}}} para um item desta cláusula, ou "
            "{{ref:cláusula|da #|o que escrever sem ela}} para outra.",
        )
    return Reference(
        match["clause"], int(match["item"]) if match["item"] else None, match["present"] or "#", match["absent"] or ""
    )


def parse_body(text: str) -> tuple[Block, ...]:
    """Read the body of a clause into its items and tables, in order.

    Raises:
        MarkupError: text outside an item, wrong indentation, a number or letter out of sequence, a broken table.
    """
    blocks: list[_OpenItem | TableSource] = []
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            index += 1
        elif line.startswith(_CAPTION):
            table, index = _parse_table(lines, index)
            blocks.append(table)
        else:
            _take(blocks, line)
            index += 1
    if not blocks:
        raise MarkupError("the clause has no text", "A cláusula está sem texto.")
    return tuple(block.closed() if isinstance(block, _OpenItem) else block for block in blocks)


def _take(blocks: list[_OpenItem | TableSource], line: str) -> None:
    """Open the item that the line begins, or append the line to the item left open."""
    match = _ITEM.fullmatch(line)
    if match is None:
        last = _last_open(blocks)
        if last is None or not line.startswith("   "):
            raise MarkupError(
                f"text outside an item: {line!r}",
                f"O trecho “{line.strip()}” está fora de um item. Comece cada item com “1.”, “a)” ou “i)” e recue com "
                "três espaços as linhas que o continuam.",
            )
        last.text.append(line.strip())
        return
    level = _INDENTS.get(len(match["indent"]))
    if level is None:
        raise MarkupError(
            f"items stand at 0, 3 or 6 spaces: {line!r}",
            f"O item “{line.strip()}” está recuado com {len(match['indent'])} espaços. Use nenhum para “1.”, três para "
            "“a)” e seis para “i)”.",
        )
    siblings = _siblings(blocks, level, line)
    expected = _label(level, sum(1 for sibling in siblings if isinstance(sibling, _OpenItem)) + 1)
    if match["label"] != expected:
        raise MarkupError(
            f"expected {expected!r} at {line!r}",
            f"A numeração saiu da ordem em “{line.strip()}”: aqui se esperava “{expected}”.",
        )
    siblings.append(_OpenItem(level, [match["text"].strip()]))


def _last_open(blocks: list[_OpenItem | TableSource]) -> _OpenItem | None:
    if not blocks or not isinstance(blocks[-1], _OpenItem):
        return None
    item = blocks[-1]
    while item.children:
        item = item.children[-1]
    return item


def _siblings(blocks: list[_OpenItem | TableSource], level: int, line: str) -> list[_OpenItem | TableSource]:
    siblings: list[_OpenItem | TableSource] = blocks
    for _ in range(level - 2):
        parent = siblings[-1] if siblings else None
        if not isinstance(parent, _OpenItem):
            raise MarkupError(
                f"an item without the item it belongs to: {line!r}",
                f"O item “{line.strip()}” está recuado sem o item a que pertence.",
            )
        siblings = parent.children  # type: ignore[assignment]  # A list of items holds no table, and none is added to it.
    return siblings


def _label(level: int, position: int) -> str:
    if level == 2:
        return f"{position}."
    if level == 3:
        return f"{letter(position)})"
    if position > len(_ROMAN):
        raise MarkupError(
            f"at most {len(_ROMAN)} roman items stand under one letter",
            f"Uma alínea tem no máximo {len(_ROMAN)} incisos.",
        )
    return f"{_ROMAN[position - 1]})"


def letter(position: int) -> str:
    """The letter of the position, counted from 1, as Word writes it: a to z, then aa, bb."""
    times, index = divmod(position - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def _parse_table(lines: list[str], index: int) -> tuple[TableSource, int]:
    caption = parse_line(lines[index].removeprefix(_CAPTION).strip())
    index += 1
    while index < len(lines) and not lines[index].strip():
        index += 1
    rows: list[tuple[Line, ...]] = []
    widths: tuple[int, ...] = ()
    start = index
    while index < len(lines) and lines[index].startswith("|"):
        cells = lines[index].strip().removeprefix("|").removesuffix("|")
        if index == start + 1:
            if not re.fullmatch(r"-{3,}(\|-{3,})*", cells):
                raise MarkupError(
                    f"the second line of a table is its rule: {lines[index]!r}",
                    "A segunda linha de um quadro separa o cabeçalho, com três traços por coluna: |---|---|.",
                )
            widths = tuple(len(dashes) for dashes in cells.split("|"))
        else:
            rows.append(tuple(parse_line(cell.strip()) for cell in _split_cells(cells)))
        index += 1
    if len(rows) < 2 or len({len(row) for row in rows}) != 1:
        raise MarkupError(
            "a table needs a caption, a header and rows with as many cells as the header",
            "Um quadro precisa de título (“Quadro: …”), de cabeçalho e de linhas com tantas células quantas o "
            "cabeçalho tem.",
        )
    return TableSource(caption, rows[0], tuple(rows[1:]), widths if len(set(widths)) > 1 else ()), index


def _split_cells(cells: str) -> list[str]:
    """Split at the pipes that stand outside references."""
    return re.split(r"\|(?![^{]*\}\})", cells)


def lines_of(blocks: tuple[Block, ...]) -> Iterator[Line]:
    """Every line of prose of a body, in reading order: items, captions and cells."""
    for block in blocks:
        if isinstance(block, Item):
            yield block.line
            yield from lines_of(block.children)
        else:
            yield block.caption
            for row in (block.header, *block.rows):
                yield from row


def written(line: Line) -> str:
    """The line as text, with its placeholders and references as they are written; for comparing quotes."""
    parts = []
    for inline in line:
        if isinstance(inline, Words):
            parts.append(inline.text)
        elif isinstance(inline, Slot):
            parts.append(f"{{{inline.name}}}")
        else:
            parts.append(f"{{{{ref:{inline.clause}}}}}")
    return "".join(parts)
