"""From what was judged to what the components print: addresses, words and marks, for every page with a verdict."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, url_for
from werkzeug.routing import BuildError

from contracts.facts import Record as RecordPointer
from contracts.vocabulary import ActionKind, Leg, LegState, Verdict
from vendor_tracker.usecases.conduct import SLUGS
from vendor_tracker.usecases.presenting import (
    ActionView,
    ExposureView,
    JudgementView,
    LegView,
    ObligationView,
    ScoreView,
)
from vendor_tracker.web.shell import may
from vendor_tracker.wording import boletim as wording
from vendor_tracker.wording import parts
from vendor_tracker.wording.labels import ACTION_VERBS, label

PARAMETER = "parâmetro administrativo"

_RECORD_PAGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "instrument": (("instruments.show", "instrument_id"),),
    "evidence": (("evidence.show", "evidence_id"),),
    "request": (("requests.show", "request_id"),),
    "proposal": (("documents.proposal", "lineage"),),
    "audit": (("audits.show", "lineage"),),
    "agreement": (("agreements.show", "agreement_id"),),
}
"""Where a record has a page of its own: the first endpoint that exists and that the reader may open."""

_PLACES_ON_AGREEMENT: Mapping[str, str] = {
    "contact": "contatos",
    "sub_operator": "suboperadores",
    "proposal": "documentos",
    "instrument": "documentos",
    "request": "requisicoes",
}
"""Where on the agreement's page the other records stand; what is not listed stands under its conduct."""


_PEOPLE_PROVE = frozenset({"I", "X"})
"""What a contact of the operator demonstrates, once it is on record."""

_LINES_PROVE: Mapping[str, str] = {"III": "calendar", "VIII": "person"}
"""What the lines of a list of ours demonstrate, and the record of such a line."""


def address(endpoint: str, **values: Any) -> str:
    """Return the address of a page, or nothing when it does not exist or the reader may not open it."""
    if endpoint not in current_app.view_functions or not may(endpoint):
        return ""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return ""


def record_url(record: RecordPointer, agreement_id: int) -> str:
    """Return where a record is shown: its own page, else its place on the agreement's page, else nothing."""
    for endpoint, name in _RECORD_PAGES.get(record.kind, ()):
        if found := address(endpoint, **{name: record.id}):
            return found
    if record.kind in SLUGS and (found := address("conduct.show", kind=SLUGS[record.kind], lineage=record.id)):
        return found
    place = _PLACES_ON_AGREEMENT.get(record.kind, "conduta")
    return address("agreements.show", agreement_id=agreement_id, _anchor=place)


def action_address(action: ActionView, agreement_id: int) -> str:
    """Return where the next action is done, or nothing when there is nothing to do or the reader may not do it."""
    about = {record.kind: record.id for record in reversed(action.records)}
    match action.kind:
        case ActionKind.TERMO_ADITIVO:
            return address("documents.create", agreement_id=agreement_id, tipo="termo-aditivo")
        case ActionKind.TERMO_COMPROMISSO:
            return address("documents.create", agreement_id=agreement_id, tipo="termo-de-compromisso")
        case ActionKind.REQUEST_EVIDENCE:
            proof = action.evidence_kinds[0].value if action.evidence_kinds else None
            return address("requests.create", agreement_id=agreement_id, inciso=action.inciso, prova=proof)
        case ActionKind.FORMAL_NOTICE:
            return (
                (address("requests.show", request_id=about["request"]) if "request" in about else "")
                or (address("documents.proposal", lineage=about["proposal"]) if "proposal" in about else "")
                or next(filter(None, (record_url(record, agreement_id) for record in action.records)), "")
                or address("agreements.show", agreement_id=agreement_id)
            )
        case ActionKind.CORRECTIVE_ACTION:
            if "corrective_action" in about:
                return address("conduct.show", kind=SLUGS["corrective_action"], lineage=about["corrective_action"])
            return address(
                "conduct.create", agreement_id=agreement_id, kind=SLUGS["corrective_action"], inciso=action.inciso
            )
        case ActionKind.READ_INSTRUMENT:
            if "instrument" in about:
                paper = about["instrument"]
                return address("instruments.confirm", instrument_id=paper) or address(
                    "instruments.show", instrument_id=paper
                )
            return address("instruments.create", agreement_id=agreement_id)
        case ActionKind.REVIEW_EVIDENCE:
            return address("evidence.show", evidence_id=about["evidence"]) if "evidence" in about else ""
        case ActionKind.COMPLETE_RECORD:
            return _register_address(action, about, agreement_id)
        case _:
            return ""


def _register_address(action: ActionView, about: Mapping[str, int], agreement_id: int) -> str:
    """Return where our own records are completed: the paper, who answers for the operator, or what lacks its lines."""
    agreement = address("agreements.show", agreement_id=agreement_id)
    if "instrument" in about:
        paper = about["instrument"]
        return address("instruments.edit", instrument_id=paper) or address("instruments.show", instrument_id=paper)
    if action.leg is Leg.EVIDENCE and action.inciso in _PEOPLE_PROVE:
        return address("agreements.people", agreement_id=agreement_id) or f"{agreement}#contatos"
    if action.leg is Leg.EVIDENCE and action.inciso in _LINES_PROVE:
        slug = SLUGS[_LINES_PROVE[action.inciso]]
        return address("conduct.create", agreement_id=agreement_id, kind=slug) or f"{agreement}#conduta"
    if action.inciso == "XII":
        return address("agreements.edit_processing", agreement_id=agreement_id) or agreement
    return agreement


