"""PDF: the lines of each page with their places, put together into paragraphs.

A PDF file knows where each letter stands and nothing of lines, words or paragraphs. pdfium finds the lines; this module
tells apart what runs along the pages (headers, footers, page numbers), cells, columns and paragraphs.
"""

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import hypot, pi
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from clause_library.passages import Part
from clause_library.reading.limits import MOST_CHARACTERS, MOST_LINES, MOST_PAGES, refusal
from clause_library.reading.mending import Hyphens, begins_provision, ends_sentence, is_heading
from clause_library.reading.texts import Found, cleaned

_MARGIN = 0.12
"""The share of a page's height, above and below, where headers and footers run."""
_APART = 1.75
"""Line heights from the top of a header to that of the text below it; the lines of the text are closer."""
_RUNNING = 0.4
"""The share of the pages on which a line must come back to be one that runs along them."""
_GAP = 2.2
"""Line heights of empty space within a line that part two cells or two columns."""
_LEADING = 1.2
"""Line heights from one line to the next where the file does not show it."""
_PARAGRAPH_GAP = 1.3
"""Times the usual distance between lines that part two paragraphs."""
_CELL_GAP = 0.7
"""Line heights of empty space that part two cells where other lines begin at the same place."""
_WIDE_GAP = 1.5
"""Line heights of empty space that part two cells where even one other line begins at the same place."""
_LONGEST_NUMBER = 24
_FEWEST_COLUMN_LINES = 6
_FULL_COLUMN = 0.7
"""The share of its column's width that a line of running text usually fills; a cell's text is shorter."""
_GOING_ON = 0.4
"""The share of the lines of running text that begin with a small letter."""
_MOST_JUMPS = 3
"""Jumps up a page that columns make: to the second one, and again after a title across both."""
_BREAK = re.compile(r"[\r\n]+|(?<=[\x02\ufffe])")
_LINE_HYPHEN = re.compile("[\x02\ufffe]|\u00ad$")
"""What pdfium gives for the hyphen that breaks a word at the end of a line."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:p[áa]g(?:ina|\.)?|fls?\.?|folhas?)?\s*[-–—]?\s*\d{1,4}\s*[-–—]?\s*(?:(?:de|/)\s*\d{1,4})?", re.IGNORECASE
)
_CODE = re.compile(r"c[óo]digo\s+(?:de\s+)?verifica", re.IGNORECASE)
_SPACE = re.compile(r" +")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the part of it that stands in one cell or column. Lengths in points, from the lower left corner.

    ``lead`` is how wide its first word is; ``limit`` is where a longer line would have ended; ``cell`` tells that
    something else stands beside it.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    lead: float = 0.0
    bold: bool = False
    limit: float = 0.0
    cell: bool = False
    gaps: tuple[tuple[int, float, float], ...] = ()
    """Wider spaces within: where in the text, where the word before ends, where the word after begins."""

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 0.1)


@dataclass(slots=True)
class _Page:
    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)
    """Lines that stand across the page's own direction: stamps of signature in the margin."""
    margins: list[tuple[Part, Line]] = field(default_factory=list)
    """Lines that run along the pages."""
    turned: bool = False
    """Whether it is shown a quarter turn from how its letters are placed."""
    damaged: bool = False
    flows: bool = False
    """Whether its text runs in columns."""


def read_pdf(data: bytes) -> Found:
    """Return the passages of a PDF file.

    Raises:
        UnreadableFileError: the file is damaged, has a password, or has too many pages.
    """
    pages = _pages(data)
    found = Found(pages=len(pages))
    running = _running(pages)
    hyphens = Hyphens([line.text for page in pages for line in page.lines])
    without = sum(not page.lines for page in pages)
    for page in pages:
        page.lines = _in_order(page, running)
    _drop_repeated_rows(pages)
    _Paragraphs(found, hyphens, _leading(pages)).read(pages)
    _add_running(found, pages, running)
    for page in pages:
        for line in page.aside:
            found.add(line.text, page=page.number, part=Part.FOOTER)
    if without and found.in_text:
        said = "1 página não tem texto (imagem ou página em branco) e não foi lida"
        if without > 1:
            said = f"{without} páginas não têm texto (imagem ou página em branco) e não foram lidas"
        found.notes.append(f"{said}.")
    return found


