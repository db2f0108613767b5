"""What the court does about an incident: severity, findings, communications, and the end of the case.

Each act adds a row and leaves the earlier ones; a communication recorded by mistake is annulled with a reason.
"""

from collections.abc import Collection
from datetime import datetime

from contracts.incidents import OPEN_STATES, propose_severity
from contracts.vocabulary import ClockState, DataNature, Harm, IncidentClock, IncidentSeverity, VolumeBand
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import incidents as store
from vendor_tracker.store import trails
from vendor_tracker.store.tables import Incident, IncidentAssessment, IncidentCommunication, IncidentDecision
from vendor_tracker.usecases import filing, judging
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.incidents.cases import clocks_of, decided, follow, incident_of
from vendor_tracker.usecases.incidents.reporting import TOLD_FIELDS
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work, act

LONGEST_REASON = 4_000
LONGEST_PROTOCOL = 120

QUESTIONS: dict[str, str] = {
    "reached_data": "o incidente alcançou dados pessoais",
    "relevant_risk": "há risco ou dano relevante aos titulares",
}
"""Each question that a person decides, as the trail names it."""


def _reason(text: str, sentence: str, *, field: str = "reason") -> str:
    words = text.strip()
    if not words:
        raise UseCaseError(sentence, field=field)
    if len(words) > LONGEST_REASON:
        message = f"Use no máximo {LONGEST_REASON} caracteres."
        raise UseCaseError(message, field=field)
    return words


def _revise(work: Work, row: Incident, **changes: object) -> Incident:
    newer = row.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, **changes)
    work.session.add(newer)
    work.session.flush()
    return newer


def assess(
    actor: Actor,
    *,
    lineage: int,
    natures: Collection[DataNature],
    volume: VolumeBand | None,
    harm: Harm | None,
    level: IncidentSeverity | None,
    reason: str,
) -> None:
    """Confirm the severity that the administrative scale proposes, or give another with a reason."""
    with act(actor) as work:
        trails.take_turn(work.session)
        row = incident_of(work.session, lineage)
        policy = judging.policy_of(work.session).on(work.today)
        proposal = propose_severity(natures=natures, volume=volume, harm=harm, policy=policy)
        chosen = level or proposal.level
        if chosen is None:
            raise UseCaseError(
                "Informe ao menos a natureza dos dados, o volume ou o potencial de dano.", field="natures"
            )
        if chosen is not proposal.level:
            reason = _reason(reason, "Diga por que a gravidade é diferente da que a escala propõe.")
        work.session.add(
            IncidentAssessment(
                incident_lineage=lineage,
                natures=[each.value for each in DataNature if each in natures],
                volume=volume,
                harm=harm,
                proposed=proposal.level,
                points=proposal.points,
                level=chosen,
                reason=reason.strip()[:LONGEST_REASON],
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
            )
        )
        words = policy.parameter("incident_presidency_hours").entries[chosen.value]
        row = _revise(work, row, severity=f"{words} (escala administrativa)")
        follow(work, row)
        head = head_of(work.session, row.agreement_id)
        work.trail(
            "incident_assessed",
            "incident",
            lineage,
            f"Gravidade de incidente confirmada em {head.label}: {words}.",
            {"level": chosen.value, "proposed": proposal.level.value if proposal.level else None, "reason": reason},
        )


def decide(
    actor: Actor, *, lineage: int, question: str, answer: bool | None, known_at: datetime | None, reason: str
) -> None:
    """Answer one of :data:`QUESTIONS`, with the reason; the answers before it stay on record.

    ``known_at`` matters to ``reached_data`` alone: the terms of the Resolution count from it. Empty means now.
    """
    if question not in QUESTIONS:
        message = f"no question {question!r}"
        raise ValueError(message)
    with act(actor) as work:
        trails.take_turn(work.session)
        row = incident_of(work.session, lineage)
        if answer is None:
            raise UseCaseError("Responda sim ou não. Enquanto não se sabe, nada se registra.", field="answer")
        words = _reason(reason, "Diga em que a resposta se apoia.")
        since = known_at if question == "reached_data" and known_at is not None else work.now
        if since > work.now:
            raise UseCaseError("Este momento ainda não chegou.", field="known_at")
        if since < row.learned_at:
            raise UseCaseError("O órgão não pode ter sabido disso antes de saber do incidente.", field="known_at")
        work.session.add(
            IncidentDecision(
                incident_lineage=lineage,
                question=question,
                answer=answer,
                known_at=since,
                reason=words,
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
            )
        )
        follow(work, row)
        head = head_of(work.session, row.agreement_id)
        work.trail(
            "incident_decided",
            "incident",
            lineage,
            f"Decidido sobre incidente em {head.label}: {QUESTIONS[question]}? {'Sim' if answer else 'Não'}.",
            {"question": question, "answer": answer, "known_at": since, "reason": words},
        )


