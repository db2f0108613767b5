"""The text of the documents that we issued, for comparing what came back signed with them.

They are our own files, made by our own builder, and their content never changes: a process reads each once.
"""

from collections import OrderedDict
from collections.abc import Sequence

from clause_library.passages import Passage, UnreadableFileError
from clause_library.reading import read_file
from clause_library.redline import DERIVES_FROM, Redline, compare, derives_from
from vendor_tracker.files import FileStore
from vendor_tracker.store import machine
from vendor_tracker.store.machine import BindingDocument
from vendor_tracker.usecases.work import look

KEPT_TEXTS = 32
KEPT_REDLINES = 32

_texts: OrderedDict[str, tuple[Passage, ...]] = OrderedDict()
_redlines: OrderedDict[tuple[str, str, str], Redline] = OrderedDict()


def issued_text(files: FileStore, sha256: str) -> tuple[Passage, ...]:
    """Return the passages of a document of ours; empty when its bytes are gone or cannot be read."""
    held = _texts.get(sha256)
    if held is None:
        try:
            held = read_file(files.read(sha256), "emitido.docx").passages
        except (OSError, UnreadableFileError):
            return ()
        _texts[sha256] = held
        while len(_texts) > KEPT_TEXTS:
            _texts.popitem(last=False)
    return held


def redline_of(
    files: FileStore, *, sha256: str, reader: str, passages: Sequence[Passage], document_sha256: str
) -> Redline | None:
    """Compare the text that ``reader`` read in a content with a document of ours; ``None`` when that one is gone."""
    key = (sha256, reader, document_sha256)
    held = _redlines.get(key)
    if held is None:
        ours = issued_text(files, document_sha256)
        if not ours:
            return None
        held = compare(passages, ours)
        _redlines[key] = held
        while len(_redlines) > KEPT_REDLINES:
            _redlines.popitem(last=False)
    return held


def likenesses(files: FileStore, *, agreement_id: int, passages: Sequence[Passage]) -> tuple[tuple[int, float], ...]:
    """Return (issued document, likeness) of those of the agreement from which a text derives, the most alike first."""
    with look() as session:
        documents: list[BindingDocument] = machine.binding_documents(session, agreement_id)
    found = []
    for document in documents:
        ours = issued_text(files, document.sha256)
        score = derives_from(passages, ours) if ours else 0.0
        if score >= DERIVES_FROM:
            found.append((document.id, score))
    return tuple(sorted(found, key=lambda each: (-each[1], -each[0])))
