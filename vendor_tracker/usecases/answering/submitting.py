"""Freezing what was saved into a receipt, into proofs to review and into letters."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from contracts.vocabulary import FileState
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import portal, recipients, trails
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import AttachedFile, RequestHead
from vendor_tracker.store.tables import Answer, Evidence, EvidenceAgreement, EvidenceInciso, Receipt, RequestItem
from vendor_tracker.trail import canonical
from vendor_tracker.usecases import judging, requesting
from vendor_tracker.usecases.answering.merging import Draft
from vendor_tracker.usecases.answering.pages import accepted_kinds, head_of, own_files
from vendor_tracker.usecases.answering.protocols import protocol_of
from vendor_tracker.usecases.answering.receipts import for_letter, page_of
from vendor_tracker.usecases.answering.saving import (
    NOTHING_SEEN,
    AnswerRefusedError,
    Kept,
    NewFile,
    Opened,
    Seen,
    content_of,
    keep,
    open_answer,
)
from vendor_tracker.usecases.answering.taking import TakenFile, take_in
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.quarantine import Opener
from vendor_tracker.usecases.work import ConflictError, Work, act

LONGEST_NAME = 200


def submit(
    visit: Visit,
    *,
    name: str,
    position: str,
    declared: bool,
    files: FileStore | None = None,
    drafts: Mapping[int, Draft] | None = None,
    new_files: tuple[NewFile, ...] = (),
    seen: Seen = NOTHING_SEEN,
    opened: Opener | None = None,
) -> str:
    """Save what the form brought and freeze the whole into a receipt, in one transaction; returns its protocol.

    Nobody can slip a text in between: what is frozen is what the submitter saw, together with what they sent. When a
    colleague changed an item after ``seen``, the submission is refused and the form is kept. The same form sent twice
    has the same receipt. Without ``drafts``, what is on record is taken.

    Raises :class:`AnswerRefusedError` with every problem at once, after keeping what was typed and attached, and
    :class:`ConflictError` when something else was sent before.
    """
    taken, problems = take_in(files, new_files, opened=opened) if files is not None else ([], {})
    kept = Kept()
    with act(visit.actor) as work:
        sent_before = _sent_before(work, visit, seen, drafts or {}, taken)
        if sent_before:
            return sent_before
        held = open_answer(work, visit, seen, (name, position))
        changed = _changed_by_others(held)
        kept = keep(held, drafts=drafts or {}, taken=taken, problems=problems)
        problems = {**_missing(held), **_about_person(name, position, declared=declared), **problems, **changed}
        problems |= _undecided(held, kept)
        if not problems:
            return _freeze(held, " ".join(name.split()), " ".join(position.split()))
        order = [f"{field}-{item.id}" for item in held.items for field in ("resposta", "tipo", "arquivo", "motivo")]
        order += ["nome", "cargo", "declaro"]
    raise AnswerRefusedError(
        {field: problems[field] for field in sorted(problems, key=order.index)}, saved=True, conflicts=kept.conflicts
    )


def _sent_before(work: Work, visit: Visit, seen: Seen, drafts: Mapping[int, Draft], taken: list[TakenFile]) -> str:
    """Return the protocol under which this very form was sent before; empty when it was not sent.

    Raises :class:`ConflictError` when the round that the form answers is over and something else was sent in it.
    """
    request = store.locked(work.session, visit.request_id)
    if request is None:
        return ""  # Opening it will say so.
    receipts = portal.receipts(work.session, request.id)
    if seen.turn:
        receipts = receipts[seen.turn - 1 : seen.turn]
    elif request.state in store.WAITING:
        receipts = []
    if not receipts:
        return ""
    receipt = receipts[-1]
    answers = {
        answer.item_id: answer
        for answer in store.answers(work.session, request.id)
        if answer.submitted_at == receipt.submitted_at
    }
    there = {
        (file.answer_id, file.sha256, file.name)
        for file in store.attached(work.session, request.id)
        if file.withdrawn_at is None
    }
    same = bool(drafts) and all(
        item_id in answers and content_of(answers[item_id]) == draft.tidy for item_id, draft in drafts.items()
    )
    same = same and all(
        file.item_id in answers and (answers[file.item_id].id, file.sha256, file.name) in there for file in taken
    )
    if same:
        return receipt.protocol
    raise ConflictError(
        f"A resposta foi enviada por {receipt.submitted_by}, sob o protocolo {receipt.protocol}, e não pode mais ser "
        "alterada por aqui."
    )


def _changed_by_others(held: Opened) -> dict[str, str]:
    """Say which items somebody else changed after the form was made."""
    problems = {}
    for item_id, (round_, version) in held.seen.versions.items():
        answer = held.answer(item_id) if item_id in held.rounds else None
        if answer is None or round_ != held.rounds[item_id]:
            continue
        others = [
            row
            for row in portal.versions_after(held.work.session, answer.id, version)
            if not held.seen.page or row.page != held.seen.page
        ]
        if others:
            last = others[-1]
            at = last.saved_at.astimezone(clock.SAO_PAULO)
            problems[f"resposta-{item_id}"] = (
                f"{last.saved_by} alterou este item às {at.hour}h{at.minute:02d}, depois que você abriu a página. "
                "O que vale agora está abaixo: confira e envie de novo."
            )
    return problems


def _undecided(held: Opened, kept: Kept) -> dict[str, str]:
    """Say for which items a text lies beside the answer and waits for a choice."""
    session = held.work.session
    waiting = {row.answer_id for row in portal.set_aside(session, held.request.id)}
    problems = {}
    for item_id in held.rounds:
        answer = held.answer(item_id)
        if item_id in kept.conflicts or (answer is not None and answer.id in waiting):
            problems[f"resposta-{item_id}"] = (
                "Há dois textos diferentes para este item. Escolha, abaixo, qual deles vale e envie de novo."
            )
    return problems


def _about_person(name: str, position: str, *, declared: bool) -> dict[str, str]:
    problems = {}
    for field, text, missing in (
        ("nome", name, "Informe o nome completo de quem responde."),
        ("cargo", position, "Informe o cargo ou a função de quem responde."),
    ):
        if not text.strip():
            problems[field] = missing
        elif len(" ".join(text.split())) > LONGEST_NAME:
            problems[field] = f"Use no máximo {LONGEST_NAME} caracteres."
    if not declared:
        problems["declaro"] = "Marque a declaração para enviar a resposta."
    return problems


def _live_files(held: Opened) -> list[AttachedFile]:
    return [file for file in store.attached(held.work.session, held.request.id) if file.withdrawn_at is None]


def _answers(held: Opened) -> dict[int, Answer]:
    found = {item_id: held.answer(item_id) for item_id in held.rounds}
    return {item_id: answer for item_id, answer in found.items() if answer is not None}


def _missing(held: Opened) -> dict[str, str]:
    return _problems(held.items, held.rounds, _answers(held), _live_files(held))


def _freeze(held: Opened, who: str, role: str) -> str:
    """Make the receipt, the proofs and the letters; returns the protocol."""
    work, request, items = held.work, held.request, held.items
    session = work.session
    head = head_of(session, held.visit)
    answers, files = _answers(held), _live_files(held)
    trails.take_turn(session)
    year = work.today.year
    protocol = protocol_of(year, portal.next_receipt(session, year))
    content = _content(head, protocol, work.now, who, role, items, answers, files)
    receipt = Receipt(
        request_id=request.id,
        round=max(held.rounds.values()),
        protocol=protocol,
        submitted_at=work.now,
        submitted_by=who,
        submitted_by_position=role,
        content=content,
        sha256=sha256(canonical(content).encode()).hexdigest(),
        recorded_at=work.now,
        recorded_by_id=None,
    )
    session.add(receipt)
    for item in items:
        if item.id in answers:
            answers[item.id].submitted_at = work.now
            make_evidence(work, head, item, answers[item.id], files)
    requesting.note_submission(work, request, note=f"Resposta recebida, protocolo {protocol}.", person=who)
    session.flush()
    work.trail(
        "answer_submitted",
        "request",
        request.id,
        f"Resposta à requisição {head.number} recebida sob o protocolo {protocol}.",
        {"sha256": receipt.sha256, "files": [file.sha256 for file in files]},
    )
    _write_letters(work, head, receipt)
    judging.rejudge(work, [head.agreement_id], cause="Resposta recebida do operador")
    return protocol


def _problems(
    items: list[RequestItem], rounds: Mapping[int, int], answers: Mapping[int, Answer], files: list[AttachedFile]
) -> dict[str, str]:
    """Say what is missing, by field, in the order of the page. Whoever cannot deliver says why and is done."""
    problems: dict[str, str] = {}
    for item in items:
        if item.id not in rounds:
            continue
        answer = answers.get(item.id)
        own = own_files(files, answer)
        refused = [file for file in own if file.state is FileState.REFUSED]
        if refused:
            problems[f"arquivo-{item.id}"] = f"{refused[0].refused_because} Retire-o da lista antes de enviar."
            continue
        if answer is not None and answer.cannot_deliver:
            continue
        if item.wants_file and not own:
            problems[f"arquivo-{item.id}"] = (
                "Anexe o arquivo pedido ou diga, em “Não consigo entregar este item”, o motivo e quando poderá."
            )
        elif not own and not (answer and answer.text):
            problems[f"resposta-{item.id}"] = "Escreva a resposta ou diga por que não consegue entregar este item."
        elif len(accepted_kinds(item)) > 1 and (answer is None or answer.evidence_kind not in accepted_kinds(item)):
            problems[f"tipo-{item.id}"] = "Diga qual prova está enviando."
    return problems


def _content(
    head: RequestHead,
    protocol: str,
    now: datetime,
    who: str,
    role: str,
    items: list[RequestItem],
    answers: Mapping[int, Answer],
    files: list[AttachedFile],
) -> dict[str, object]:
    """Return everything that was delivered, in order: what the receipt's own hash is taken over."""
    return {
        "protocolo": protocol,
        "requisicao": head.number,
        "acordo": head.agreement,
        "operador": head.operator,
        "cnpj": head.cnpj or "",
        "recebida_em": now.astimezone(clock.SAO_PAULO).isoformat(timespec="microseconds"),
        "prazo": head.due_on.isoformat(),
        "enviada_por": who,
        "cargo": role,
        "itens": [
            {
                "posicao": item.position,
                "inciso": item.inciso,
                "titulo": item.title,
                "pergunta": item.question,
                "resposta": answers[item.id].text,
                "nao_consegue_entregar": answers[item.id].cannot_deliver,
                "arquivos": [
                    {
                        "nome": file.name,
                        "tamanho": file.size,
                        "sha256": file.sha256,
                        # A check that goes on is said: the receipt proves the delivery, whatever comes of it.
                        **({"conferencia": "em andamento"} if file.state is FileState.CHECKING else {}),
                    }
                    for file in own_files(files, answers[item.id])
                ],
            }
            for item in items
            if item.id in answers
        ],
    }


