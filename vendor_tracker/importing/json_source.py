"""JSON bytes from public sources, read within limits, and small steps through what they hold."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from vendor_tracker.importing.rows import UnreadableFile
from vendor_tracker.importing.values import plain_text

MAX_BYTES = 50 * 1024 * 1024
"""A year of a large body's contracts is below 5 MB."""
MAX_RECORDS = 50_000

Record = dict[str, Any]

_LISTS = ("data", "resultado", "items", "itens")
"""Where each API keeps its records: PNCP, dadosabertos.compras, and two older PNCP endpoints."""


def load_json(data: bytes) -> object:
    """What the bytes hold. Amounts keep their decimal places (``Decimal``); ``NaN`` and infinities become None.

    Raises ``UnreadableFile`` for what is too large, too deep, truncated, not JSON or not text.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"O arquivo passa de {MAX_BYTES // 1024 // 1024} MB. Divida a consulta por período e envie em partes."
        )
    if not data.strip():
        raise UnreadableFile("O arquivo está vazio. Baixe a consulta novamente e envie o arquivo inteiro.")
    try:
        return json.loads(data, parse_int=_integer, parse_float=_decimal, parse_constant=lambda _: None)
    except RecursionError:
        raise UnreadableFile(
            "O arquivo tem níveis demais, um dentro do outro, e não parece uma consulta de contratos."
        ) from None
    except UnicodeDecodeError:
        raise UnreadableFile(
            "O arquivo não está em UTF-8. Salve-o novamente com essa codificação e envie outra vez."
        ) from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"O arquivo JSON está incompleto ou danificado (linha {error.lineno}, coluna {error.colno}). "
            "Baixe a consulta novamente."
        ) from None
    except ValueError:
        raise UnreadableFile(
            "O arquivo JSON traz um valor que não pode ser lido. Baixe a consulta novamente."
        ) from None


def _integer(text: str) -> int | str:
    # An integer of thousands of digits costs quadratic time to read, and no code or amount has more than 18.
    return int(text) if len(text) <= 18 else text[:40]


def _decimal(text: str) -> Decimal | str:
    return Decimal(text) if len(text) <= 40 else text[:40]


def records_of(payload: object) -> list[object]:
    """The records of an envelope, of a bare list, or of a list of saved pages (envelopes one after the other).

    Raises ``UnreadableFile`` when there is no list of records, or when it is longer than ``MAX_RECORDS``.
    """
    found = list(_records(payload, pages=True))
    if len(found) > MAX_RECORDS:
        raise UnreadableFile(
            f"O arquivo tem mais de {MAX_RECORDS} registros. Divida a consulta por período e envie em partes."
        )
    return found


def _records(payload: object, *, pages: bool) -> Iterator[object]:
    if isinstance(payload, dict):
        key = next((name for name in _LISTS if isinstance(payload.get(name), list)), None)
        if key is None:
            raise UnreadableFile(
                "O arquivo é um JSON, mas não traz uma lista de contratos. Envie a resposta da consulta do PNCP ou do "
                "Contratos.gov.br."
            )
        yield from payload[key]
    elif isinstance(payload, list):
        for item in payload:
            if pages and isinstance(item, dict) and any(isinstance(item.get(name), list) for name in _LISTS):
                yield from _records(item, pages=False)
            else:
                yield item
    else:
        raise UnreadableFile("O arquivo é um JSON, mas não traz uma lista de contratos.")


def first_record(payload: object) -> Record:
    """The first record that is an object, for recognising a format; empty when there is none."""
    try:
        return next((item for item in _records(payload, pages=True) if isinstance(item, dict)), {})
    except UnreadableFile:
        return {}


def group(record: Record, *names: str) -> Record:
    """The object found by following the names, or an empty one."""
    here: object = record
    for name in names:
        here = here.get(name) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else {}


def pick(record: Record, *names: str) -> Any:
    """The first value under any of the names that is neither None nor blank, or None.

    The names are tried as they stand; the sources print the same field with different capitals, so callers list them.
    """
    for name in names:
        value = record.get(name)
        if value is not None and value != "" and not (isinstance(value, str) and not value.strip()):
            return value
    return None


def text_of(record: Record, *names: str) -> str:
    """The first value under any of the names, as one line of text."""
    return plain_text(pick(record, *names))
