"""The parts of a DOCX file: a guarded ZIP archive of guarded XML."""

import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote

from lxml import etree

from clause_library.reading.kinds import opened
from clause_library.reading.limits import DEEPEST_XML, LARGEST_PART, refusal

Element = Any
"""An lxml element; the library has no types."""

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the last word of the kind ("header", "numbering") and the name of the other part."""

    kind: str
    target: str


class Package:
    """The XML parts of a DOCX file, each parsed when it is asked for."""

    def __init__(self, data: bytes) -> None:
        """Open the archive; raises :class:`UnreadableFileError` for one that is damaged or grows too much."""
        self._archive = opened(data)
        self._names = {entry.filename.lower(): entry for entry in self._archive.infolist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def part(self, name: str) -> Element | None:
        """Return the root of a part, or nothing when there is no such part.

        Raises :class:`UnreadableFileError` for a part that is damaged, too large or too deep, or defines entities.
        """
        entry = self._names.get(name.lower())
        return None if entry is None else parsed(self._read(entry))

    def relations(self, name: str) -> Mapping[str, Relation]:
        """Return what a part refers to inside the file, by the id it uses; ``name`` is empty for the file itself."""
        folder, last = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{last}.rels"))
        found: dict[str, Relation] = {}
        if root is None:
            return found
        for each in root.iter(f"{{{_RELATIONSHIPS}}}Relationship"):
            if each.get("TargetMode", "") == "External":
                continue
            target = unquote(each.get("Target", ""))
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[each.get("Id", "")] = Relation(each.get("Type", "").rsplit("/", 1)[-1], path)
        return found

    def _read(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.file_size > LARGEST_PART:
            raise refusal("too_long")
        try:
            # The list of contents may lie about the size; no more than it says is ever unpacked.
            with self._archive.open(entry) as part:
                data = part.read(LARGEST_PART + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
            raise refusal("corrupted") from None
        if len(data) > LARGEST_PART:
            raise refusal("bomb")
        return data


def parsed(data: bytes) -> Element:
    """Return the root of an XML document that defines nothing, loads nothing and is not too deep."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        said = str(error).casefold()
        if "entit" in said or "dtd" in said:
            raise refusal("entities") from None
        raise refusal("nested" if "depth" in said else "corrupted") from None
    except (ValueError, LookupError):
        raise refusal("corrupted") from None
    information = root.getroottree().docinfo
    if information.internalDTD is not None or information.externalDTD is not None or information.doctype:
        raise refusal("entities")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST_XML:
            raise refusal("nested")
    return root