def make_evidence(work: Work, head: RequestHead, item: RequestItem, answer: Answer, files: list[AttachedFile]) -> None:
    """Turn an answered item into one proof to be reviewed, when the item asked for a proof and something came.

    While a file of it is still being checked nothing becomes a proof; the end of the check does it then.
    """
    kinds = accepted_kinds(item)
    kind = answer.evidence_kind if len(kinds) > 1 else (kinds[0] if kinds else None)
    own = [file for file in files if file.answer_id == answer.id]
    if kind is None or answer.cannot_deliver or not (own or answer.text):
        return
    if any(file.state is not FileState.CLEAN for file in own):
        return
    evidence = Evidence(
        operator_id=head.operator_id,
        kind=kind,
        title=f"{item.title} (requisição {head.number})"[:300],
        received_on=work.today,
        file_id=own[0].file_id if own else None,
        request_item_id=item.id,
        statement=answer.text,
        recorded_at=work.now,
        recorded_by_id=None,
    )
    work.session.add(evidence)
    work.session.flush()
    work.session.add(EvidenceInciso(evidence_id=evidence.id, inciso=item.inciso))
    work.session.add(
        EvidenceAgreement(
            evidence_id=evidence.id, agreement_id=head.agreement_id, recorded_at=work.now, recorded_by_id=None
        )
    )


def _write_letters(work: Work, head: RequestHead, receipt: Receipt) -> None:
    """Send the receipt to the preposto and the news to whoever follows the agreement."""
    page = page_of(work.session, receipt)
    told = for_letter(page)
    preposto = requesting.preposto_of(work.session, head, work.today)
    if preposto is not None:
        requesting.send_letter(work, "receipt", head, preposto, step=f"receipt:{receipt.protocol}", receipt=told)
    for steward in recipients.stewards(work.session, head.agreement_id, work.today):
        requesting.send_letter(
            work,
            "answer_received",
            head,
            steward,
            step=f"received:{receipt.protocol}",
            receipt=told,
            review_by=page.review_by,
        )
