"""Bytes that somebody handed in or that we issued: kept once, by the SHA-256 of their content.

A file is written under a temporary name, synced, and moved into place, so that a killed process leaves no half file;
the same content twice is one file. Nothing here deletes.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


class FileTooLargeError(ValueError):
    """More bytes than allowed; ``limit`` is in bytes."""

    def __init__(self, limit: int) -> None:
        """Say the limit in Portuguese."""
        super().__init__(f"O arquivo passa do limite de {limit // (1024 * 1024)} MB.")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is known of bytes once they are kept: lower-case hexadecimal SHA-256 and size in bytes."""

    sha256: str
    size: int


class FileStore:
    """A folder of files named by their content."""

    def __init__(self, root: Path) -> None:
        """Use ``root``, which is made if it is missing."""
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            message = "A content address is 64 lower-case hexadecimal digits."
            raise ValueError(message)
        return self.root / digest[:2] / digest

    def keep(self, source: BinaryIO, *, limit: int | None = None) -> KeptFile:
        """Keep the bytes of ``source``; raises :class:`FileTooLargeError` past ``limit`` bytes and keeps nothing."""
        digest, size = sha256(), 0
        descriptor, name = tempfile.mkstemp(dir=self.root, prefix=".incoming-")
        try:
            with os.fdopen(descriptor, "wb") as target:
                while chunk := source.read(CHUNK):
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise FileTooLargeError(limit)
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            path = self._path(digest.hexdigest())
            path.parent.mkdir(exist_ok=True)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return KeptFile(digest.hexdigest(), size)

    def keep_bytes(self, data: bytes) -> KeptFile:
        """Keep ``data``."""
        return self.keep(BytesIO(data))

    @contextmanager
    def open(self, digest: str) -> Iterator[BinaryIO]:
        """Open the bytes of a content address; raises ``FileNotFoundError``."""
        with self._path(digest).open("rb") as file:
            yield file

    def read(self, digest: str) -> bytes:
        """Return the bytes of a content address, checked against it; raises ``OSError`` when they were altered."""
        data = self._path(digest).read_bytes()
        if sha256(data).hexdigest() != digest:
            message = f"The content of {digest} was altered on disk."
            raise OSError(message)
        return data

    def path(self, digest: str) -> Path:
        """Return where the bytes lie, for sending them; raises ``FileNotFoundError``."""
        path = self._path(digest)
        if not path.is_file():
            raise FileNotFoundError(digest)
        return path
