"""What the page of an agreement prints, in words and with addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from contracts.vocabulary import INCISOS, ActionKind
from vendor_tracker.usecases.agreements import AgreementPage, NextStep
from vendor_tracker.web import judged
from vendor_tracker.web.judged import address
from vendor_tracker.web.shell import may
from vendor_tracker.wording.filters import cnpj, day, join_and, relative_day, sentence_case
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.parts import Clock, Fact, Link, QueueItem, TimelineEntry
from vendor_tracker.wording.register import FIELD_LABELS, MISSING_LABELS, SOURCE_LABELS, STAGE_LABELS, shown

PEOPLE_KEYS = frozenset({"gestor", "fiscal", "preposto"})
"""What is missing and completed by naming somebody."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page of an agreement prints, with addresses and words."""

    lede: str
    queue: tuple[QueueItem, ...]
    missing: tuple[str, ...]
    complete: tuple[Link, ...]
    about: tuple[Fact, ...]
    processing: tuple[Fact, ...]
    brief: Sequence[Any]
    scorecard: str
    exposure: tuple[tuple[str, str, str], ...]
    history: tuple[TimelineEntry, ...]
    stage: str
    source: str


def view_of(page: AgreementPage) -> View:
    """Return what the page of an agreement prints."""
    identity = page.identity
    scorecard = address("boletim.of_agreement", agreement_id=identity.id)
    tier = label(page.judgement.exposure.tier).lower()
    term = f"Vigente até {day(page.ends_on)}" if page.ends_on else "Prazo indeterminado"
    if page.stage != "in_force":
        term = STAGE_LABELS[page.stage] + (
            f", em {day(page.ends_on)}" if page.stage == "ending" and page.ends_on else ""
        )
    score = page.judgement.score.value
    points = "Sem pontuação" if score is None else f"{score} {'ponto' if score == 1 else 'pontos'} de 100"
    return View(
        lede=f"{identity.operator.removesuffix('.')}. {term}. Exposição {tier}. {points} em {day(page.today)}.",
        queue=tuple(_queue_item(step, page) for step in page.next_steps),
        missing=tuple(MISSING_LABELS[key] for key in page.missing),
        complete=_where_to_complete(page.missing, identity.id),
        about=_about(page),
        processing=_processing(page),
        brief=judged.brief(page.judgement, scorecard),
        scorecard=scorecard,
        exposure=judged.exposure_rows(page.judgement.exposure),
        history=_history(page),
        stage=STAGE_LABELS[page.stage],
        source=SOURCE_LABELS.get(identity.source, identity.source),
    )


def _queue_item(step: NextStep, page: AgreementPage) -> QueueItem:
    if step.kind == "approve_role":
        verb, url = ("Decidir", "#papel") if may("agreements.decide_role") else ("Ver proposta", "#papel")
    elif step.action is None:
        verb, url = "", ""
    else:
        url = judged.action_address(step.action, page.identity.id)
        if step.action.kind is ActionKind.REQUEST_EVIDENCE and len(step.incisos) > 1:
            url = address("requests.create", agreement_id=page.identity.id, inciso=list(step.incisos))
        verb = judged.action_verb(step.action) if url else ""
    # What is broken has no day to wait for; the rest has none set.
    broken = step.action is not None and step.action.kind in {ActionKind.FORMAL_NOTICE, ActionKind.CORRECTIVE_ACTION}
    clock = Clock("Descumprida", "late") if broken else Clock("Sem prazo")
    if step.due_on is not None:
        tone = "late" if step.due_on < page.today else "today" if step.due_on == page.today else ""
        clock = Clock(relative_day(step.due_on, page.today), tone)
    return QueueItem(clock, step.sentence, step.why, verb, url, place=_place(step.incisos))


def _place(codes: Sequence[str]) -> str:
    """Say which incisos of the law, and which obligations of the organisation's own, an act mends."""
    law = [code for code in codes if code in INCISOS]
    own = [code for code in codes if code not in INCISOS]
    said = []
    if law:
        word = "Inciso" if len(law) == 1 else "Incisos"
        said.append("Doze incisos do art. 14" if len(law) == len(INCISOS) else f"{word} {join_and(law)} do art. 14")
    if own:
        word = "obrigação acrescentada" if len(own) == 1 else "obrigações acrescentadas"
        said.append(f"{word} {join_and(own)}")
    return sentence_case(" e ".join(said))


