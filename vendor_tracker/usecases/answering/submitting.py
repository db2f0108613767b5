"""Freezing what was saved into a receipt, into proofs to review and into letters."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from vendor_tracker import clock
from vendor_tracker.store import portal, recipients, trails
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import AttachedFile, RequestHead
from vendor_tracker.store.tables import Answer, Evidence, EvidenceAgreement, EvidenceInciso, Receipt, RequestItem
from vendor_tracker.trail import canonical
from vendor_tracker.usecases import judging, requesting
from vendor_tracker.usecases.answering.pages import accepted_kinds, head_of, own_files
from vendor_tracker.usecases.answering.protocols import protocol_of
from vendor_tracker.usecases.answering.receipts import for_letter, page_of
from vendor_tracker.usecases.answering.saving import AnswerRefusedError, open_answer
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.work import Work, act

LONGEST_NAME = 200


def submit(visit: Visit, *, name: str, position: str, declared: bool) -> str:
    """Freeze what was saved into a receipt; returns its protocol. Save first: this takes what is on record.

    Raises :class:`AnswerRefusedError` with every problem at once, and :class:`ConflictError` when it was sent before.
    """
    with act(visit.actor) as work:
        request, items, rounds = open_answer(work, visit)
        session = work.session
        head = head_of(session, visit)
        files = [file for file in store.attached(session, request.id) if file.withdrawn_at is None]
        answers = {
            item.id: answer
            for item in items
            if item.id in rounds and (answer := store.answer_of(session, item.id, rounds[item.id])) is not None
        }
        problems = _problems(items, rounds, answers, files)
        who, role = " ".join(name.split()), " ".join(position.split())
        if not who:
            problems["nome"] = "Informe o nome completo de quem responde."
        elif len(who) > LONGEST_NAME:
            problems["nome"] = f"Use no máximo {LONGEST_NAME} caracteres."
        if not role:
            problems["cargo"] = "Informe o cargo ou a função de quem responde."
        elif len(role) > LONGEST_NAME:
            problems["cargo"] = f"Use no máximo {LONGEST_NAME} caracteres."
        if not declared:
            problems["declaro"] = "Marque a declaração para enviar a resposta."
        if problems:
            raise AnswerRefusedError(problems)

        trails.take_turn(session)
        year = work.today.year
        protocol = protocol_of(year, portal.next_receipt(session, year))
        round_ = max(rounds.values())
        content = _content(head, protocol, work.now, who, role, items, answers, files)
        receipt = Receipt(
            request_id=request.id,
            round=round_,
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
                _make_evidence(work, head, item, answers[item.id], files)
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
                    {"nome": file.name, "tamanho": file.size, "sha256": file.sha256}
                    for file in own_files(files, answers[item.id])
                ],
            }
            for item in items
            if item.id in answers
        ],
    }


def _make_evidence(work: Work, head: RequestHead, item: RequestItem, answer: Answer, files: list[AttachedFile]) -> None:
    """Turn an answered item into one proof to be reviewed, when the item asked for a proof and something came."""
    kinds = accepted_kinds(item)
    kind = answer.evidence_kind if len(kinds) > 1 else (kinds[0] if kinds else None)
    own = [file for file in files if file.answer_id == answer.id]
    if kind is None or answer.cannot_deliver or not (own or answer.text):
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