def communicate(
    actor: Actor,
    files: FileStore,
    *,
    lineage: int,
    kind: IncidentClock | None,
    sent_at: datetime | None,
    protocol: str,
    partial: bool,
    delay_reason: str,
    note: str,
    upload: Upload | None = None,
) -> None:
    """Record a communication that the court made: to the Presidência, to the ANPD, to the data subjects.

    One that was late needs its reason (art. 25, § 1º, VII). The protocol is asked of the communications to the ANPD.
    """
    with act(actor) as work:
        if kind is None:
            raise UseCaseError("Diga a quem se comunicou.", field="kind")
        if sent_at is None:
            raise UseCaseError("Informe quando se comunicou.", field="sent_at")
        if sent_at > work.now:
            raise UseCaseError("Este momento ainda não chegou.", field="sent_at")
        number = " ".join(protocol.split())
        to_anpd = kind in {IncidentClock.ANPD, IncidentClock.ANPD_COMPLEMENT}
        if to_anpd and not number:
            raise UseCaseError("Informe o número do protocolo que a ANPD deu.", field="protocol")
        if len(number) > LONGEST_PROTOCOL:
            raise UseCaseError(f"Use no máximo {LONGEST_PROTOCOL} caracteres.", field="protocol")
        row = incident_of(work.session, lineage)
        if sent_at < row.learned_at:
            raise UseCaseError("É anterior ao momento em que o órgão soube do incidente.", field="sent_at")
        made = [each for each, _, _ in store.communications(work.session, lineage) if each.annulled_at is None]
        if kind is IncidentClock.ANPD_COMPLEMENT:
            first = min((each.sent_at for each in made if each.kind is IncidentClock.ANPD), default=None)
            if first is None:
                raise UseCaseError("Registre antes a comunicação à ANPD que este complemento completa.", field="kind")
            if sent_at < first:
                raise UseCaseError("O complemento é anterior à comunicação que completa.", field="sent_at")
        why_late = delay_reason.strip()
        term = {each.kind: each for each in clocks_of(work.session, row, now=work.now)}[kind]
        first_of_kind = not any(each.kind is kind for each in made) and term.met_at is None
        if first_of_kind and term.due_at is not None and sent_at > term.due_at:
            why_late = _reason(
                why_late,
                "A comunicação passou do prazo: diga os motivos da demora (art. 25, § 1º, VII).",
                field="delay_reason",
            )
        kept = filing.receive_upload(work, files, upload, restricted=True)
        trails.take_turn(work.session)
        work.session.add(
            IncidentCommunication(
                incident_lineage=lineage,
                kind=kind,
                sent_at=sent_at,
                protocol=number,
                partial=partial and kind is IncidentClock.ANPD,
                delay_reason=why_late[:LONGEST_REASON],
                note=note.strip()[:LONGEST_REASON],
                file_id=kept,
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
            )
        )
        work.session.flush()
        if kind is IncidentClock.PRESIDENCY:
            row = _tell_presidency(work, row)
        follow(work, row)
        head = head_of(work.session, row.agreement_id)
        work.trail(
            "incident_communicated",
            "incident",
            lineage,
            f"Comunicação de incidente registrada em {head.label}: {_KINDS[kind]}"
            f"{f', protocolo {number}' if number else ''}.",
            {"kind": kind.value, "sent_at": sent_at, "protocol": number, "partial": partial},
        )


_KINDS = {
    IncidentClock.PRESIDENCY: "à Presidência",
    IncidentClock.ANPD: "à ANPD",
    IncidentClock.ANPD_COMPLEMENT: "complemento à ANPD",
    IncidentClock.DATA_SUBJECTS: "aos titulares",
}


def _tell_presidency(work: Work, row: Incident) -> Incident:
    """Let the incident repeat the first communication to the Presidência that stands."""
    made = store.communications(work.session, int(row.lineage or 0))
    first = min(
        (each.sent_at for each, _, _ in made if each.kind is IncidentClock.PRESIDENCY and each.annulled_at is None),
        default=None,
    )
    return row if row.presidency_told_at == first else _revise(work, row, presidency_told_at=first)


def annul(actor: Actor, *, lineage: int, communication_id: int, reason: str) -> None:
    """Annul the record of a communication that was not made as recorded; the record stays, struck out."""
    with act(actor) as work:
        trails.take_turn(work.session)
        row = incident_of(work.session, lineage)
        words = _reason(reason, "Diga por que o registro é anulado.")
        made = [each for each, _, _ in store.communications(work.session, lineage) if each.id == communication_id]
        if not made or made[0].annulled_at is not None:
            raise ConflictError("Este registro não existe ou já foi anulado.")
        made[0].annulled_at, made[0].annulled_by_id, made[0].annulled_because = work.now, actor.user_id, words
        work.session.flush()
        if made[0].kind is IncidentClock.PRESIDENCY:
            row = _tell_presidency(work, row)
        follow(work, row)
        head = head_of(work.session, row.agreement_id)
        work.trail(
            "incident_communication_annulled",
            "incident",
            lineage,
            f"Registro de comunicação de incidente anulado em {head.label}: {_KINDS[made[0].kind]}.",
            {"communication": communication_id, "reason": words},
        )