# ----------------------------------------------------------------------------------------------------------------------
# Lines and their places
# ----------------------------------------------------------------------------------------------------------------------


def _pages(data: bytes) -> list[_Page]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        password = code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise refusal("encrypted" if password else "corrupted") from None
    with closing(document):
        count = len(document)
        if count == 0:
            raise refusal("corrupted")
        if count > MOST_PAGES:
            raise refusal("too_many_pages")
        pages = []
        characters = 0
        for index in range(count):
            page = _page(document, index)
            characters += sum(len(line.text) for line in page.lines)
            if characters > MOST_CHARACTERS:
                raise refusal("too_long")
            pages.append(page)
        if all(page.damaged for page in pages):
            raise refusal("corrupted")
        return pages


def _page(document: Any, index: int) -> _Page:
    try:
        loaded = document[index]
    except pypdfium2.PdfiumError:
        return _Page(index + 1, 1, 1, damaged=True)
    with closing(loaded):
        width, height = loaded.get_size()
        page = _Page(index + 1, max(width, 1), max(height, 1), turned=loaded.get_rotation() % 180 != 0)
        with closing(loaded.get_textpage()) as text:
            reader = _Letters(text.raw)
            if not _is_filled_in(loaded):
                _read_lines(page, reader, len(reader.text))
                return page
        printed = reader.text
        # What was typed into the fields of a form becomes part of the page, as if it were printed.
        pdfium.FPDFPage_Flatten(loaded.raw, pdfium.FLAT_PRINT)
    with closing(document[index]) as flat, closing(flat.get_textpage()) as text:
        reader = _Letters(text.raw)
        whole = reader.text.startswith(printed.rstrip())
        _read_lines(page, reader, len(printed.rstrip()) if whole else len(reader.text))
    return page


def _is_filled_in(page: Any) -> bool:
    """Tell whether the page has fields of a form, or words that were typed over it."""
    kinds = {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT}
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_LINES)):
        note = pdfium.FPDFPage_GetAnnot(page.raw, at)
        kind = pdfium.FPDFAnnot_GetSubtype(note) if note else None
        if note:
            pdfium.FPDFPage_CloseAnnot(note)
        if kind in kinds:
            return True
    return False


def _read_lines(page: _Page, reader: "_Letters", printed: int) -> None:
    """Read the lines of a page; from the letter ``printed`` on, they were typed into fields and belong elsewhere."""
    if reader.count > MOST_CHARACTERS:
        raise refusal("too_long")
    # A page that is shown turned holds its letters turned the other way.
    straight = reader.main_direction()
    if page.turned != bool(straight % 2):
        page.width, page.height = page.height, page.width
    rows: list[_Row] = []
    for start, end in reader.spans():
        direction = reader.direction(start, end)
        if direction != straight:
            page.aside.extend(reader.row(start, end, direction).pieces(page.number))
        elif start < printed:
            rows.append(reader.row(start, end, direction))
        else:
            for first, last in reader.levels(start, end, direction):
                _fill_in(rows, reader.row(first, last, direction))
        if len(rows) + len(page.aside) > MOST_LINES:
            raise refusal("too_long")
    for row in rows:
        page.lines.extend(row.pieces(page.number))


def _fill_in(rows: list["_Row"], typed: "_Row") -> None:
    """Put what was typed into a field into the line in which the field stands, or between two lines."""
    middle = (typed.bottom + typed.top) / 2
    for at, row in enumerate(rows):
        if row.bottom < middle < row.top:
            rows[at] = replace(row, words=sorted([*row.words, *typed.words], key=lambda word: word[1]))
            return
    above = [at for at, row in enumerate(rows) if row.bottom > middle]
    rows.insert(above[-1] + 1 if above else 0, typed)


