"""Verification by anybody: what a code stands for, and what a file or its SHA-256 is. Nothing is kept."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from vendor_tracker.store import receipts
from vendor_tracker.usecases import answering, documents, incidents
from vendor_tracker.usecases.answering import ReceiptCheck
from vendor_tracker.usecases.answering.receipts import check_of
from vendor_tracker.usecases.documents import Verification
from vendor_tracker.usecases.incidents import IncidentReceiptCheck
from vendor_tracker.usecases.work import UseCaseError, look

PIECE = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VerifiedCode:
    """What a code stands for: a receipt, of an answer or of an incident, a document, or nothing of ours."""

    receipt: ReceiptCheck | None
    document: Verification | None
    incident: IncidentReceiptCheck | None = None

    @property
    def found(self) -> bool:
        """Tell whether it is ours."""
        return any(each is not None for each in (self.receipt, self.document, self.incident))


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """What a file is.

    ``kind``: ``paper`` (the PDF of a receipt), ``content`` (what a receipt's own hash was taken over), ``delivered`` (a
    file of the answer whose code was given), ``document`` (issued by us), or empty for none of them.
    """

    sha256: str
    kind: str
    code: str
    """The code that was given with it, if any."""
    receipt: ReceiptCheck | None = None
    document: Verification | None = None


def verify_code(text: str) -> VerifiedCode:
    """Return what a protocol or a code stands for."""
    receipt = answering.verify_receipt(text)
    incident = incidents.verify_incident_receipt(text) if receipt is None else None
    document = documents.verify(text) if receipt is None and incident is None else None
    return VerifiedCode(receipt, document, incident)


def verify_file(*, stream: BinaryIO | None = None, digest: str = "", code: str = "") -> VerifiedFile:
    """Return what a file is, given itself or its SHA-256; ``code`` of a receipt, to recognise the files of its answer.

    Raises :class:`UseCaseError` when neither was given, or what was pasted is no SHA-256.
    """
    if stream is not None:
        wanted = _digest_of(stream)
    else:
        wanted = "".join(digest.lower().split()).removeprefix("sha256:").removeprefix("sha-256:")
        if not wanted:
            raise UseCaseError("Escolha o arquivo ou cole o SHA-256 dele.", field="arquivo")
        if not _DIGEST.fullmatch(wanted):
            message = "Um SHA-256 tem 64 caracteres, de 0 a 9 e de a até f. Confira se foi copiado por inteiro."
            raise UseCaseError(message, field="sha256")
    with look() as session:
        for kind, find in (("paper", receipts.by_paper), ("content", receipts.by_content)):
            receipt = find(session, wanted)
            if receipt is not None:
                return VerifiedFile(wanted, kind, code, check_of(session, receipt, whole=True))
        issued = receipts.document_code(session, wanted)
    if issued is not None:
        return VerifiedFile(wanted, "document", code, document=documents.verify(issued))
    given = answering.verify_receipt(code) if code else None
    if given is not None and any(known == wanted for _, known in given.hashes):
        return VerifiedFile(wanted, "delivered", code, given)
    return VerifiedFile(wanted, "", code, given)


def _digest_of(stream: BinaryIO) -> str:
    digest = sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
