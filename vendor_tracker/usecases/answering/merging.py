"""Putting together what two people typed into one item, without either losing a word."""

from dataclasses import dataclass

from contracts.vocabulary import EvidenceKind


@dataclass(frozen=True, slots=True)
class Draft:
    """What the vendor typed for one item. ``kind``: which of several accepted proofs it is."""

    text: str = ""
    cannot_deliver: str = ""
    kind: EvidenceKind | None = None

    @property
    def tidy(self) -> "Draft":
        """Return the draft as it is kept: without blanks around its texts."""
        return Draft(self.text.strip(), self.cannot_deliver.strip(), self.kind)


def merged(base: Draft, mine: Draft, current: Draft) -> Draft | None:
    """Return what holds when ``mine`` and ``current`` were both made from ``base``; ``None`` when they contradict.

    A field that only one of them changed is taken from that one. Two different changes of the same field contradict
    each other, and a person must choose.
    """
    text = _field(base.text, mine.text, current.text)
    reason = _field(base.cannot_deliver, mine.cannot_deliver, current.cannot_deliver)
    kinds = (mine.kind, current.kind)
    if text is None or reason is None or (kinds[0] != kinds[1] and base.kind not in kinds):
        return None
    return Draft(text, reason, kinds[1] if kinds[0] == base.kind else kinds[0])


def _field(base: str, mine: str, current: str) -> str | None:
    if mine in (base, current):
        return current
    return mine if current == base else None