_box_of = pdfium.FPDFText_GetLooseCharBox
_Word = tuple[str, float, float]
"""A word, where it begins and where it ends. There are many: a bare tuple is made in no time."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as pdfium finds it, before it is parted into cells or columns."""

    words: list[_Word]
    bottom: float
    top: float
    bold: bool

    def pieces(self, page: int) -> Iterator[Line]:
        """Return the line, or its parts where much empty space stands between them."""
        words, height = self.words, max(self.top - self.bottom, 4.0)
        # Where every space is wide, the line was stretched to fill a narrow column.
        spaces = [after[1] - before[2] for before, after in pairwise(words)]
        stretched = len(spaces) > 1 and min(spaces) > _CELL_GAP * height
        begin = 0
        gaps: list[tuple[int, float, float]] = []
        for at, space in enumerate(spaces, start=1):
            if space <= _CELL_GAP * height:
                continue
            said = " ".join(word[0] for word in words[begin:at])
            if _is_number(said):
                continue  # A number and its text, parted by a tab, are one line.
            if space > _GAP * height and not stretched:
                yield self._line(words[begin:at], page, gaps)
                begin, gaps = at, []
            else:
                gaps.append((len(said), words[at - 1][2], words[at][1]))
        if words:
            yield self._line(words[begin:], page, gaps)

    def _line(self, words: Sequence[_Word], page: int, gaps: Sequence[tuple[int, float, float]]) -> Line:
        return Line(
            text=" ".join(word[0] for word in words),
            page=page,
            left=words[0][1],
            right=max(word[2] for word in words),
            bottom=self.bottom,
            top=self.top,
            lead=words[0][2] - words[0][1],
            bold=self.bold,
            gaps=tuple(gaps),
        )


class _Letters:
    """The letters of a page: their text, asked for at once, and the places of those that matter."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.count = max(pdfium.FPDFText_CountChars(raw), 0)
        buffer = (ctypes.c_ushort * (self.count + 1))()
        held = pdfium.FPDFText_GetText(raw, 0, self.count, buffer) if self.count else 0
        # Each unit stays by itself, so that positions in the text are positions in the buffer.
        self.text = "".join(map(chr, buffer[: max(held - 1, 0)]))
        # Most pages need no mending of single words, and have no letter that the text leaves out.
        flat = " ".join(_LINE_HYPHEN.sub("-", self.text).split())
        self._clean = cleaned(flat) == flat
        self._straight = len(self.text) == self.count
        self._box = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._matrix = pdfium.FS_MATRIX()

    def spans(self) -> Iterator[tuple[int, int]]:
        """Return where the lines begin and end, without the spaces around them."""
        start = 0
        ends = [*((match.start(), match.end()) for match in _BREAK.finditer(self.text)), (len(self.text),) * 2]
        for end, following in ends:
            first, last = start, end
            while first < last and self.text[first].isspace():
                first += 1
            while last > first and self.text[last - 1].isspace():
                last -= 1
            if first < last:
                yield first, last
            start = following

    def row(self, start: int, end: int, direction: int) -> "_Row":
        """Return a line as pdfium finds it."""
        bottom, top = self._height(start, direction)
        return _Row(self._boxed(start, end, direction), bottom, top, bold=self._bold(start))

    def levels(self, start: int, end: int, direction: int) -> Iterator[tuple[int, int]]:
        """Return where the words of a line begin and end that stand on one height: fields follow without a break."""
        first, height = start, self._height(start, direction)[0]
        for gap in _SPACE.finditer(self.text, start, end):
            here = self._height(gap.end(), direction)[0]
            if abs(here - height) > 1:
                yield first, gap.start()
                first, height = gap.end(), here
        yield first, end

    def _boxed(self, start: int, end: int, direction: int) -> list[_Word]:
        """Return the words of a line with their places; one without a place stands where the one before ends."""
        found: list[_Word] = []
        at = start
        ends = [*((gap.start(), gap.end()) for gap in _SPACE.finditer(self.text, start, end)), (end, end)]
        for last, following in ends:
            text = self._text(at, last)
            if text:
                first_letter, last_letter = self._letter(at, direction), self._letter(last - 1, direction)
                if first_letter is not None:
                    found.append((text, first_letter[0], (last_letter or first_letter)[1]))
                elif found:
                    before = found[-1]
                    found[-1] = (f"{before[0]} {text}", before[1], before[2])
            at = following
        return found

    def _text(self, first: int, last: int) -> str:
        text = self.text[first:last]
        if text.isascii() and text.isprintable():
            return text
        text = _LINE_HYPHEN.sub("-", text)
        if self._clean:
            return text
        return cleaned(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _index(self, unit: int) -> int:
        return unit if self._straight else int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._raw, unit))

    def _letter(self, unit: int, direction: int) -> tuple[float, float] | None:
        index = unit if self._straight else self._index(unit)
        box = self._box
        if index < 0 or not _box_of(self._raw, index, box):
            return None
        if direction == 0:
            return box.left, box.right
        one, other = _upright(box.left, box.bottom, direction)[0], _upright(box.right, box.top, direction)[0]
        return min(one, other), max(one, other)

    def _height(self, unit: int, direction: int) -> tuple[float, float]:
        """Return bottom and top of a line by one of its letters: its base line and its size."""
        index = self._index(unit)
        if index < 0:
            return 0.0, 0.0
        pdfium.FPDFText_GetCharOrigin(self._raw, index, self._x, self._y)
        base = _upright(self._x.value, self._y.value, direction)[1]
        size = pdfium.FPDFText_GetFontSize(self._raw, index)
        if pdfium.FPDFText_GetMatrix(self._raw, index, self._matrix):
            size *= hypot(self._matrix.c, self._matrix.d)
        return base - 0.25 * size, base + 0.75 * size

    def direction(self, start: int, end: int) -> int:
        """Return in quarter turns how the line stands, by a letter in its middle."""
        index = self._index((start + end) // 2)
        angle = pdfium.FPDFText_GetCharAngle(self._raw, index) if index >= 0 else -1.0
        return 0 if angle < 0 else -round(angle / (pi / 2)) % 4  # pdfium counts with the clock.

    def main_direction(self) -> int:
        """Return how most of the page's letters stand, by some of its lines."""
        if not self.text:
            return 0
        counted: Counter[int] = Counter()
        for start, end in self.spans():
            counted[self.direction(start, end)] += end - start
        return counted.most_common(1)[0][0] if counted else 0

    def _bold(self, unit: int) -> bool:
        index = self._index(unit)
        if index < 0:
            return False
        name = ctypes.create_string_buffer(80)
        held = pdfium.FPDFText_GetFontInfo(self._raw, index, name, 80, ctypes.c_int())
        return 0 < held <= 80 and b"bold" in name.value.lower()


