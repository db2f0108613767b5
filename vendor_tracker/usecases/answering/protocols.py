"""The number of a receipt, with two characters that catch a mistyped one, and the code by which it is verified.

The number alone can be guessed: it counts. The code is the number and eight characters more, taken from the SHA-256 of
what was delivered, so that only who holds the receipt knows it; nothing secret goes into it, and it never changes.
"""

import re
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty-two signs that are not mistaken for each other (Crockford's): no I, L, O or U."""

_CODE = re.compile(r"(\d{4}-\d{4,9}-[0-9A-F]{2})(?:-([0-9A-Z]{4})-?([0-9A-Z]{4}))?", re.ASCII)
_MISTAKEN = str.maketrans("ILO", "110")


def protocol_of(year: int, sequence: int) -> str:
    """Return a protocol: year, number of the year, and two characters that catch a mistyped one."""
    stem = f"{year}-{sequence:04d}"
    return f"{stem}-{_check(stem)}"


def is_protocol(text: str) -> bool:
    """Tell whether a text is a protocol whose check characters agree."""
    stem, _, check = text.rpartition("-")
    year, _, sequence = stem.partition("-")
    right_shape = len(year) == 4 and year.isdecimal() and 4 <= len(sequence) <= 9 and sequence.isdecimal()
    return right_shape and text.isascii() and check == _check(stem)


def verification_code(protocol: str, digest: str) -> str:
    """Return the code of the receipt ``protocol`` whose content has the SHA-256 ``digest``: 40 bits of it."""
    number = int.from_bytes(sha256(f"verificar:{digest}".encode()).digest()[:5], "big")
    signs = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{protocol}-{signs[:4]}-{signs[4:]}"


def read_code(text: str) -> tuple[str, str] | None:
    """Return the protocol in what somebody typed, and the whole code when it has one; ``None`` when it is neither."""
    found = _CODE.fullmatch("".join(text.upper().split()))
    if found is None or not is_protocol(found[1]):
        return None
    signs = ((found[2] or "") + (found[3] or "")).translate(_MISTAKEN)
    return found[1], f"{found[1]}-{signs[:4]}-{signs[4:]}" if signs else ""


def _check(stem: str) -> str:
    """CRC-8 (polynomial x⁸ + x² + x + 1) of the digits: it catches any one wrong digit and any swap of neighbours."""
    crc = 0
    for byte in stem.encode():
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return f"{crc:02X}"
