"""The numbers that Word prints by itself: "CLÁUSULA 5.", "5.1", "a)", "I –", computed as Word computes them.

A paragraph names a list (``numId``) and a level, by itself or through its style; the list says how each level looks and
counts. Lists made from one definition share their counters, unless one starts anew.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clause_library.reading.package import Element
from clause_library.reading.styles import Styles, child, children, value_of, whole

LEVELS = 9
_LARGEST_NUMBER = 100_000
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_CARDINALS = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove"
).split()
_CARDINAL_TENS = "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split()
_ORDINALS = " primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono".split(" ")
_ORDINAL_TENS = (
    "décimo vigésimo trigésimo quadragésimo quinquagésimo sexagésimo septuagésimo octogésimo nonagésimo"
).split()
_PLACE = re.compile(r"%([1-9])")
_PICTURES = {"bullet", "none"}


def roman(number: int) -> str:
    """Return a number in capital Roman numerals."""
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for size, sign in _ROMAN:
        count, number = divmod(number, size)
        written += sign * count
    return written


def letters(number: int) -> str:
    """Return a number as Word letters it: a … z, aa, bb … zz, aaa."""
    if number <= 0:
        return ""
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * min(times + 1, 20)


def cardinal(number: int) -> str:
    """Return a number from 0 to 99 in words."""
    if not 0 <= number < 100:
        return str(number)
    if number < len(_CARDINALS):
        return _CARDINALS[number]
    tens, ones = divmod(number, 10)
    return _CARDINAL_TENS[tens - 2] + (f" e {_CARDINALS[ones]}" if ones else "")


def ordinal(number: int) -> str:
    """Return the place of a number from 1 to 99 in words."""
    if not 0 < number < 100:
        return f"{number}º"
    tens, ones = divmod(number, 10)
    return " ".join(word for word in (_ORDINAL_TENS[tens - 1] if tens else "", _ORDINALS[ones]) if word)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": lambda number: roman(number).lower(),
    "upperRoman": roman,
    "ordinal": lambda number: f"{number}º",
    "cardinalText": lambda number: cardinal(number).capitalize(),
    "ordinalText": lambda number: ordinal(number).capitalize(),
}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list looks and counts; ``restart`` is the level (from 1) after which it starts anew."""

    start: int = 1
    shape: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    """A list as paragraphs name it; ``definition`` is what it shares its counters with."""

    definition: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)
    begun: bool = False


class Numbering:
    """Counts the paragraphs of one story as they come; each story (text, header, notes) counts by itself."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """Read the lists of ``numbering.xml``."""
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._levels_of_style: dict[tuple[str, str], int] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if root is not None:
            self._learn(root)

    def label(self, paragraph: Element) -> str:
        """Return the number that Word prints before a paragraph, which counts from now on; empty when none."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number_id, depth = place
        found = self._lists.get(number_id)
        level = None if found is None else found.levels.get(depth)
        if found is None or level is None:
            return ""
        counters = self._counters.setdefault(found.definition, {})
        if not found.begun:
            found.begun = True
            for deep in found.starts:
                counters.pop(deep, None)
        start = found.starts.get(depth, level.start)
        counters[depth] = min(counters.get(depth, start - 1) + 1, _LARGEST_NUMBER)
        for deeper in [each for each in counters if each > depth]:
            after = found.levels.get(deeper, Level()).restart
            if after is None or (after and depth < after):
                del counters[deeper]
        return self._written(found, level, counters)

    def _written(self, found: _List, level: Level, counters: dict[int, int]) -> str:
        if level.shape in _PICTURES and "%" not in level.text:
            return ""

        def number(match: re.Match[str]) -> str:
            deep = int(match[1]) - 1
            own = found.levels.get(deep, Level())
            if own.shape in _PICTURES:
                return ""
            count = counters.get(deep, found.starts.get(deep, own.start))
            shape = "decimal" if level.legal else own.shape
            return _FORMATS.get(shape, str)(count)

        return _PLACE.sub(number, level.text).strip()

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """Return the list and the level that a paragraph or its style names; list 0 means none."""
        properties = child(paragraph, "pPr")
        style = value_of(properties, "pStyle") or self._styles.default
        number_id, depth = _numbers(child(properties, "numPr"))
        if number_id is None or depth is None:
            for each in self._styles.chain(style):
                styled_id, styled_depth = _numbers(child(child(each.element, "pPr"), "numPr"))
                if styled_id is not None and number_id is None:
                    number_id = styled_id
                    if depth is None:
                        depth = self._levels_of_style.get((styled_id, each.id), styled_depth)
                if depth is None:
                    depth = styled_depth
        if number_id is None or number_id == "0":
            return None
        return number_id, depth or 0

    def _learn(self, root: Element) -> None:
        definitions = {each.get_id: each for each in (_Definition(found) for found in children(root, "abstractNum"))}
        for found in children(root, "num"):
            number_id = _attribute(found, "numId")
            definition = definitions.get(value_of(found, "abstractNumId"))
            if definition is None:
                continue
            linked = definition.linked_style
            if linked:
                # A list style: the definition only points to the list that the style names.
                target, _ = _numbers(child(child(self._styles.element(linked), "pPr"), "numPr"))
                for other in children(root, "num"):
                    if _attribute(other, "numId") == target:
                        definition = definitions.get(value_of(other, "abstractNumId"), definition)
            levels = dict(definition.levels)
            starts: dict[int, int] = {}
            for override in children(found, "lvlOverride"):
                deep = whole(_attribute(override, "ilvl"), 0)
                own = child(override, "lvl")
                if own is not None:
                    levels[deep] = _level(own)
                    starts[deep] = levels[deep].start
                again = value_of(override, "startOverride")
                if again:
                    starts[deep] = whole(again, 1)
            self._lists[number_id] = _List(definition.get_id, levels, starts)
            for deep, level in levels.items():
                if level.style:
                    self._levels_of_style[number_id, level.style] = deep


class _Definition:
    """An ``abstractNum``: its levels, and the list style it may point to."""

    def __init__(self, element: Element) -> None:
        self.get_id = _attribute(element, "abstractNumId")
        self.linked_style = value_of(element, "numStyleLink")
        self.levels = {
            whole(_attribute(each, "ilvl"), 0): _level(each) for each in list(children(element, "lvl"))[:LEVELS]
        }


def _level(element: Element) -> Level:
    restart = value_of(element, "lvlRestart")
    legal = child(element, "isLgl")
    return Level(
        start=whole(value_of(element, "start"), 1),
        shape=value_of(element, "numFmt") or "decimal",
        text=value_of(element, "lvlText")[:100],
        restart=whole(restart, 0) if restart else None,
        legal=legal is not None and _attribute(legal, "val") not in {"0", "false", "off"},
        style=value_of(element, "pStyle"),
    )


def _numbers(properties: Element | None) -> tuple[str | None, int | None]:
    number_id, depth = value_of(properties, "numId"), value_of(properties, "ilvl")
    return number_id or None, whole(depth, 0) if depth else None


def _attribute(element: Element, name: str) -> str:
    for key, value in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return str(value)
    return ""
