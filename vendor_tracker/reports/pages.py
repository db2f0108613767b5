"""Pages that leave the house: HTML files that are read without our software, by a double click, on paper or on screen.

They carry their own small stylesheet, ask for nothing from outside and run no script.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vendor_tracker.wording import filters


def _folder() -> Path:
    """Return the templates: inside the installed package, or at the top of the checkout."""
    package = Path(__file__).parents[1]
    inside = package / "templates"
    return (inside if inside.is_dir() else package.parent / "templates") / "reports"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_folder()),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters.register(environment)
    return environment


def write_page(name: str, **values: object) -> str:
    """Render ``templates/reports/<name>.html``; raises ``jinja2.UndefinedError`` when a value it needs is missing."""
    return _environment().get_template(f"{name}.html").render(**values)
