"""Runs a function of ours in a process of its own, with a limit of time and of memory.

What handles other people's bytes or needs much memory for a moment works there: a library that panics, loops or takes
too much ends that process, never the one that serves pages. The process inherits none of our settings, which hold
secrets, and no connection: it receives JSON objects and answers bytes.

:func:`run_apart` starts a process for one call, as other people's bytes ask for. :func:`ask_helper` keeps one for a
while, so that many calls in a row, such as a night's receipts, load the library once; it ends by itself when nobody
asks, when its caller ends, after :data:`MOST_ASKED` calls, and whenever a call fails.
"""

import atexit
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
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
    try:
        done = subprocess.run(  # noqa: S603 - our own module, in our own interpreter
            _command(function, seconds + 1, memory_mib),
            input=json.dumps(payload).encode(),
            capture_output=True,
            env=_environment(),
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


def _command(function: str, cpu_seconds: int, memory_mib: int, *more: str) -> list[str]:
    words = [str(_ROOT), function, str(cpu_seconds), str(memory_mib), *more]
    return [sys.executable, "-I", "-X", "utf8", "-c", _START, *words]


def _environment() -> dict[str, str]:
    return {each: os.environ[each] for each in _INHERITED if each in os.environ}


# ----------------------------------------------------------------------------------------------------------------------
# A process that stays for a while
# ----------------------------------------------------------------------------------------------------------------------
IDLE_SECONDS = 20
MOST_ASKED = 200
"""Calls after which a helper is replaced: libraries keep what they once loaded."""
_STAY = "stay"
_LENGTH = 8
_ANSWERED, _REFUSED, _FAILED, _NOTHING = b"a", b"r", b"f", b""


class _Helper:
    """A process that answers one call after another, and whoever may ask it."""

    def __init__(self, function: str, memory_mib: int) -> None:
        self.owner = os.getpid()
        self.asked = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
            _command(function, 3600, memory_mib, _STAY),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    @property
    def usable(self) -> bool:
        """Tell whether it is ours, lives, and is not worn."""
        return self.owner == os.getpid() and self.asked < MOST_ASKED and self.process.poll() is None

    def ask(self, payload: bytes, deadline: float) -> tuple[bytes, bytes]:
        """Return the kind of the answer and the answer; nothing when the process ended instead."""
        self.asked += 1
        assert self.process.stdin is not None  # noqa: S101 - it was started with a pipe
        try:
            self.process.stdin.write(len(payload).to_bytes(_LENGTH, "big") + payload)
            self.process.stdin.flush()
        except OSError:
            return _NOTHING, b""
        head = self._read(1 + _LENGTH, deadline)
        if len(head) < 1 + _LENGTH:
            return _NOTHING, b""
        size = int.from_bytes(head[1:], "big")
        body = self._read(size, deadline)
        return (head[:1], body) if len(body) == size else (_NOTHING, b"")

    def _read(self, size: int, deadline: float) -> bytes:
        assert self.process.stdout is not None  # noqa: S101 - it was started with a pipe
        held = bytearray()
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.process.stdout, selectors.EVENT_READ)
            while len(held) < size:
                if not waiting.select(max(deadline - time.monotonic(), 0)):
                    raise TimeoutError
                piece = os.read(self.process.stdout.fileno(), min(size - len(held), MEBIBYTE))
                if not piece:
                    break
                held += piece
        return bytes(held)

    def end(self) -> None:
        """End the process, if it is ours, and let go of its pipes."""
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


_helpers: dict[str, _Helper] = {}
_turn = threading.Lock()


def ask_helper(function: str, payload: Mapping[str, object], *, seconds: int, memory_mib: int) -> bytes:
    """Call ``module:function`` as :func:`run_apart` does, in a process that stays for the next call.

    One call at a time; ``seconds`` count from its turn. Raises what :func:`run_apart` raises.
    """
    words = json.dumps(payload).encode()
    with _turn:
        deadline = time.monotonic() + seconds
        try:
            kind, answer = _asked(function, words, deadline, memory_mib)
        except TimeoutError:
            _helpers.pop(function).end()
            message = f"{function} took longer than {seconds} s."
            raise ApartError(message, slow=True) from None
        except OSError as error:
            message = f"{function} could not be started: {error}"
            raise ApartError(message) from error
        if kind in (_FAILED, _NOTHING):
            # Whatever state it is in now, nobody is to depend on it.
            _helpers.pop(function).end()
            said = answer.decode("utf-8", "replace")[-LARGEST_SAID:] or "it ended without an answer"
            log.warning("%s failed: %s", function, said)
            message = f"{function} failed."
            raise ApartError(message)
    if kind == _REFUSED:
        raise RefusedError(answer.decode())
    return answer


def _asked(function: str, words: bytes, deadline: float, memory_mib: int) -> tuple[bytes, bytes]:
    helper = _helpers.get(function)
    if helper is not None and helper.usable:
        kind, answer = helper.ask(words, deadline)
        if kind != _NOTHING or helper.process.poll() != 0:
            return kind, answer
        # It had just gone home, having been idle: the next one is asked.
    if helper is not None:
        helper.end()
    helper = _helpers[function] = _Helper(function, memory_mib)
    return helper.ask(words, deadline)


@atexit.register
def end_helpers() -> None:
    """End every helper of this process."""
    while _helpers:
        _helpers.popitem()[1].end()


# ----------------------------------------------------------------------------------------------------------------------
# Being the process
# ----------------------------------------------------------------------------------------------------------------------
def main() -> None:
    """Be the process: limit oneself, call the function, answer; or stay and answer again."""
    name, cpu_seconds, memory_mib, *more = sys.argv[1:]
    _limit(int(cpu_seconds), int(memory_mib))
    module, _, function = name.partition(":")
    call = getattr(import_module(module), function)
    out = sys.stdout.buffer
    if more == [_STAY]:
        while (words := _next()) is not None:
            try:
                kind, answer = _ANSWERED, call(json.loads(words))
            except RefusedError as refusal:
                kind, answer = _REFUSED, str(refusal).encode()
            except BaseException as error:  # noqa: BLE001 - a library's panic is no Exception; the caller is to know of it
                kind, answer = _FAILED, f"{type(error).__name__}: {error}".encode("utf-8", "replace")
            out.write(kind + len(answer).to_bytes(_LENGTH, "big") + answer)
            out.flush()
        return
    try:
        out.write(call(json.load(sys.stdin.buffer)))
    except RefusedError as refusal:
        out.write(str(refusal).encode())
        out.flush()
        sys.exit(REFUSED)
    out.flush()


def _next() -> bytes | None:
    """Return the next call, or nothing when the caller ended or nobody asks any more."""
    source = sys.stdin.buffer.raw if hasattr(sys.stdin.buffer, "raw") else sys.stdin.buffer
    with selectors.DefaultSelector() as waiting:
        waiting.register(source, selectors.EVENT_READ)
        if not waiting.select(IDLE_SECONDS):
            return None
    held = b""
    size = _LENGTH
    while len(held) < size:
        piece = source.read(size - len(held))
        if not piece:
            return None
        held += piece
        if size == _LENGTH and len(held) == _LENGTH:
            size = _LENGTH + int.from_bytes(held, "big")
    return held[_LENGTH:]


def _limit(cpu_seconds: int, memory_mib: int) -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory_mib * MEBIBYTE),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))
    # A write past the limit is to be an error that names itself, not a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
