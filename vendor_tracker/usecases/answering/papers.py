"""The PDF of a receipt: made when it is first wanted, kept, and from then on handed out byte for byte."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from vendor_tracker.files import FileStore
from vendor_tracker.reports import receipt as report
from vendor_tracker.reports.letters import letterhead
from vendor_tracker.reports.typesetting import TypesettingError
from vendor_tracker.running import settings
from vendor_tracker.store import portal, receipts
from vendor_tracker.store import requests as store
from vendor_tracker.store.tables import Receipt, ReceiptPaper
from vendor_tracker.store.trails import take_turn
from vendor_tracker.trail import canonical
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.answering.receipts import code_of, verify_url
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, act, job, look

NO_RECEIPT = "Este recibo não existe."


@dataclass(frozen=True, slots=True)
class PaperFile:
    """The PDF of a receipt, to be handed out."""

    name: str
    media_type: str
    sha256: str
    data: bytes


def receipt_paper(visit: Visit, files: FileStore, protocol: str) -> PaperFile:
    """Return the PDF of a receipt of the visit's own request; raises what :func:`paper_of` raises."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or receipt.request_id != visit.request_id:
            raise NotFoundError(NO_RECEIPT)
    return paper_of(files, protocol)


def receipt_paper_for_staff(actor: Actor, files: FileStore, protocol: str) -> PaperFile:
    """Return the PDF of any receipt, for the court's own people; one of a protected agreement only to some roles.

    Raises what :func:`paper_of` raises.
    """
    with look() as session:
        receipt = portal.receipt(session, protocol)
        head = store.head(session, receipt.request_id) if receipt is not None else None
    if head is None or not filing.may_read(actor.role, restricted=head.secret):
        message = "Este recibo não existe ou é protegido (art. 5º da Portaria)."
        raise NotFoundError(message)
    return paper_of(files, protocol)


def paper_of(files: FileStore, protocol: str) -> PaperFile:
    """Return the PDF of a receipt, made now if it never was.

    Raises:
        NotFoundError: there is no such receipt.
        ConflictError: the content on record no longer has the receipt's hash, or the PDF cannot be made.
    """
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None:
            raise NotFoundError(NO_RECEIPT)
        head = store.head(session, receipt.request_id)
        kept = receipts.paper(session, receipt.id)
        restricted = bool(head and head.secret)
        known = kept.sha256 if kept is not None else ""
        session.expunge_all()
    if known:
        # When it is gone from the disk, the same receipt gives the same bytes as long as the typesetter is the same.
        with suppress(OSError):
            return _file(protocol, known, files.read(known))
    data = _made(receipt)
    digest = sha256(data).hexdigest()
    if known and digest != known:
        message = f"O PDF do recibo {protocol} falta na guarda de arquivos. Avise a administração do sistema."
        raise ConflictError(message)
    files.keep_bytes(data)
    return _file(protocol, *_recorded(files, receipt, data, restricted=restricted))


def _file(protocol: str, digest: str, data: bytes) -> PaperFile:
    return PaperFile(report.file_name(protocol), report.MEDIA_TYPE, digest, data)


def _made(receipt: Receipt) -> bytes:
    if sha256(canonical(receipt.content).encode()).hexdigest() != receipt.sha256:
        message = "O conteúdo guardado não corresponde ao resumo do recibo. Avise a administração do sistema."
        raise ConflictError(message)
    code = code_of(receipt)
    paper = report.ReceiptPaper(receipt.content, receipt.submitted_at, receipt.sha256, code, verify_url(code))
    try:
        return report.receipt_pdf(paper, letterhead(settings()))
    except TypesettingError as error:
        message = f"O PDF do recibo {receipt.protocol} não pôde ser composto agora. Tente de novo em um minuto."
        raise ConflictError(message) from error


def _recorded(files: FileStore, receipt: Receipt, data: bytes, *, restricted: bool) -> tuple[str, bytes]:
    """Put the PDF on record, unless another process did so meanwhile: then that one counts."""
    with act(job("receipt_papers")) as work:
        take_turn(work.session)
        other = receipts.paper(work.session, receipt.id)
        if other is not None:
            return other.sha256, files.read(other.sha256)
        row = filing.keep_ours(
            work,
            files,
            data=data,
            name=report.file_name(receipt.protocol),
            media_type=report.MEDIA_TYPE,
            restricted=restricted,
        )
        work.session.add(ReceiptPaper(receipt_id=receipt.id, file_id=row.id, sha256=row.sha256, made_at=work.now))
        work.trail(
            "receipt_paper_made",
            "request",
            receipt.request_id,
            f"PDF do recibo {receipt.protocol} composto.",
            {"sha256": row.sha256},
        )
        return row.sha256, data
