"""Reads and judges a file that somebody else wrote in a process of its own, which may fail without harm.

The process has a limit of memory and of time, no secrets in its environment and no connection to anything of ours: it
receives bytes and answers one JSON object. It is ended when its time is over. Every way in which it can fail becomes an
:class:`UnreadableFileError` with a sentence for people.
"""

import hashlib
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from clause_library.passages import CoverageReading, ReadFile
from clause_library.reading.exchange import ExchangeError, detail_of, unpacked
from clause_library.reading.limits import (
    LARGEST_FILE,
    MEBIBYTE,
    MEMORY_MIB,
    OCR_MEMORY_MIB,
    OCR_SECONDS,
    SECONDS,
    refusal,
)

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Files that one process of the server has read at the same time; the others wait for their turn."""
LARGEST_ANSWER = 64 * MEBIBYTE
LARGEST_WRITTEN_MIB = 16
"""What the reader may write to a disk: only Python's own cache does."""
OCR_WRITTEN_MIB = 512

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TESSDATA_PREFIX")
"""The settings of the system that the reader gets; none of ours, which hold secrets."""
_ROOT = Path(__file__).resolve().parent.parent.parent
# After the standard library's three places and before anything installed: the reader is the one of this very copy.
_START = "import sys; sys.path.insert(3, sys.argv.pop(1)); from clause_library.reading.__main__ import main; main()"
_turns = threading.BoundedSemaphore(AT_ONCE)


def check_apart(
    data: bytes, name: str, *, seconds: int = SECONDS, memory_mib: int = MEMORY_MIB, ocr: bool = False
) -> tuple[ReadFile, CoverageReading]:
    """Read a file and judge what it says, in a process of its own.

    Args:
        data: the bytes of the file.
        name: the name it came with; only kept, never trusted.
        seconds: after which the process is ended, the wait for a turn included.
        memory_mib: mebibytes of memory that the process may ask for.
        ocr: recognise the letters of a scan first, which may take longer and more memory than ``seconds`` and
            ``memory_mib`` say: at most ``OCR_SECONDS`` and ``OCR_MEMORY_MIB`` besides.

    Raises:
        UnreadableFileError: the file cannot be read, for whatever reason.
    """
    if not data:
        raise refusal("empty")
    if len(data) > LARGEST_FILE:
        raise refusal("too_large")
    if ocr:
        seconds, memory_mib = seconds + OCR_SECONDS, memory_mib + OCR_MEMORY_MIB
    deadline = time.monotonic() + seconds
    if not _turns.acquire(timeout=seconds / 2):
        raise refusal("busy")
    try:
        answer = _asked(data, deadline, seconds=seconds, memory_mib=memory_mib, ocr=ocr)
    finally:
        _turns.release()
    detail = detail_of(answer) if b'"error"' in answer[:40] else ""
    if detail:
        log.warning("the reader of files failed: %s", detail)
    try:
        read, coverage = unpacked(answer)
    except ExchangeError as error:
        log.warning("the reader of files answered what nobody understands: %s", error)
        raise refusal("failed") from error
    if read.sha256 != hashlib.sha256(data).hexdigest():
        log.warning("the reader of files answered about another file")
        raise refusal("failed")
    return replace(read, name=name), coverage


def _asked(data: bytes, deadline: float, *, seconds: int, memory_mib: int, ocr: bool) -> bytes:
    """Start the reader, hand it the bytes, and return its answer; it is ended in any case."""
    written = OCR_WRITTEN_MIB if ocr else LARGEST_WRITTEN_MIB
    words = [str(_ROOT), str(seconds), str(memory_mib), str(written), str(int(ocr))]
    environment = {each: os.environ[each] for each in _INHERITED if each in os.environ}
    with tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
                [sys.executable, "-I", "-X", "utf8", "-c", _START, *words],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            log.warning("the reader of files did not start: %s", error)
            raise refusal("failed") from error
        try:
            return _answer(process, deadline)
        finally:
            _end(process)


def _answer(process: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was started with a pipe
    held = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not waiting.select(max(deadline - time.monotonic(), 0)):
                raise refusal("too_slow")
            chunk = os.read(process.stdout.fileno(), MEBIBYTE)
            if not chunk:
                break
            held += chunk
            if len(held) > LARGEST_ANSWER:
                raise refusal("too_long")
    try:
        code = process.wait(timeout=max(deadline - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        raise refusal("too_slow") from None
    if code == 0:
        return bytes(held)
    log.warning("the reader of files ended with code %s", code)
    if code == -signal.SIGXCPU:
        raise refusal("too_slow")
    # A library that gets no more memory ends its process without a word.
    raise refusal("too_demanding" if code < 0 else "failed")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the reader and whatever it started: its session is its own, and bears its number."""
    if process.returncode is None:  # Once it was waited for, its number may be somebody else's.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
