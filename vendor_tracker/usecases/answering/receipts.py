"""Receipts: what was delivered, when, and the fingerprints by which anybody can check it."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from contracts.vocabulary import FileState
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import portal, receipts, recipients
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import Receipt
from vendor_tracker.trail import canonical
from vendor_tracker.usecases import requesting
from vendor_tracker.usecases.answering.pages import OwnFile
from vendor_tracker.usecases.answering.protocols import read_code, verification_code
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.work import NotFoundError, look


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """An item as it was delivered."""

    position: int
    inciso: str
    title: str
    text: str
    cannot_deliver: str
    files: tuple[OwnFile, ...]


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt, with what happens next."""

    title: str
    protocol: str
    head: RequestHead
    submitted_at: datetime
    person: str
    position: str
    due_on: date
    late: bool
    items: tuple[ReceiptItem, ...]
    sha256: str
    code: str
    """The protocol and the characters by which anybody verifies the receipt."""
    intact: bool
    """Whether the stored content still has the receipt's hash."""
    preposto_email: str
    review_by: date
    today: date
    verify_url: str

    @property
    def files(self) -> int:
        """Count the files."""
        return sum(len(item.files) for item in self.items)


def page_of(session: Session, receipt: Receipt) -> ReceiptPage:
    """Return a receipt as it was delivered, checked against its own hash."""
    head = store.head(session, receipt.request_id)
    if head is None:
        raise NotFoundError("Este recibo não existe.")
    raw = receipt.content
    items = []
    for item in _list(raw["itens"]):
        files = tuple(
            OwnFile(
                0,
                str(file["nome"]),
                int(str(file["tamanho"])),
                str(file["sha256"]),
                FileState.CHECKING if file.get("conferencia") else FileState.CLEAN,
            )
            for file in _list(item["arquivos"])
        )
        items.append(
            ReceiptItem(
                int(str(item["posicao"])),
                str(item["inciso"]),
                str(item["titulo"]),
                str(item["resposta"]),
                str(item["nao_consegue_entregar"]),
                files,
            )
        )
    due_on = date.fromisoformat(str(raw["prazo"]))
    submitted_on = clock.day_of(receipt.submitted_at)
    today = clock.today()
    preposto = requesting.preposto_of(session, head, today)
    return ReceiptPage(
        title="Resposta recebida",
        protocol=receipt.protocol,
        head=head,
        submitted_at=receipt.submitted_at,
        person=receipt.submitted_by,
        position=receipt.submitted_by_position,
        due_on=due_on,
        late=submitted_on > due_on,
        items=tuple(items),
        sha256=receipt.sha256,
        code=code_of(receipt),
        intact=sha256(canonical(raw).encode()).hexdigest() == receipt.sha256,
        preposto_email=preposto.email if preposto else "",
        review_by=requesting.review_term(session, submitted_on),
        today=today,
        verify_url=verify_url(code_of(receipt)),
    )


def code_of(receipt: Receipt) -> str:
    """Return the verification code of a receipt."""
    return verification_code(receipt.protocol, receipt.sha256)


def verify_url(code: str) -> str:
    """Return the address where a code is verified."""
    return f"{settings().base_url}/verificar/{code}"


def _list(value: object) -> list[dict[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def receipt_page(visit: Visit, protocol: str) -> ReceiptPage:
    """Return a receipt of the visit's own request."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or receipt.request_id != visit.request_id:
            raise NotFoundError("Este recibo não existe.")
        return page_of(session, receipt)


def receipt_for_staff(protocol: str) -> ReceiptPage:
    """Return any receipt, for the court's own people."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None:
            raise NotFoundError("Este recibo não existe.")
        return page_of(session, receipt)


def receipt_text(visit: Visit, protocol: str) -> str:
    """Return a receipt as plain text: the very letter that was mailed."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or receipt.request_id != visit.request_id:
            raise NotFoundError("Este recibo não existe.")
        page = page_of(session, receipt)
        recipient = recipients.Mailbox(page.person, "")
        return requesting.write_letter("receipt", page.head, recipient, receipt=for_letter(page)).body


def receipt_content(visit: Visit, protocol: str) -> str:
    """Return the canonical JSON of a receipt, over which anybody can take the SHA-256 again."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or receipt.request_id != visit.request_id:
            raise NotFoundError("Este recibo não existe.")
        return canonical(receipt.content)


@dataclass(frozen=True, slots=True)
class LetterReceipt:
    """A receipt as letters read it."""

    protocol: str
    submitted_at: datetime
    due_on: date
    late: bool
    person: str
    position: str
    items: tuple[ReceiptItem, ...]
    sha256: str
    code: str
    files: int


def for_letter(page: ReceiptPage) -> LetterReceipt:
    """Return a receipt as letters read it."""
    return LetterReceipt(
        page.protocol, page.submitted_at, page.due_on, page.late, page.person, page.position, page.items, page.sha256,
        page.code, page.files,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What anybody may know of a receipt: by its protocol alone, that it is ours and when; by its code, the rest."""

    protocol: str
    code: str
    """The whole code; empty when it was not given, and what needs it is then empty too."""
    submitted_at: datetime
    number: str
    operator: str
    """Empty when the agreement is protected (art. 5º), or the operator is a person and no company."""
    items: int
    hashes: tuple[tuple[int, str], ...]
    """Each file's size in bytes and SHA-256; names are the parties' own."""
    sha256: str
    paper_sha256: str
    """SHA-256 of the PDF, once it was made."""
    intact: bool


def verify_receipt(text: str) -> ReceiptCheck | None:
    """Return what a protocol or a verification code stands for; ``None`` when there is no such receipt."""
    read = read_code(text)
    if read is None:
        return None
    protocol, code = read
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or code not in ("", code_of(receipt)):
            return None
        return check_of(session, receipt, whole=bool(code))


def check_of(session: Session, receipt: Receipt, *, whole: bool) -> ReceiptCheck:
    """Return what anybody may know of a receipt; ``whole``: they have shown to hold it."""
    page = page_of(session, receipt)
    if not whole:
        return ReceiptCheck(page.protocol, "", page.submitted_at, "", "", 0, (), "", "", page.intact)
    paper = receipts.paper(session, receipt.id)
    return ReceiptCheck(
        page.protocol,
        page.code,
        page.submitted_at,
        page.head.number,
        "" if page.head.secret or not page.head.cnpj else page.head.operator,
        len(page.items),
        tuple((file.size, file.sha256) for item in page.items for file in item.files),
        page.sha256,
        paper.sha256 if paper is not None else "",
        page.intact,
    )
