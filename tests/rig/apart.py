"""What a process apart may do, well or badly; called there by the tests of :mod:`vendor_tracker.apart`."""

import os
import sys
from itertools import count

from vendor_tracker.apart import RefusedError

CALLS = count(1)


def has_secret(_payload: object) -> bytes:
    """Tell whether the process knows our secret."""
    return b"yes" if "SECRET_KEY" in os.environ else b"no"


def counting(payload: dict[str, object]) -> bytes:
    """Tell how often it was called, or do what a library might."""
    number = next(CALLS)
    if "refuse" in payload:
        message = "Não pode."
        raise RefusedError(message)
    if "panic" in payload:
        raise KeyboardInterrupt
    if "end" in payload:
        sys.exit(5)
    if "die" in payload:
        os._exit(6)
    while "endless" in payload:
        pass
    return str(number).encode()
