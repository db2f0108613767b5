"""Runs one function of ours in a process of its own, with a limit of time and of memory.

What handles other people's bytes or needs much memory for a moment works there: a library that panics, loops or takes
too much ends that process, never the one that serves pages. The process inherits none of our settings, which hold
secrets, and no connection: it receives one JSON object and answers bytes.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

log = logging.getLogger(__name__)

MEBIBYTE = 1024 * 1024
LARGEST_SAID = 2000
"""Characters of a failure's own words that are kept in the log."""

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
_ROOT = Path(__file__).resolve().parent.parent
# After the standard library's three places and before anything installed: the code is that of this very copy.
_START = "import sys; sys.path.insert(3, sys.argv.pop(1)); from vendor_tracker.apart import main; main()"
REFUSED = 3
"""The code of a process whose function refused its input: what it wrote is the sentence."""


class ApartError(Exception):
    """The process failed or took too long. ``slow``: its time was over."""

    def __init__(self, message: str, *, slow: bool = False) -> None:
        """Keep the reason, which is for the log and not for a page."""
        super().__init__(message)
        self.slow = slow


class RefusedError(Exception):
    """The function refused what it was given; the message is its own sentence, for people."""


def run_apart(function: str, payload: Mapping[str, object], *, seconds: int, memory_mib: int) -> bytes:
    """Call ``module:function`` with ``payload`` in a process of its own and return the bytes that it gave back.

    Args:
        function: where the function is, such as ``vendor_tracker.reports.typesetting:compose``; it takes one mapping
            and returns bytes, or raises :class:`RefusedError`.
        payload: what it is given; only what JSON can hold.
        seconds: after which the process is ended.
        memory_mib: mebibytes of addresses that the process may ask for.

    Raises:
        RefusedError: the function refused, with its sentence.
        ApartError: the process failed, or its time was over.
    """
    environment = {each: os.environ[each] for each in _INHERITED if each in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, in our own interpreter
            [sys.executable, "-I", "-X", "utf8", "-c", _START, str(_ROOT), function, str(seconds), str(memory_mib)],
            input=json.dumps(payload).encode(),
            capture_output=True,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"{function} took longer than {seconds} s."
        raise ApartError(message, slow=True) from None
    except OSError as error:
        message = f"{function} could not be started: {error}"
        raise ApartError(message) from error
    if done.returncode == REFUSED:
        raise RefusedError(done.stdout.decode())
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-LARGEST_SAID:]
        log.warning("%s ended with code %s: %s", function, done.returncode, said)
        message = f"{function} ended with code {done.returncode}."
        raise ApartError(message, slow=done.returncode == -signal.SIGXCPU)
    return done.stdout


def main() -> None:
    """Be the process: limit oneself, call the function, answer."""
    name, seconds, memory_mib = sys.argv[1:4]
    _limit(int(seconds), int(memory_mib))
    module, _, function = name.partition(":")
    payload = json.load(sys.stdin.buffer)
    try:
        answer = getattr(import_module(module), function)(payload)
    except RefusedError as refusal:
        sys.stdout.buffer.write(str(refusal).encode())
        sys.stdout.buffer.flush()
        sys.exit(REFUSED)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _limit(seconds: int, memory_mib: int) -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory_mib * MEBIBYTE),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))
    # A write past the limit is to be an error that names itself, not a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
