"""Finding one's way in WordprocessingML, and what the styles of a file say: numbering, headings, hidden text.

Elements are known by their local names: the transitional and the strict form of the standard differ in nothing else
that matters here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clause_library.reading.package import Element

_NO = {"0", "false", "off", "none"}
_DEEPEST_CHAIN = 20
_HEADING_NAMES = ("heading ", "título ", "titulo ", "title", "título", "titulo", "cabeçalho ")


def local(element: Element) -> str:
    """Return the name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def children(parent: Element | None, name: str) -> Iterator[Element]:
    """Return the children of this name."""
    if parent is not None:
        ending = "}" + name
        for each in parent:
            if isinstance(each.tag, str) and each.tag.endswith(ending):
                yield each


def child(parent: Element | None, name: str) -> Element | None:
    """Return the first child of this name."""
    return next(children(parent, name), None)


def value_of(parent: Element | None, name: str) -> str:
    """Return the ``val`` of a child, or an empty string."""
    found = child(parent, name)
    if found is None:
        return ""
    for key, value in found.attrib.items():
        if key.endswith("}val") or key == "val":
            return str(value)
    return ""


def is_on(parent: Element | None, name: str) -> bool | None:
    """Tell whether a property is on, off, or not mentioned (``None``)."""
    found = child(parent, name)
    return None if found is None else value_of(parent, name).casefold() not in _NO


def whole(text: str, default: int) -> int:
    """Return a whole number of a file, or ``default`` for anything else."""
    try:
        number = int(text)
    except ValueError:
        return default
    return number if abs(number) < 1_000_000 else default


@dataclass(frozen=True, slots=True)
class Style:
    """A style, its element and the style it is based on."""

    id: str
    element: Element
    based_on: str
    name: str


class Styles:
    """The styles of a file."""

    def __init__(self, root: Element | None) -> None:
        """Read ``styles.xml``."""
        self._styles: dict[str, Style] = {}
        self._hidden: dict[str, bool] = {}
        self._headings: dict[str, bool] = {}
        self.default = ""
        for each in children(root, "style"):
            attributes = {key.rsplit("}", 1)[-1]: value for key, value in each.attrib.items()}
            style = Style(
                attributes.get("styleId", ""), each, value_of(each, "basedOn"), value_of(each, "name").casefold()
            )
            self._styles[style.id] = style
            if attributes.get("type") == "paragraph" and attributes.get("default", "0") not in _NO:
                self.default = style.id

    def element(self, style_id: str) -> Element | None:
        """Return the element of a style."""
        found = self._styles.get(style_id)
        return None if found is None else found.element

    def chain(self, style_id: str) -> Iterator[Style]:
        """Return a style, the one it is based on, and so on."""
        for _ in range(_DEEPEST_CHAIN):
            found = self._styles.get(style_id)
            if found is None:
                return
            yield found
            style_id = found.based_on

    def hides(self, style_id: str) -> bool:
        """Tell whether text of this style is not seen."""
        if style_id not in self._hidden:
            said = (is_on(child(each.element, "rPr"), "vanish") for each in self.chain(style_id))
            self._hidden[style_id] = next((each for each in said if each is not None), False)
        return self._hidden[style_id]

    def is_heading(self, style_id: str) -> bool:
        """Tell whether this style marks headings: by its outline level, or by its name."""
        if style_id not in self._headings:
            self._headings[style_id] = any(_marks_heading(each) for each in self.chain(style_id))
        return self._headings[style_id]


def _marks_heading(style: Style) -> bool:
    level = value_of(child(style.element, "pPr"), "outlineLvl")
    if level:
        return whole(level, 9) < 9
    return style.name.startswith(_HEADING_NAMES)