def action_verb(action: ActionView) -> str:
    """Return the verb of the button, in the words of the act; where the act was begun, of what there is to see."""
    kinds = {record.kind for record in action.records}
    match action.kind:
        case ActionKind.READ_INSTRUMENT if "instrument" not in kinds:
            return "Registrar instrumento"
        case ActionKind.FORMAL_NOTICE if "request" in kinds:
            return "Ver requisição"
        case ActionKind.FORMAL_NOTICE if "proposal" in kinds:
            return "Ver proposta"
        case ActionKind.FORMAL_NOTICE if kinds:
            # The notice itself is written outside; what it is about is read here.
            return "Ver registro"
        case ActionKind.CORRECTIVE_ACTION if "corrective_action" in kinds:
            return "Ver ação"
        case _:
            return ACTION_VERBS[action.kind]


def obligations(views: Iterable[ObligationView], agreement_id: int) -> tuple[parts.ObligationView, ...]:
    """Return obligations as the component prints them."""
    return tuple(obligation(view, agreement_id) for view in views)


def obligation(view: ObligationView, agreement_id: int) -> parts.ObligationView:
    """Return one obligation as the component prints it."""
    legs: Any = ()
    if view.verdict is not Verdict.NOT_APPLICABLE:
        legs = tuple(_leg(leg, agreement_id) for leg in view.legs)
    action = None
    if view.action.kind is not ActionKind.NOTHING or view.action.due_on:
        url = action_address(view.action, agreement_id)
        action = parts.NextAction(view.action.sentence, action_verb(view.action) if url else "", url)
    return parts.ObligationView(
        inciso=view.inciso,
        title=view.title,
        verdict=view.verdict,
        law=view.law,
        legs=legs,
        next_action=action,
        ground=view.ground,
    )


def _leg(view: LegView, agreement_id: int) -> parts.LegView:
    """Print what happened a sentence a line; what never happened is said too, together, after it."""
    # Two requirements may fail for one reason, which is then said once.
    by_text = {sentence.text: sentence for sentence in view.sentences if not sentence.silent}
    told = [
        parts.Sentence(
            sentence.text,
            records(sentence.text, sentence.records, agreement_id),
            PARAMETER if sentence.parameter else "",
        )
        for sentence in by_text.values()
    ]
    if quiet := " ".join(sentence.text for sentence in view.sentences if sentence.silent):
        told.append(parts.Sentence(quiet))
    return parts.LegView(view.leg, view.state, tuple(told))


def records(text: str, pointers: Iterable[RecordPointer], agreement_id: int) -> tuple[parts.Record, ...]:
    """Return the records to print after a sentence, three at most; one already named in it only leads there."""
    found = []
    for pointer in tuple(pointers)[:3]:
        url = record_url(pointer, agreement_id)
        if url or pointer.label not in text:
            found.append(parts.Record(pointer.label, url))
    return tuple(found)


def strip(view: JudgementView, base: str = "") -> tuple[parts.StripItem, ...]:
    """Return the strip of the twelve; ``base`` is the boletim's address on pages other than the boletim."""
    return tuple(
        parts.StripItem(item.inciso, item.verdict, f"{base}#{item.inciso.lower()}") for item in view.obligations
    )


def brief(view: JudgementView, base: str) -> tuple[parts.BriefObligation, ...]:
    """Return the twelve in brief, each leading to its reasons on the boletim at ``base``."""
    return tuple(
        parts.BriefObligation(
            item.inciso,
            item.title,
            item.verdict,
            item.states,
            missing="" if item.verdict is Verdict.MET else item.reasons[0],
            remedy=_remedy(item.action, view.agreement_id),
            url=f"{base}#{item.inciso.lower()}",
        )
        for item in view.obligations
    )


def _remedy(action: ActionView, agreement_id: int) -> parts.Link | None:
    """Return the tool that mends a gap: where the reader may use it the verb leads there, else it is only named."""
    if action.kind is ActionKind.NOTHING:
        return None
    url = action_address(action, agreement_id)
    return parts.Link(action_verb(action) if url else label(action.kind), url)


def score_lines(view: ScoreView) -> tuple[parts.ScoreLine, ...]:
    """Return the score's arithmetic as the component prints it."""
    return tuple(
        parts.ScoreLine(line.verdict, line.incisos, line.weights, line.weight, line.factor, line.points)
        for line in view.lines
        if line.incisos
    )


def score_formula(view: ScoreView) -> str:
    """Write the sum out: "16,5 ÷ 24 × 100 = 68,75, arredondado para 69"."""
    return wording.score_formula(value=view.value, exact=view.exact, earned=view.earned, weight=view.weight)


def verdict_summary(verdicts: Iterable[Verdict]) -> str:
    """Say how many of each situação: "Cinco atendidas, uma descumprida e uma ainda não exigível"."""
    return wording.verdict_summary(verdicts)


def exposure_rows(view: ExposureView) -> tuple[tuple[str, str, str], ...]:
    """Return the lines of the exposure's arithmetic: what, whether, points."""
    return tuple((line.label, line.detail, "–" if line.present is None else str(line.points)) for line in view.factors)


def state_words(holds: bool | None, partly: bool) -> tuple[LegState, str]:
    """Return the mark and the word of a formality."""
    if holds is True:
        return LegState.FULL, "atendida"
    if holds is None:
        return LegState.EMPTY, "não informada"
    return (LegState.HALF, "em parte") if partly else (LegState.EMPTY, "falta")
