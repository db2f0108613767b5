"""Recognises the letters of a scanned PDF with ``ocrmypdf``, where whoever runs the system has installed it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from clause_library.reading.limits import LARGEST_FILE, OCR_SECONDS, refusal

_PROGRAM = "ocrmypdf"
_WORDS = ("--language", "por", "--skip-text", "--output-type", "pdf", "--optimize", "0", "--jobs", "1", "--quiet")


def ocr_available() -> bool:
    """Tell whether letters can be recognised on this machine."""
    return shutil.which(_PROGRAM) is not None


def recognise(data: bytes, *, seconds: int = OCR_SECONDS) -> bytes:
    """Return a PDF with the same pages and the text recognised in them; ``seconds`` bounds the wait.

    Raises:
        UnreadableFileError: ``ocrmypdf`` is not installed, failed, or took too long.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        raise refusal("ocr_missing")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "scan.pdf"), Path(folder, "text.pdf")
        source.write_bytes(data)
        try:
            done = subprocess.run(  # noqa: S603 - found by its name on the path that the operator set
                [program, *_WORDS, str(source), str(target)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise refusal("too_slow") from None
        except OSError:
            raise refusal("ocr_failed") from None
        if done.returncode or not target.exists() or not 0 < target.stat().st_size <= 4 * LARGEST_FILE:
            raise refusal("ocr_failed")
        return target.read_bytes()