def _where_to_complete(missing: Sequence[str], agreement_id: int) -> tuple[Link, ...]:
    links = []
    if any(key not in PEOPLE_KEYS | {"role"} for key in missing):
        links.append(Link("Dados pessoais tratados", address("agreements.edit_processing", agreement_id=agreement_id)))
    if any(key in PEOPLE_KEYS | {"role"} for key in missing):
        links.append(Link("Papel e pessoas", address("agreements.people", agreement_id=agreement_id)))
    return tuple(link for link in links if link.url)


def _about(page: AgreementPage) -> tuple[Fact, ...]:
    identity, said = page.identity, page.said
    operator = Link(identity.operator, url_for("operators.show", operator_id=identity.operator_id))
    number = f"CNPJ {cnpj(identity.cnpj)}" if identity.cnpj else (identity.foreign_id or "")
    term = f"{shown(page.starts_on)} a {day(page.ends_on) if page.ends_on else 'prazo indeterminado'}"
    facts = [
        Fact("Parte", number, link=operator),
        Fact("Regime", label(identity.regime) if identity.regime else ""),
        Fact("Processo", said.sei_process),
        Fact("Vigência", term, note=_ended(page)),
        Fact("Assinatura", day(said.signed_on) if said.signed_on else ""),
        Fact("Unidade", identity.unit),
        Fact("Gestor e fiscal", "; ".join(steward.name for steward in page.stewards)),
        Fact("Valor", shown(said.value) if said.value is not None else ""),
        Fact("Objeto", page.object),
    ]
    if identity.pncp_id:
        facts.append(Fact("PNCP", identity.pncp_id))
    if said.secret:
        facts.append(Fact("Sigilo", f"Acesso restrito (art. 5º). {said.secrecy_ground}"))
    terms = {
        "Comunicar incidentes": (said.incident_term_hours, "hora", "horas"),
        "Auxiliar titulares": (said.assistance_term_days, "dia útil", "dias úteis"),
        "Provar o descarte": (said.disposal_term_days, "dia", "dias"),
    }
    own = [
        f"{name}: {value} {one if value == 1 else many}"
        for name, (value, one, many) in terms.items()
        if value is not None
    ]
    if own:
        facts.append(Fact("Prazos do instrumento", "; ".join(own)))
    return tuple(facts)


def _ended(page: AgreementPage) -> str:
    said = page.said
    if said.ended_on is None:
        return ""
    why = f" ({label(said.end_reason).lower()})" if said.end_reason else ""
    return f"Encerrado em {day(said.ended_on)}{why}"


def _processing(page: AgreementPage) -> tuple[Fact, ...]:
    said = page.said

    def told(value: object) -> str:
        return "" if value in (None, "", ()) else sentence_case(shown(value))

    transfer = told(said.international_transfer)
    if said.international_transfer and said.transfer_countries:
        transfer = f"Sim: {join_and(said.transfer_countries)}"
    return (
        Fact("Finalidade", said.purpose or ""),
        Fact("Função pública", said.public_function or ""),
        Fact("Base legal", said.legal_basis or ""),
        Fact("Categorias", told(said.data_categories)),
        Fact("Titulares", told(said.subject_groups)),
        Fact("Quantidade", told(said.volume)),
        Fact("Dados sensíveis", told(said.sensitive)),
        Fact("Crianças e adolescentes", told(said.children)),
        Fact("Segredo de justiça", told(said.judicial_secrecy)),
        Fact("Transferência internacional", transfer),
        Fact("Acesso a sistemas", told(said.system_access)),
        Fact("Hospedagem externa", told(said.external_hosting)),
        Fact("Garantias", said.guarantees or ""),
        Fact("Acesso do titular", said.subject_access or ""),
        Fact("Última revisão", told(said.reviewed_on)),
    )


def _history(page: AgreementPage) -> tuple[TimelineEntry, ...]:
    entries = []
    for entry in page.history:
        told = [_change(change.key, change.before, change.after) for change in entry.changes]
        what = "; ".join(told) if told else "nenhum campo mudou"
        by = f" Por {entry.by}." if entry.by else ""
        holds = f" Vale desde {day(entry.holds_from)}."
        entries.append(
            TimelineEntry(f"{entry.reason.rstrip('.')}: {what.rstrip('.')}.{holds}{by}", on=entry.recorded_at)
        )
    return tuple(entries)


def _change(key: str, before: object, after: object) -> str:
    name = FIELD_LABELS[key]
    if before in (None, "", ()):
        return f"{name}: {short(after)}"
    if after in (None, "", ()):
        return f"{name}: retirado (era {short(before)})"
    return f"{name}: de {short(before)} para {short(after)}"


def short(value: object, limit: int = 160) -> str:
    """Return a value in words, cut at a word when it is long."""
    text = shown(value)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