def _is_number(text: str) -> bool:
    """Tell whether a text is no more than the number of a provision: "5.1", "CLÁUSULA 5 –"."""
    return len(text) < _LONGEST_NUMBER and text.count(" ") <= 2 and begins_provision(f"{text} x")


def _upright(x: float, y: float, direction: int) -> tuple[float, float]:
    if direction == 1:
        return y, -x
    if direction == 2:
        return -x, -y
    if direction == 3:
        return -y, x
    return x, y


# ----------------------------------------------------------------------------------------------------------------------
# What runs along the pages
# ----------------------------------------------------------------------------------------------------------------------

_Running = dict[tuple[Part, str], bool]


def _edges(page: _Page) -> tuple[float, float]:
    """Return above and below which heights headers and footers stand: apart from the text, near the page's edges."""
    lines = sorted(page.lines, key=lambda line: -line.top)
    low = min((line.bottom for line in lines), default=0.0)
    base = min(low, 0.0)  # A page shown turned has its letters below the zero.
    above, below = base + (1 - _MARGIN) * page.height, base + _MARGIN * page.height
    top, bottom = page.height + base + 1, base - 1
    for before, after in pairwise(lines):
        if before.top - after.top > _APART * max(before.height, after.height):
            if before.bottom > above:
                top = before.bottom
            if after.top < below and bottom < base:
                bottom = after.top
    if len(lines) == 1 and lines[0].top < below:
        bottom = lines[0].top
    return top, bottom


def _zone(line: Line, edges: tuple[float, float]) -> Part | None:
    if line.bottom >= edges[0]:
        return Part.HEADER
    return Part.FOOTER if line.top <= edges[1] else None


