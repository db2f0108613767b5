"""What a placeholder's value is, and the small steps that turn a fact into one."""

from datetime import date, datetime

from clause_library import phrases

Value = str | tuple[str | None, ...] | None
"""A value in words; a tuple when part of it may be unknown (``None`` asks for the placeholder); ``None``: unknown."""


def stripped(text: str | None) -> str | None:
    """The text without white space around it; ``None`` when nothing is left."""
    return text.strip() or None if text else None


_OPENINGS = frozenset("A As À Ao Aos Com Em Esta Este Há Na Nas Nenhum Nenhuma No Nos Não O Os Para Por Um Uma".split())
"""Words that take a small letter after a colon; any other first word may be a name."""


def sentence(text: str | None) -> str | None:
    """The text as it stands after a colon, in a paragraph that ends with its own full stop."""
    words = (text or "").strip().rstrip(".").strip()
    if words.partition(" ")[0] in _OPENINGS:
        words = words[0].lower() + words[1:]
    return words or None


def day_words(day: date | None) -> Value:
    """The day in full."""
    return phrases.day_in_full(day) if day else None


def moment_words(moment: datetime | None) -> Value:
    """The moment in full, by the clock of Brasília."""
    return phrases.moment_in_full(moment) if moment else None
