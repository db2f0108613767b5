"""Putting a signed paper on record, and correcting what the record says of it."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary import InstrumentKind
from vendor_tracker.files import FileStore
from vendor_tracker.store import issued
from vendor_tracker.store.tables import Instrument
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.instruments.finding import head_of, paper_of
from vendor_tracker.usecases.instruments.machine import read_after_filing
from vendor_tracker.usecases.judging import rejudge
from vendor_tracker.usecases.work import Actor, UseCaseError, Work, act, look

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class PaperData:
    """What is typed about a signed paper."""

    kind: InstrumentKind
    title: str
    signed_on: date | None = None
    signed_by_both: bool | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    published_on: date | None = None
    issued_document_id: int | None = None


def _check(work: Work, agreement_id: int, data: PaperData) -> None:
    if not data.title.strip():
        message = "Dê um nome ao instrumento, por exemplo “1º termo aditivo”."
        raise UseCaseError(message, field="title")
    if len(data.title) > LONGEST_TITLE:
        message = f"Use no máximo {LONGEST_TITLE} caracteres."
        raise UseCaseError(message, field="title")
    if data.signed_on is not None and data.signed_on > work.today:
        message = "O dia da assinatura ainda não chegou. Registre o instrumento depois de assinado."
        raise UseCaseError(message, field="signed_on")
    if data.signed_by_both and data.signed_on is None:
        message = "Informe o dia em que a última parte assinou."
        raise UseCaseError(message, field="signed_on")
    start = data.in_force_from or data.signed_on
    if data.in_force_until is not None and start is not None and data.in_force_until < start:
        message = "O fim da vigência é anterior ao começo."
        raise UseCaseError(message, field="in_force_until")
    if data.published_on is not None and data.signed_on is not None and data.published_on < data.signed_on:
        message = "A publicação é anterior à assinatura. Confira as duas datas."
        raise UseCaseError(message, field="published_on")
    if data.issued_document_id is not None:
        document = issued.issued_document(work.session, data.issued_document_id)
        if document is None or document.agreement_id != agreement_id:
            message = "Escolha um documento emitido para este acordo."
            raise UseCaseError(message, field="issued_document_id")


def register_instrument(
    actor: Actor, files: FileStore, *, agreement_id: int, data: PaperData, upload: Upload | None
) -> int:
    """Put a signed paper on record; returns its lineage. Its clauses count only once a person has read them."""
    with act(actor) as work:
        head = head_of(work.session, agreement_id)
        _check(work, agreement_id, data)
        file_id = filing.receive_upload(work, files, upload, restricted=head.secret)
        row = Instrument(
            agreement_id=agreement_id,
            kind=data.kind,
            title=data.title.strip(),
            signed_on=data.signed_on,
            signed_by_both=data.signed_by_both,
            in_force_from=data.in_force_from,
            in_force_until=data.in_force_until,
            published_on=data.published_on,
            issued_document_id=data.issued_document_id,
            file_id=file_id,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        _sign_proposals(work, data)
        rejudge(work, [agreement_id], cause="Instrumento registrado")
        work.trail(
            "instrument_registered",
            "instrument",
            row.id,
            f"Instrumento registrado em {head.label}: {row.title}.",
            {"agreement": agreement_id, "kind": data.kind, "signed_on": data.signed_on, "file": file_id},
        )
        return row.id


def file_instrument(
    actor: Actor, files: FileStore, *, agreement_id: int, data: PaperData, upload: Upload | None
) -> int:
    """Put a signed paper on record, then have the machine read its file; returns its lineage.

    A file that cannot be read is on record all the same, and its page says why.
    """
    lineage = register_instrument(actor, files, agreement_id=agreement_id, data=data, upload=upload)
    if upload is not None:
        read_after_filing(actor, files, lineage=lineage)
    return lineage


def refile_instrument(actor: Actor, files: FileStore, *, lineage: int, data: PaperData, upload: Upload | None) -> None:
    """Correct what is on record about a paper, then have the machine read the new file, when there is one."""
    correct_instrument(actor, files, lineage=lineage, data=data, upload=upload)
    if upload is not None:
        read_after_filing(actor, files, lineage=lineage)


def record_origin(actor: Actor, *, lineage: int, document_id: int) -> None:
    """Record that a paper was signed from a document of ours, which was recognised in its file."""
    with look() as session:
        row = paper_of(session, lineage)
        data = PaperData(
            row.kind,
            row.title,
            row.signed_on,
            row.signed_by_both,
            row.in_force_from,
            row.in_force_until,
            row.published_on,
            document_id,
        )
    correct_instrument(actor, None, lineage=lineage, data=data, upload=None)


def correct_instrument(
    actor: Actor, files: FileStore | None, *, lineage: int, data: PaperData, upload: Upload | None
) -> None:
    """Record a new version of what is known about a paper; the older one stays. A file replaces the one on record."""
    with act(actor) as work:
        row = paper_of(work.session, lineage)
        head = head_of(work.session, row.agreement_id)
        _check(work, row.agreement_id, data)
        file_id = row.file_id
        if upload is not None and files is not None:
            file_id = filing.receive_upload(work, files, upload, restricted=head.secret)
        work.session.add(
            row.next_version(
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
                kind=data.kind,
                title=data.title.strip(),
                signed_on=data.signed_on,
                signed_by_both=data.signed_by_both,
                in_force_from=data.in_force_from,
                in_force_until=data.in_force_until,
                published_on=data.published_on,
                issued_document_id=data.issued_document_id,
                file_id=file_id,
            )
        )
        work.session.flush()
        _sign_proposals(work, data)
        rejudge(work, [row.agreement_id], cause="Registro do instrumento corrigido")
        work.trail(
            "instrument_corrected",
            "instrument",
            lineage,
            f"Registro do instrumento corrigido em {head.label}: {data.title.strip()}.",
            {"agreement": row.agreement_id, "file": file_id},
        )


def _sign_proposals(work: Work, data: PaperData) -> None:
    """Close the proposals made with the document that this paper is, on the day both sides had signed."""
    if data.issued_document_id is None or not data.signed_by_both:
        return
    for held in issued.proposals_of(work.session, issued_document_id=data.issued_document_id):
        proposal = issued.current_proposal(work.session, held.lineage)
        if proposal is not None and proposal.signed_on is None:
            work.session.add(
                proposal.next_version(
                    recorded_at=work.now, recorded_by_id=work.actor.user_id, signed_on=data.signed_on, refused_on=None
                )
            )
    work.session.flush()
