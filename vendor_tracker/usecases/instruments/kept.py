"""How what the machine read is kept: the text compressed, each proposal as plain values."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clause_library.passages import Part, Passage, PointReading, Quote
from contracts.vocabulary import Coverage


def plain(text: str) -> str:
    """Return the text with what no database or page can hold replaced, sign by sign, so that places stay true."""
    return "".join(
        "\ufffd" if "\ud800" <= sign <= "\udfff" else " " if (sign < " " and sign not in "\n\t") else sign
        for sign in text
    )


def packed_text(passages: Iterable[Passage]) -> bytes:
    """Return passages as compressed bytes."""
    rows = [
        [plain(each.text), each.paragraph, each.page, each.part.value, each.heading, plain(each.label)]
        for each in passages
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpacked_text(data: bytes) -> tuple[Passage, ...]:
    """Return what :func:`packed_text` packed."""
    return tuple(
        Passage(text, paragraph, page, Part(part), heading, label)
        for text, paragraph, page, part, heading, label in json.loads(zlib.decompress(data))
    )


def packed_points(points: Mapping[str, PointReading]) -> dict[str, Any]:
    """Return what the machine found about each point as plain values."""
    return {
        name: {
            "coverage": point.coverage.value,
            "quotes": [[plain(each.text), each.paragraph, each.page, each.start, each.end] for each in point.quotes],
            "place": plain(point.place),
            "ideas": [plain(each) for each in point.ideas],
            "missing": [plain(each) for each in point.missing],
            "why": plain(point.why),
            "confidence": point.confidence,
        }
        for name, point in points.items()
    }


def unpacked_points(value: Mapping[str, Any]) -> dict[str, PointReading]:
    """Return what :func:`packed_points` packed."""
    return {
        name: PointReading(
            point=name,
            coverage=Coverage(point["coverage"]),
            quotes=_quotes(point["quotes"]),
            place=point["place"],
            ideas=tuple(point["ideas"]),
            missing=tuple(point["missing"]),
            why=point["why"],
            confidence=point["confidence"],
        )
        for name, point in value.items()
    }


def _quotes(rows: Sequence[Sequence[Any]]) -> tuple[Quote, ...]:
    return tuple(Quote(text, paragraph, page, start, end) for text, paragraph, page, start, end in rows)
