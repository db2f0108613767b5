"""Queries about the papers of receipts, and receipts found by a fingerprint."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import IssuedDocument, Receipt, ReceiptPaper


def paper(session: Session, receipt_id: int) -> ReceiptPaper | None:
    """Return the PDF of a receipt, once it was made."""
    return session.scalar(select(ReceiptPaper).where(ReceiptPaper.receipt_id == receipt_id))


def by_paper(session: Session, digest: str) -> Receipt | None:
    """Return the receipt whose PDF has this SHA-256."""
    return session.scalar(
        select(Receipt)
        .join(ReceiptPaper, ReceiptPaper.receipt_id == Receipt.id)
        .where(ReceiptPaper.sha256 == digest)
        .order_by(Receipt.id)
        .limit(1)
    )


def by_content(session: Session, digest: str) -> Receipt | None:
    """Return the receipt over whose content this SHA-256 was taken."""
    return session.scalar(select(Receipt).where(Receipt.sha256 == digest).order_by(Receipt.id).limit(1))


def document_code(session: Session, digest: str) -> str | None:
    """Return the verification code of the issued document whose file has this SHA-256."""
    return session.scalar(
        select(IssuedDocument.code).where(IssuedDocument.sha256 == digest).order_by(IssuedDocument.id).limit(1)
    )
