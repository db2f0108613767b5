"""The boletim as papers: the data that the PDF and the workbook share, and the PDF itself.

A paper is about one agreement, or about an operator with all its agreements. It says what the page says, in the same
words: the page's own frozen value goes in, and nothing else is read. The same values give the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from contracts.vocabulary import INCISOS, ActionKind, RequestState, Verdict
from vendor_tracker.clock import SAO_PAULO
from vendor_tracker.reports.letters import Letterhead, place
from vendor_tracker.reports.typesetting import typeset
from vendor_tracker.wording import boletim as wording
from vendor_tracker.wording.filters import (
    clock,
    cnpj,
    day,
    decimal,
    join_and,
    long_day,
    lower_first,
    month,
    sentence_case,
    slug_id,
)
from vendor_tracker.wording.labels import LEG_ORDER, NOT_INFORMED, OBLIGATION_TITLES, VERDICT_ORDER, label
from vendor_tracker.wording.plurals import counted

if TYPE_CHECKING:
    from contracts.facts import Record
    from vendor_tracker.usecases.boletim import BoletimPage
    from vendor_tracker.usecases.presenting import LegView, ObligationView, SentenceView

MEDIA_TYPE = "application/pdf"
RECORDS_SAID = 3
"""How many records are named after a sentence; the page names as many."""
PARAMETER = "parâmetro administrativo"


@dataclass(frozen=True, slots=True)
class BoletimPaper:
    """A boletim to be set: its agreements on one day, the first of them being what the title is about.

    ``whole`` tells that it is about the operator; ``left_out`` counts agreements that the overview alone names.
    """

    pages: tuple[BoletimPage, ...]
    whole: bool
    left_out: int = 0


def file_name(paper: BoletimPaper, ending: str) -> str:
    """Return the name under which a paper is handed out: "boletim-voz-clara-contrato-017-2025-2026-06-15.pdf"."""
    first = paper.pages[0]
    what = [first.operator, *([] if paper.whole else [first.label])]
    plain = unicodedata.normalize("NFKD", " ".join(what)).encode("ascii", "ignore").decode()
    return f"boletim-{slug_id(plain)[:90].strip('-')}-{first.on.isoformat()}.{ending}"


def boletim_pdf(paper: BoletimPaper, head: Letterhead) -> bytes:
    """Return the boletim as PDF; raises :class:`~vendor_tracker.reports.typesetting.TypesettingError`."""
    on = paper.pages[0].on
    return typeset("boletim", boletim_data(paper, head), made_at=datetime.combine(on, time(), SAO_PAULO))


def boletim_data(paper: BoletimPaper, head: Letterhead) -> dict[str, object]:
    """Return what the template of a boletim reads."""
    first = paper.pages[0]
    return {
        "title": title_of(paper),
        "organisation": head.body_name,
        "acronym": head.body_acronym,
        "made": [first.on.year, first.on.month, first.on.day],
        "operator": first.operator,
        "day": day(first.on),
        "lede": _lede(paper),
        "whole": paper.whole,
        "identity": identity_of(first),
        "agreements": [agreement_data(page) for page in paper.pages],
        "overview": overview(paper),
        "left_out": (
            f"Acordos deste operador fora deste documento, que tem os em pior situação: {paper.left_out}. "
            "Cada um tem o seu próprio boletim."
            if paper.left_out
            else ""
        ),
        "orders": [{"verdict": one.value, "word": label(one)} for one in VERDICT_ORDER],
        "legs": [label(leg) for leg in LEG_ORDER],
        "law": "Portaria Presidência CNJ nº\u00a0369, de 20 de outubro de 2025, art. 14",
    }


def title_of(paper: BoletimPaper) -> str:
    """Return the title: the operator, its agreement when it is about one, and the day."""
    first = paper.pages[0]
    about = first.operator if paper.whole else f"{first.operator}, {first.label}"
    return f"Boletim de {about}, em {day(first.on)}"


def _lede(paper: BoletimPaper) -> str:
    first = paper.pages[0]
    about = f"Acordos: {len(paper.pages) + paper.left_out}." if paper.whole else f"{first.label}."
    known = "" if first.is_today else " Como se sabia nesse dia: o que foi registrado depois não conta."
    return f"Situação em {long_day(first.on)}. {about}{known}"


def identity_of(page: BoletimPage) -> list[tuple[str, str]]:
    """Return who the operator is."""
    number = ("CNPJ", cnpj(page.cnpj)) if page.cnpj else ("Identificação estrangeira", page.foreign_id or NOT_INFORMED)
    return [("Operador", page.operator), number, ("Regime", label(page.regime) if page.regime else NOT_INFORMED)]


def overview(paper: BoletimPaper) -> list[dict[str, object]]:
    """Return a line for each agreement of a whole operator, the worst first."""
    if not paper.whole:
        return []
    return [
        {
            "label": page.label,
            "score": score_words(page),
            "verdicts": [{"verdict": one.value, "word": label(one)} for one in page.view.verdicts],
            "said": wording.verdict_summary(page.view.verdicts),
        }
        for page in paper.pages
    ]


def score_words(page: BoletimPage) -> str:
    """Return the score, or that there is none."""
    return "–" if page.view.score.value is None else str(page.view.score.value)


def agreement_data(page: BoletimPage) -> dict[str, object]:
    """Return one agreement as the papers print it."""
    view, held = page.view, page.held
    score, exposure = view.score, view.exposure
    since = f", em vigor desde {day(score.since)}" if score.since else ""
    return {
        "label": page.label,
        "notices": _notices(page),
        "facts": facts_of(page),
        "score": score_words(page),
        "has_score": score.value is not None,
        "summary": wording.verdict_summary(view.verdicts),
        "months": [[f"{month(row.month)}/{row.month:%y}", str(row.score)] for row in page.scores],
        "remarks": list(view.remarks),
        "twelve": [_brief(item) for item in view.obligations],
        "asks": [_ask(page, number) for number in range(len(held.asks))],
        "ours": ours(page),
        "obligations": [_obligation(item) for item in view.obligations],
        "further": [_obligation(item) for item in view.further],
        "sums": {
            "note": f"Pesos e valores são {PARAMETER}{since}. A Portaria não atribui pesos às obrigações.",
            "rows": [
                {
                    "verdict": line.verdict.value,
                    "word": label(line.verdict),
                    "incisos": ", ".join(line.incisos),
                    "weights": "fora da conta" if line.factor is None else " + ".join(map(str, line.weights)),
                    "weight": "–" if line.factor is None else str(line.weight),
                    "factor": "–" if line.factor is None else f"× {decimal(line.factor)}",
                    "points": "–" if line.factor is None else decimal(line.points),
                }
                for line in score.lines
                if line.incisos
            ],
            "formula": wording.score_formula(
                value=score.value, exact=score.exact, earned=score.earned, weight=score.weight
            ),
            "weight": str(score.weight),
            "points": decimal(score.earned),
        },
        "exposure": {
            "tier": lower_first(label(exposure.tier)),
            "note": (
                f"{counted(exposure.points, 'ponto', 'pontos')}: média a partir de {exposure.medium_from}, alta a "
                f"partir de {exposure.high_from} ({PARAMETER})."
                + (f" Elevada por decisão: {exposure.raised_reason}" if exposure.raised_reason else "")
            ),
            "rows": [
                [line.label, line.detail, "–" if line.present is None else str(line.points)]
                for line in exposure.factors
            ],
            "points": str(exposure.points),
        },
        "formalities": [
            {
                "state": item.state.value,
                "label": label(item.formality),
                "word": _formality_word(item.holds, partly=item.partly),
                "reason": item.reason,
                "quote": item.quote,
                "citation": item.citation,
                "records": _named(item.reason, item.records),
            }
            for item in view.formalities
        ],
        "requests": [
            {
                "number": one.record.label.removeprefix("Requisição "),
                "what": request_words(one.incisos, [label(kind) for kind in one.evidence_kinds]),
                "state": label(one.state),
                "due": day(one.due_on),
                "clock": "respondida" if one.state is RequestState.SUBMITTED else clock(one.due_on, page.on).text,
            }
            for one in page.requests
        ],
        "lists": [
            {
                "title": "Auditorias",
                "rows": [wording.audit_row(one) for one in held.audits],
                "nothing": wording.NO_AUDITS,
            },
            {
                "title": "Incidentes",
                "rows": [wording.incident_row(one) for one in held.incidents],
                "nothing": wording.NO_INCIDENTS,
            },
            {
                "title": "Pessoas autorizadas",
                "rows": [wording.person_row(one) for one in held.people or ()],
                "nothing": wording.no_people(known=held.people is not None),
            },
            {
                "title": "Suboperadores",
                "rows": [wording.sub_operator_row(one, page.on) for one in held.sub_operators],
                "nothing": wording.no_sub_operators(held.uses_sub_operators),
            },
            {
                "title": "Documentos e provas",
                "rows": [*map(wording.paper_row, held.papers), *map(wording.proof_row, held.proofs)],
                "nothing": wording.NO_PAPERS,
            },
        ],
        "history": history_of(page),
        "others": [f"{one.label}, {_other(one.score, one.breached)}" for one in page.others],
    }


def _other(score: int | None, breached: int) -> str:
    said = "sem pontuação" if score is None else counted(score, "ponto", "pontos")
    return said if not breached else f"{said}, {counted(breached, 'descumprida', 'descumpridas')}"


def _notices(page: BoletimPage) -> list[str]:
    found = []
    if page.secret:
        found.append("Acordo protegido (art. 5º da Portaria). Este documento não deve circular fora do órgão.")
    if page.stage == "closed":
        found.append(
            "Acordo encerrado, com o descarte ou a devolução dos dados já provado. As provas são avaliadas como "
            f"estavam em {day(page.view.judged_on)}."
        )
    return found


def facts_of(page: BoletimPage) -> list[tuple[str, str]]:
    """Return what the agreement is."""
    start = f"de {day(page.starts_on)} " if page.starts_on else ""
    term = f"{start}até {day(page.ends_on)}" if page.ends_on else f"{start}sem fim informado"
    return [
        ("Instrumento", page.label),
        ("Objeto", page.object or NOT_INFORMED),
        ("Processo", page.sei_process or NOT_INFORMED),
        ("Vigência", term[:1].upper() + term[1:]),
        ("Exposição", f"{label(page.view.exposure.tier)}, {counted(page.view.exposure.points, 'ponto', 'pontos')}"),
        ("Contatos", join_and(page.contacts) or NOT_INFORMED),
    ]


def request_words(incisos: Sequence[str], kinds: Sequence[str]) -> str:
    """Say what a request asks for: "Registro das operações (VI)"."""
    what = join_and(lower_first(kind) for kind in kinds)
    return f"{what[:1].upper()}{what[1:]} ({join_and(incisos)})" if what else f"Informações ({join_and(incisos)})"


def _brief(item: ObligationView) -> dict[str, object]:
    return {
        "inciso": item.inciso,
        "title": item.title,
        "verdict": item.verdict.value,
        "word": label(item.verdict),
        "legs": [] if item.verdict is Verdict.NOT_APPLICABLE else [state.value for state in item.states],
    }


def place_words(inciso: str) -> str:
    """Return where duties stand: "Art. 14, II e VI", and then the codes of obligations of the organisation."""
    named = inciso.split(", ")
    law = [one for one in INCISOS if one in named]
    own = [place(one) for one in named if one not in INCISOS]
    return sentence_case("; ".join([*([f"art. 14, {join_and(law)}"] if law else []), *own]))


def _ask(page: BoletimPage, number: int) -> dict[str, str]:
    one = page.held.asks[number]
    return {
        "what": one.what,
        "place": place_words(one.inciso),
        "record": one.record.label,
        "due": day(one.due_on) if one.due_on else "Sem prazo",
        "clock": clock(one.due_on, page.on).text if one.due_on else "",
    }


def ours(page: BoletimPage) -> list[dict[str, str]]:
    """Return what the court has to do next: each act once, with the duties that it serves, breaches first."""
    grouped: dict[tuple[object, ...], list[ObligationView]] = {}
    every = [*page.view.obligations, *page.view.further]
    for item in sorted(every, key=lambda one: one.verdict is not Verdict.BREACHED):
        if item.action.kind is not ActionKind.NOTHING:
            act = item.action.sentence.partition(": ")[0].rstrip(".")
            alike = item.action.kind in {ActionKind.CORRECTIVE_ACTION, ActionKind.FORMAL_NOTICE}
            # One paper or one request serves many duties; a breach is decided by itself, with its reason.
            grouped.setdefault(
                (item.action.kind, item.action.due_on, *((act, item.reasons) if alike else ())), []
            ).append(item)
    return [
        {
            "what": _GROUPED.get(group[0].action.kind, "") or group[0].action.sentence.partition(": ")[0].rstrip("."),
            "why": group[0].reasons[0] if len(group) == 1 and group[0].reasons else "",
            "place": place_words(", ".join(dict.fromkeys(item.inciso for item in group))),
            "due": day(group[0].action.due_on) if group[0].action.due_on else "Sem prazo",
            "clock": clock(group[0].action.due_on, page.on).text if group[0].action.due_on else "",
        }
        for group in grouped.values()
    ]


_GROUPED: dict[ActionKind, str] = {
    ActionKind.READ_INSTRUMENT: "Conferir o que o instrumento assinado prevê",
    ActionKind.TERMO_ADITIVO: "Completar o instrumento por termo aditivo",
    ActionKind.TERMO_COMPROMISSO: "Propor termo de compromisso, porque o vínculo já terminou",
    ActionKind.REVIEW_EVIDENCE: "Conferir a prova recebida",
    ActionKind.REQUEST_EVIDENCE: "Requisitar a prova que falta",
    ActionKind.COMPLETE_RECORD: "Completar o registro do órgão",
}
"""What one act mends for several duties at once, in the words of the page."""


def _obligation(item: ObligationView) -> dict[str, object]:
    applies = item.verdict is not Verdict.NOT_APPLICABLE
    action = item.action
    return {
        "inciso": item.inciso,
        "title": item.title or OBLIGATION_TITLES.get(item.inciso, ""),
        "verdict": item.verdict.value,
        "word": label(item.verdict),
        "law": item.law,
        "citation": item.citation,
        "ground": item.ground,
        "legs": [_leg(leg) for leg in item.legs] if applies else [],
        "next": action.sentence if action.kind is not ActionKind.NOTHING or action.due_on else "",
        "reasons": list(item.reasons),
        "due": day(action.due_on) if action.due_on else "",
        "related": ", ".join(item.related),
    }


def _leg(leg: LegView) -> dict[str, object]:
    return {
        "name": label(leg.leg),
        "state": leg.state.value,
        "word": label(leg.state),
        "sentences": list(_told(leg.sentences)),
    }


def _told(sentences: Iterable[SentenceView]) -> Iterable[dict[str, str]]:
    """Say what happened a sentence a line, each reason once; what never happened is said together, after it."""
    every = tuple(sentences)
    for text, one in {one.text: one for one in every if not one.silent}.items():
        yield {"text": text, "records": _named(text, one.records), "param": PARAMETER if one.parameter else ""}
    quiet = " ".join(one.text for one in every if one.silent)
    if quiet:
        yield {"text": quiet, "records": "", "param": ""}


def _named(text: str, records: Sequence[Record]) -> str:
    """Name the records that decided a sentence and that it does not name itself."""
    return "; ".join(one.label for one in records[:RECORDS_SAID] if one.label not in text)


def _formality_word(holds: bool | None, *, partly: bool) -> str:
    if holds is True:
        return "atendida"
    if holds is None:
        return "não informada"
    return "em parte" if partly else "falta"


def history_of(page: BoletimPage) -> list[dict[str, str]]:
    """Return what changed and what happened in one line of time, the newest first."""
    entries: list[tuple[date, int, str, str]] = [
        (one.on, 1, wording.change_sentence(one.inciso, one.before, one.after, one.reason), one.cause)
        for one in page.changes
    ]
    for event in page.events:
        record = event.record
        shown = record is not None and record.label not in event.text and record.kind != "agreement"
        entries.append((event.on, 0, event.text, record.label if record and shown else ""))
    entries.sort(key=lambda one: (one[0], one[1]), reverse=True)
    return [{"day": day(on), "iso": on.isoformat(), "text": text, "record": record} for on, _, text, record in entries]
