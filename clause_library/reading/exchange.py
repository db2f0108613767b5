"""What the reader's own process says to the one that asked: one JSON object, whose form has a number.

Every value comes back as it was: texts to the last character, numbers to the last bit, the points in their order.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from clause_library.passages import (
    CoverageReading,
    Part,
    Passage,
    PointReading,
    Quote,
    ReadFile,
    UnreadableFileError,
)
from contracts.vocabulary import Coverage

VERSION = 1


class ExchangeError(ValueError):
    """What arrived is not what the reader says."""


def packed(file: ReadFile, coverage: CoverageReading) -> bytes:
    """Return a file that was read and judged, as bytes."""
    return _bytes({"version": VERSION, "file": _file_out(file), "coverage": _coverage_out(coverage)})


def packed_error(code: str, sentence: str, detail: str = "") -> bytes:
    """Return a refusal, as bytes; ``detail`` is for the log of who runs the system."""
    return _bytes({"version": VERSION, "error": {"code": code, "sentence": sentence, "detail": detail}})


def unpacked(data: bytes) -> tuple[ReadFile, CoverageReading]:
    """Return what :func:`packed` packed.

    Raises:
        UnreadableFileError: the reader refused the file.
        ExchangeError: the bytes are something else.
    """
    try:
        value = json.loads(data)
        if _whole(value["version"]) != VERSION:
            raise ExchangeError(f"the reader speaks version {value['version']}, not {VERSION}")
        if "error" in value:
            error = value["error"]
            raise UnreadableFileError(_text(error["code"]), _text(error["sentence"]))
        return _file_in(value["file"]), _coverage_in(value["coverage"])
    except (UnreadableFileError, ExchangeError):
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ExchangeError(f"{type(error).__name__}: {error}") from error


def detail_of(data: bytes) -> str:
    """Return what a refusal says to the log, or nothing."""
    try:
        return str(json.loads(data)["error"]["detail"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _bytes(value: Mapping[str, object]) -> bytes:
    # Only ASCII, so that even half a character of a broken file arrives as it was.
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")


def _file_out(file: ReadFile) -> dict[str, object]:
    return {
        "name": file.name,
        "sha256": file.sha256,
        "media_type": file.media_type,
        "pages": file.pages,
        "passages": [
            [passage.text, passage.paragraph, passage.page, passage.part.value, passage.heading, passage.label]
            for passage in file.passages
        ],
        "notes": list(file.notes),
    }


def _coverage_out(coverage: CoverageReading) -> dict[str, object]:
    return {
        "provisions": coverage.provisions,
        "points": [
            [
                name,
                {
                    "point": point.point,
                    "coverage": point.coverage.value,
                    "quotes": [
                        [quote.text, quote.paragraph, quote.page, quote.start, quote.end] for quote in point.quotes
                    ],
                    "place": point.place,
                    "ideas": list(point.ideas),
                    "missing": list(point.missing),
                    "why": point.why,
                    "confidence": point.confidence,
                },
            ]
            for name, point in coverage.points.items()
        ],
    }


def _file_in(value: Mapping[str, Any]) -> ReadFile:
    return ReadFile(
        name=_text(value["name"]),
        sha256=_text(value["sha256"]),
        media_type=_text(value["media_type"]),
        pages=_page(value["pages"]),
        passages=tuple(_passage_in(*each) for each in value["passages"]),
        notes=_texts(value["notes"]),
    )


def _passage_in(text: Any, paragraph: Any, page: Any, part: Any, heading: Any, label: Any) -> Passage:
    if not isinstance(heading, bool):
        raise ExchangeError("a heading is true or false")
    return Passage(_text(text), _whole(paragraph), _page(page), Part(part), heading, _text(label))


def _coverage_in(value: Mapping[str, Any]) -> CoverageReading:
    points = {_text(name): _point_in(point) for name, point in value["points"]}
    return CoverageReading(provisions=_whole(value["provisions"]), points=points)


def _point_in(value: Mapping[str, Any]) -> PointReading:
    confidence = value["confidence"]
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)):
        raise ExchangeError("a confidence is a number")
    return PointReading(
        point=_text(value["point"]),
        coverage=Coverage(value["coverage"]),
        quotes=tuple(_quote_in(*each) for each in value["quotes"]),
        place=_text(value["place"]),
        ideas=_texts(value["ideas"]),
        missing=_texts(value["missing"]),
        why=_text(value["why"]),
        confidence=confidence,
    )


def _quote_in(text: Any, paragraph: Any, page: Any, start: Any, end: Any) -> Quote:
    return Quote(_text(text), _whole(paragraph), _page(page), _whole(start), _whole(end))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ExchangeError("a text is missing")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ExchangeError("a list of texts is missing")
    return tuple(_text(each) for each in value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ExchangeError("a whole number is missing")
    return value


def _page(value: Any) -> int | None:
    return None if value is None else _whole(value)