def close(actor: Actor, *, lineage: int, reason: str) -> None:
    """Close the case: nothing more is asked. Refused while a term still runs, is late or cannot start for doubt."""
    with act(actor) as work:
        trails.take_turn(work.session)
        row = incident_of(work.session, lineage)
        words = _reason(reason, "Diga como o incidente terminou.")
        answers = decided(work.session, lineage)
        if "closed" in answers and answers["closed"].answer:
            raise ConflictError("Este incidente já foi encerrado.")
        terms = clocks_of(work.session, row, now=work.now)
        if any(term.state in OPEN_STATES for term in terms):
            raise UseCaseError("Ainda há prazo em aberto. Registre a comunicação, ou a decisão que a dispensa.")
        undecided = {"reached_data", "relevant_risk"} - answers.keys()
        told = any(
            term.kind is IncidentClock.ANPD and term.state in {ClockState.MET, ClockState.MET_LATE} for term in terms
        )
        if not told and undecided and all(answers.get(each) is None or answers[each].answer for each in QUESTIONS):
            raise UseCaseError("Decida antes se o incidente alcançou dados pessoais e se o risco é relevante.")
        _turn(work, row, closed=True, words=words)


def reopen(actor: Actor, *, lineage: int, reason: str) -> None:
    """Open the case again, because something new came up."""
    with act(actor) as work:
        trails.take_turn(work.session)
        row = incident_of(work.session, lineage)
        words = _reason(reason, "Diga o que surgiu de novo.")
        closing = decided(work.session, lineage).get("closed")
        if closing is None or not closing.answer:
            raise ConflictError("Este incidente não está encerrado.")
        _turn(work, row, closed=False, words=words)


def join(actor: Actor, *, lineage: int, into: int | None) -> None:
    """Say that what the operator reported is an incident the court already had on record: its reports move there.

    The older record keeps when and from whom the court learned of it; it gains the operator's hour. The newer one no
    longer counts, and its address leads to the older. Refused once the court has acted on the newer one.
    """
    with act(actor) as work:
        trails.take_turn(work.session)
        row = incident_of(work.session, lineage)
        head = head_of(work.session, row.agreement_id)
        if into not in {each for each, _, _ in store.joinable(work.session, head.id, but=lineage)}:
            raise UseCaseError("Escolha o incidente que já estava em registro.", field="into")
        rows = store.reports(work.session, lineage)
        acted = store.assessments(work.session, lineage) or store.communications(work.session, lineage)
        if not rows or acted:
            raise ConflictError("Só se junta o que o operador comunicou e em que o órgão ainda não agiu.")
        older = incident_of(work.session, into)
        for each in rows:
            each.incident_lineage = into
        for decision, _ in reversed(store.decisions(work.session, lineage)):
            work.session.add(
                IncidentDecision(
                    incident_lineage=into,
                    question=decision.question,
                    answer=decision.answer,
                    known_at=max(decision.known_at, older.learned_at),
                    reason=decision.reason,
                    recorded_at=work.now,
                    recorded_by_id=decision.recorded_by_id,
                )
            )
        aware = [each for each in (older.suspected_at, row.suspected_at) if each is not None]
        texts = {name: getattr(row, name) for name in TOLD_FIELDS.values() if not getattr(older, name)}
        older = _revise(
            work,
            older,
            **texts,
            suspected_at=min(aware, default=None),
            reported_at=older.reported_at or row.reported_at,
        )
        row.superseded_at = work.now
        case = store.locked_case(work.session, lineage)
        if case is not None:
            case.joined_into, case.closed_at, case.next_clock, case.next_due_at = into, work.now, None, None
        follow(work, older)
        judging.rejudge(
            work, [head.id], cause="Incidente já em registro comunicado pelo operador", about=("incident", into)
        )
        work.trail(
            "incident_joined",
            "incident",
            into,
            f"Comunicação {rows[0].protocol} juntada a incidente que já estava em registro em {head.label}.",
            {"from": lineage, "into": into},
        )


def _turn(work: Work, row: Incident, *, closed: bool, words: str) -> None:
    lineage = int(row.lineage or 0)
    work.session.add(
        IncidentDecision(
            incident_lineage=lineage,
            question="closed",
            answer=closed,
            known_at=work.now,
            reason=words,
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
        )
    )
    follow(work, row)
    head = head_of(work.session, row.agreement_id)
    work.trail(
        "incident_closed" if closed else "incident_reopened",
        "incident",
        lineage,
        f"Incidente {'encerrado' if closed else 'reaberto'} em {head.label}: {words[:200]}",
        {"reason": words, "on": clock.day_of(work.now)},
    )
