"""The number of a receipt, with two characters that catch a mistyped one."""


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


def _check(stem: str) -> str:
    """CRC-8 (polynomial x⁸ + x² + x + 1) of the digits: it catches any one wrong digit and any swap of neighbours."""
    crc = 0
    for byte in stem.encode():
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return f"{crc:02X}"