def _key(text: str) -> str:
    return _DIGITS.sub("0", text.casefold())


def _running(pages: Sequence[_Page]) -> _Running:
    """Return the lines that come back at the edge of many pages, and those that only number a page."""
    counted: dict[tuple[Part, str], set[int]] = defaultdict(set)
    for page in pages:
        edges = _edges(page)
        for line in page.lines:
            zone = _zone(line, edges)
            if zone is not None:
                counted[zone, _key(line.text)].add(page.number)
    least = max(2, _RUNNING * sum(bool(page.lines) for page in pages))
    found: _Running = {}
    for (zone, key), numbers in counted.items():
        only_number = _PAGE_NUMBER.fullmatch(key) is not None
        if len(numbers) >= least or only_number or (zone is Part.FOOTER and _CODE.search(key)):
            found[zone, key] = not only_number
    return found


def _add_running(found: Found, pages: Sequence[_Page], running: _Running) -> None:
    """Add each line that runs along the pages once, where it first stands; page numbers say nothing."""
    said: set[tuple[Part, str]] = set()
    for page in pages:
        for part, line in page.margins:
            key = (part, _key(line.text))
            if running[key] and key not in said:
                said.add(key)
                found.add(line.text, page=page.number, part=part)


# ----------------------------------------------------------------------------------------------------------------------
# Order, cells and columns
# ----------------------------------------------------------------------------------------------------------------------


def _in_order(page: _Page, running: _Running) -> list[Line]:
    """Return the lines of the text in reading order; what runs along the pages is put aside."""
    text: list[Line] = []
    edges = _edges(page)
    for line in page.lines:
        zone = _zone(line, edges)
        if zone is not None and (zone, _key(line.text)) in running:
            page.margins.append((zone, line))
        else:
            text.append(line)
    if len(text) < 2:
        return [replace(line, limit=line.right) for line in text]
    text = _parted(text)
    columns = _columns(text)
    if columns is not None:
        page.flows = True
        return columns
    if _is_shuffled(text):
        text.sort(key=lambda line: (-round(line.top / 3), line.left))
    return _with_cells(text)


def _parted(lines: Sequence[Line]) -> list[Line]:
    """Part the lines at the wider spaces after which other lines begin, too: those are cells beside one another."""
    if not any(line.gaps for line in lines):
        return list(lines)
    starts = Counter(round(line.left) for line in lines)
    parted: list[Line] = []
    for line in lines:
        begin, left, lead = 0, line.left, line.lead
        for at, right, following in line.gaps:
            others = sum(starts.get(round(following) + step, 0) for step in (-1, 0, 1))
            enough = 1 if following - right > _WIDE_GAP * line.height else 2
            if others >= enough and abs(following - line.left) > 2:
                parted.append(replace(line, text=line.text[begin:at], left=left, right=right, lead=lead, gaps=()))
                begin, left = at + 1, following
                word = len(line.text[begin:].split(" ", 1)[0])
                lead = (line.right - following) * word / max(len(line.text) - begin, 1)
        parted.append(replace(line, text=line.text[begin:], left=left, lead=lead, gaps=()))
    return parted


