"""Setting documents as PDF: a template of ours and plain data in, the bytes of an accessible PDF out.

:func:`typeset` is the whole interface. A template is a ``.typ`` file beside this one that reads its data from
``sys.inputs.data`` (JSON) and begins with ``#import "house.typ"``; it never receives markup, so whatever a person typed
stays text. The PDF is tagged, says its language and title, and keeps PDF/UA-1 and PDF/A-2a. The same template and data
give the same bytes.

Two things are done to every text first, because a PDF of that standard has no room for a sign without a picture. Signs
outside the ranges that the fonts of the typesetter are known to draw are written as their code, ``[U+1F600]``;
invisible ones are left out. A word longer than any line may be broken anywhere.

The typesetter is a large library that may fail on odd text. It is loaded only in a process of its own, with a limit of
time and of memory: see :mod:`vendor_tracker.apart`.
"""

import json
import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from vendor_tracker.apart import ApartError, ask_helper

FOLDER = Path(__file__).parent
SECONDS = 60
MEMORY_MIB = 2048
"""Mebibytes of addresses, most of which are never touched: a receipt of a hundred pages takes about a hundred."""

LONGEST_WORD = 30
"""Signs of a word after which it may be broken."""
BREAK = "\u200b"
"""The zero-width space: where a line may end and nothing is shown."""

DRAWN = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x386, 0x38A),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2044, 0x2052),
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x20A0, 0x20BF),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2153, 0x215E),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2500, 0x25FF),
    (0x2610, 0x2612),
    (0x2713, 0x2714),
)
"""First and last sign of each range that the fonts inside the typesetter draw; a test sets every one of them."""

_WORD = re.compile(r"\S+")
_WHOLE = re.compile(r"[0-9a-f]{64}|https?://[a-z0-9.:/_-]{1,90}[0-9A-Z-]{0,30}", re.ASCII)
"""Words that are copied out of a document and must not hold invisible signs: a SHA-256, an address of ours."""


class TypesettingError(Exception):
    """The document could not be set; the log has the reason."""


def typeset(
    template: str, data: Mapping[str, object], *, made_at: datetime, pictures: Mapping[str, str] | None = None
) -> bytes:
    """Return the PDF that ``template`` makes of ``data``.

    Args:
        template: name of a ``.typ`` file of this folder, without its ending.
        data: what the template reads; only what JSON can hold. Line ends within a text are the template's to show.
        made_at: the aware moment that the document says it was made.
        pictures: drawings of ours as SVG, by the name under which the template reads each from ``sys.inputs``.

    Raises:
        TypesettingError: it could not be set, or took longer than :data:`SECONDS`.
    """
    payload = {
        "template": template,
        "inputs": {**(pictures or {}), "data": json.dumps(drawable(data), ensure_ascii=False)},
        "made_at": int(made_at.timestamp()),
    }
    try:
        return b64decode(ask_helper(f"{__name__}:compose", payload, seconds=SECONDS, memory_mib=MEMORY_MIB))
    except ApartError as error:
        raise TypesettingError(str(error)) from error


def compose(payload: Mapping[str, object]) -> bytes:
    """Set a document: the part of :func:`typeset` that runs in a process of its own. The PDF comes in base64."""
    import typst

    inputs = payload["inputs"]
    assert isinstance(inputs, dict)  # noqa: S101 - we packed it ourselves
    made = typst.compile(
        FOLDER / f"{payload['template']}.typ",
        root=FOLDER,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(str(payload["made_at"])),
    )
    return b64encode(made)


def drawable(value: object) -> object:
    """Return data with every text in it made drawable; see the module's first lines."""
    if isinstance(value, str):
        return drawable_text(value)
    if isinstance(value, Mapping):
        return {key: drawable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(inner) for inner in value]
    return value


def drawable_text(text: str) -> str:
    """Return a text of which every sign can be drawn and every line broken; line ends become those of Unix."""
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")
    return _WORD.sub(_breakable, "".join(map(_sign, whole)))


def is_drawn(sign: str) -> bool:
    """Tell whether the fonts draw a sign."""
    return any(first <= ord(sign) <= last for first, last in DRAWN)


def _sign(sign: str) -> str:
    if sign == "\n" or is_drawn(sign):
        return sign
    # A soft hyphen or a direction mark shows nothing of itself.
    return "" if unicodedata.category(sign) in {"Cf", "Cc"} else f"[U+{ord(sign):04X}]"


def _breakable(word: re.Match[str]) -> str:
    found = word.group()
    if len(found) <= LONGEST_WORD or _WHOLE.fullmatch(found):
        return found
    return BREAK.join(found[start : start + LONGEST_WORD] for start in range(0, len(found), LONGEST_WORD))
