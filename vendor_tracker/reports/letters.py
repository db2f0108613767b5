"""Letters: the plain-text mails that the product writes, rendered from ``templates/mail`` with the product's own words.

A letter is a file whose first line is ``Assunto: …`` and whose rest is the text. Paragraphs may be written on one long
line in the template; they are set here to seventy-two columns, as mail readers without windows still like them. A line
that is indented, a list item's continuation, and an address are never broken in the middle.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts.norm import reference
from contracts.vocabulary import INCISOS
from vendor_tracker.settings import Settings
from vendor_tracker.wording import filters

COLUMNS = 72

PORTAL_MARK = "[[portal:{}]]"
"""Stands for the vendor's personal link in what is stored; the link itself exists only in the mail that leaves."""

PORTAL_GUEST_MARK = "[[portal:{}/{}]]"
"""The same for the link of an invited colleague: the request, and the invitation."""

PORTAL_MARK_PATTERN = re.compile(r"\[\[portal:(\d+)(?:/(\d+))?\]\]")

INCIDENT_MARK = "[[incidentes]]"
"""Stands for the standing link of an agreement's incidents, in the one letter that carries it."""

NO_LINK = "[endereço pessoal do portal]"
"""What is read in the place of a link that is not the reader's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter: its subject line and its text."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, as every letter says it."""

    body_name: str
    body_acronym: str
    contact: str
    """Where to ask, in words: an address, a telephone, or both; empty when the installation gave none."""
    base_url: str
    encarregado: str


def letterhead(settings: Settings) -> Letterhead:
    """Return the letterhead of an installation."""
    body = settings.body
    contact = " ou ".join(part for part in (body.contact_email, body.contact_phone) if part)
    return Letterhead(body.name, body.acronym, contact, settings.base_url, body.encarregado)


def _folder() -> Path:
    """Return the templates: inside the installed package, or at the top of the checkout."""
    package = Path(__file__).parents[1]
    inside = package / "templates"
    return (inside if inside.is_dir() else package.parent / "templates") / "mail"


@cache
def _environment() -> Environment:
    # The letters are plain text: escaping would put entities into them.
    environment = Environment(
        loader=FileSystemLoader(_folder()),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters.register(environment)
    environment.globals["law"] = reference("art_14_caput")
    environment.globals["portal_mark"] = PORTAL_MARK.format
    environment.globals["guest_mark"] = PORTAL_GUEST_MARK.format
    environment.globals["incident_mark"] = INCIDENT_MARK
    environment.globals["place"] = place
    return environment


def place(inciso: str) -> str:
    """Return where an item's duty stands: "art. 14, XI", or the code of an obligation the organisation added."""
    return f"art. 14, {inciso}" if inciso in INCISOS else f"obrigação {inciso}"


def letter_names() -> tuple[str, ...]:
    """Return the name of every letter there is."""
    return tuple(sorted(path.stem for path in _folder().glob("*.txt") if not path.stem.startswith("_")))


def write(name: str, head: Letterhead, **values: object) -> Letter:
    """Write the letter ``name``; raises ``jinja2.UndefinedError`` when a value it needs is missing."""
    text = _environment().get_template(f"{name}.txt").render(head=head, **values)
    first, _, rest = text.strip("\n").partition("\n")
    subject = first.removeprefix("Assunto: ").strip()
    if not first.startswith("Assunto: ") or not subject:
        message = f"{name}: a letter begins with “Assunto: …”"
        raise ValueError(message)
    return Letter(subject, set_in_columns(rest.strip("\n")) + "\n")


def set_in_columns(text: str, columns: int = COLUMNS) -> str:
    """Break the paragraphs of ``text`` to ``columns``; see the module's first lines for what is left alone."""
    lines: list[str] = []
    for line in text.split("\n"):
        if not line.strip():
            # Blocks of a template leave empty lines behind; one is enough.
            if lines and lines[-1]:
                lines.append("")
            continue
        item = re.match(r"(\s*(?:-|\d+\.)\s+)", line)
        hang = " " * len(item[1]) if item else " " * (len(line) - len(line.lstrip()))
        lines += textwrap.wrap(
            line.rstrip(), columns, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(lines).strip("\n")


def with_links(text: str, links: Mapping[int, str], guests: Mapping[int, str] | None = None) -> str:
    """Put links into a stored text just before it leaves: the requests' own, and those of invited colleagues.

    A mark whose link is not given stays without one: somebody may have written it into a text of their own.
    """

    def link(found: re.Match[str]) -> str:
        if found[2]:
            return (guests or {}).get(int(found[2]), NO_LINK)
        return links.get(int(found[1]), NO_LINK)

    return PORTAL_MARK_PATTERN.sub(link, text)


def without_links(text: str) -> str:
    """Return a stored text as staff may read it: the vendor's link is the vendor's alone."""
    return PORTAL_MARK_PATTERN.sub(NO_LINK, text).replace(INCIDENT_MARK, NO_LINK)