def _columns(lines: Sequence[Line]) -> list[Line] | None:
    """Return the lines column by column when the page is set in two; lines across both part it into bands."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    width = right - left
    # Where a second column begins, many lines do.
    starts = Counter(round(line.left / 4) for line in lines if line.left > left + 0.3 * width)
    if not starts:
        return None
    gutter = starts.most_common(1)[0][0] * 4 - 4
    if not left + 0.35 * width < gutter < left + 0.65 * width:
        return None
    first = [line for line in lines if line.right <= gutter + 4]
    second = [line for line in lines if line.left >= gutter - 2]
    across = len(lines) - len(first) - len(second)
    if min(len(first), len(second)) < _FEWEST_COLUMN_LINES or across > 0.4 * len(lines):
        return None
    jumps = sum(after.bottom > before.top for before, after in pairwise(lines))
    if jumps > _MOST_JUMPS and not _is_interleaved(lines):
        return None  # The file holds cell after cell, which is the order to read them in.
    if not (_is_prose(first) and _is_prose(second)):
        return None
    ordered: list[Line] = []
    band: list[Line] = []
    in_column = {id(line) for line in (*first, *second)}

    def close() -> None:
        for side, limit in ((True, gutter), (False, right)):
            chosen = [line for line in band if (line.right <= gutter + 4) is side]
            edge = max((line.right for line in chosen), default=limit)
            ordered.extend(replace(line, limit=edge) for line in sorted(chosen, key=lambda line: -line.top))
        band.clear()

    for line in sorted(lines, key=lambda line: -line.top):
        if id(line) in in_column:
            band.append(line)
        else:
            close()
            ordered.append(replace(line, limit=right))
    close()
    return ordered


def _is_prose(lines: Sequence[Line]) -> bool:
    """Tell whether the lines of a column are running text: they fill its width, and most go on from one to the next."""
    width = max(line.right for line in lines) - min(line.left for line in lines)
    full = median(line.right - line.left for line in lines) >= _FULL_COLUMN * width
    going_on = sum(line.text[:1].islower() for line in lines)
    return full and going_on >= _GOING_ON * len(lines)


def _is_interleaved(lines: Sequence[Line]) -> bool:
    """Tell whether the file holds a line of the first column, then the one beside it, and so on down the page."""
    beside = sum(abs(before.top - after.top) < 2 and after.left > before.right for before, after in pairwise(lines))
    return beside > 0.35 * len(lines)


def _is_shuffled(lines: Sequence[Line]) -> bool:
    """Tell whether the file holds the lines of a page out of order: many jump up over what stands below one another."""
    jumps = sum(
        after.bottom > before.top and min(after.right, before.right) - max(after.left, before.left) > 20
        for before, after in pairwise(lines)
    )
    return jumps > max(3, 0.15 * len(lines))


def _with_cells(lines: Sequence[Line]) -> list[Line]:
    """Mark the lines that have others beside them, and say for each where a longer one would have ended."""
    edge = _edge(lines)
    marked: list[Line] = []
    rows: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        rows[round((line.bottom + line.top) / 12)].append(line)
    for line in lines:
        middle = (line.bottom + line.top) / 2
        row = round(middle / 6)
        beside = [
            other
            for near in (row - 1, row, row + 1)
            for other in rows.get(near, ())
            if other is not line
            and other.bottom < middle < other.top
            and (other.left >= line.right or other.right <= line.left)
        ]
        to_the_right = [other.left for other in beside if other.left >= line.right]
        before = marked[-1] if marked else None
        goes_on = (
            before is not None
            and before.cell
            and abs(before.left - line.left) < 3
            and 0 < before.top - line.top < 2 * line.height
        )
        if beside:
            limit = min(to_the_right) - line.height if to_the_right else edge
        else:
            limit = before.limit if before is not None and goes_on else edge
        marked.append(replace(line, limit=limit, cell=bool(beside) or goes_on))
    return marked


def _drop_repeated_rows(pages: Sequence[_Page]) -> None:
    """Drop the first row of a table where it is printed again at the top of a page on which the table goes on."""
    begins: set[tuple[str, ...]] = set()
    for page in pages:
        top = _row_at(page.lines, 0)
        if len(top) > 1 and top in begins:
            page.lines = page.lines[len(top) :]
        for at, line in enumerate(page.lines):
            if line.cell and (at == 0 or not page.lines[at - 1].cell):
                row = _row_at(page.lines, at)
                if len(row) > 1:
                    begins.add(row)


def _row_at(lines: Sequence[Line], at: int) -> tuple[str, ...]:
    """Return the cells that stand beside one another from this line on."""
    end = at
    while end < len(lines) and lines[end].cell and abs(lines[end].top - lines[at].top) < 0.5 * lines[at].height:
        end += 1
    return tuple(line.text for line in lines[at:end])


def _edge(lines: Sequence[Line]) -> float:
    """Return where full lines end: the place farthest to the right where several do."""
    ends = Counter(round(line.right / 2) for line in lines)
    shared = [end for end, count in ends.items() if count + ends.get(end - 1, 0) + ends.get(end + 1, 0) >= 3]
    farthest = max(line.right for line in lines)
    return min(farthest, (max(shared) + 1) * 2) if shared else farthest


def _had_room(before: Line, line: Line) -> bool:
    """Tell whether the first word of a line would have stood at the end of the one before."""
    return before.right + 0.25 * line.height + line.lead < before.limit - 1


def _leading(pages: Sequence[_Page]) -> dict[bool, float]:
    """Return the usual distance between the lines of a paragraph, as a share of their height, in text and in cells.

    Only lines that begin where the one before was full are asked: between others there may be a paragraph's end.
    """
    distances: dict[bool, Counter[float]] = {False: Counter(), True: Counter()}
    for page in pages:
        for before, after in pairwise(page.lines):
            share = (before.top - after.top) / after.height
            alike = abs(before.height - after.height) < 0.15 * after.height and before.cell == after.cell
            if alike and 0.5 < share < 3 and not _had_room(before, after):
                distances[after.cell][round(share, 1)] += 1
    return {cell: found.most_common(1)[0][0] if found else _LEADING for cell, found in distances.items()}


# ----------------------------------------------------------------------------------------------------------------------
# Paragraphs
# ----------------------------------------------------------------------------------------------------------------------


class _Paragraphs:
    """Puts lines together into paragraphs, over columns and pages."""

    def __init__(self, found: Found, hyphens: Hyphens, leading: dict[bool, float]) -> None:
        self._found = found
        self._hyphens = hyphens
        self._leading = leading
        self._held: list[Line] = []

    def read(self, pages: Sequence[_Page]) -> None:
        for page in pages:
            for line in page.lines:
                if self._held and not self._goes_on(self._held[-1], line, page):
                    self._close()
                self._held.append(line)
        self._close()

    def _close(self) -> None:
        if not self._held:
            return
        text = ""
        for line in self._held:
            text = self._hyphens.join(text, line.text)
        first = self._held[0]
        table = first.cell
        bold = all(line.bold for line in self._held) and len(text) <= 140 and not ends_sentence(text)
        self._found.add(
            text,
            page=first.page,
            part=Part.TABLE if table else Part.BODY,
            heading=not table and (bold or is_heading(text)),
        )
        self._held = []

    def _goes_on(self, before: Line, line: Line, page: _Page) -> bool:
        height = line.height
        if abs(before.height - height) > 0.15 * height or before.cell != line.cell:
            return False
        if before.text.endswith("-") and line.text[:1].islower():
            return True
        distance = before.top - line.top
        jumped = before.page != line.page or distance < -0.5 * height
        if jumped:
            if line.cell or (before.page == line.page and not page.flows):
                return False
            return not ends_sentence(before.text) and not _is_title(before) and not _is_title(line) and (
                line.text[:1].islower() or not begins_provision(line.text)
            ) and not _had_room(before, line)  # fmt: skip
        if distance < 0.4 * height:
            # On the same line: a change of letters, or the next cell.
            return not line.cell
        if distance > _PARAGRAPH_GAP * self._leading[line.cell] * height:
            return False
        aligned = abs(before.left - line.left) < 3
        if line.cell and not aligned and abs(before.left + before.right - line.left - line.right) > 6:
            return False  # The next cell; lines of one cell begin, or have their middle, at the same place.
        # Cells are narrow, and have space around that nobody knows: there a line rarely ends early.
        if _had_room(before, line) and not (line.cell and aligned and not ends_sentence(before.text)):
            return False
        return not self._begins(before, line)

    def _begins(self, before: Line, line: Line) -> bool:
        """Tell whether a line that follows a full one begins a paragraph all the same."""
        ended = ends_sentence(before.text)
        # "… na forma da / CLÁUSULA 16.": capitals alone make no title of what only goes on.
        if _is_title(before) or (_is_title(line) and (ended or before.bold != line.bold)):
            return _is_title(before) != _is_title(line)
        if begins_provision(line.text) and (ended or line.left < before.left - 0.8 * line.height):
            return True
        first = self._held[0]
        hanging = begins_provision(first.text)
        return ended and not hanging and line.left > before.left + line.height


def _is_title(line: Line) -> bool:
    return is_heading(line.text) and line.text.upper() == line.text
