"""The boletim of an operator, or of one of its agreements, on any day."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from contracts.facts import Record
from contracts.vocabulary import INCISOS, ActionKind, AgreementKind, LegState, RequestState, Verdict
from vendor_tracker.usecases import boletim, boletim_papers
from vendor_tracker.usecases.boletim import BoletimPage, NoAgreementPage
from vendor_tracker.usecases.boletim_papers import BoletimFile
from vendor_tracker.usecases.presenting import FormalityView, ObligationView
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web import judged
from vendor_tracker.web.files import attachment
from vendor_tracker.web.judged import PARAMETER, address
from vendor_tracker.web.shell import render
from vendor_tracker.wording import boletim as wording
from vendor_tracker.wording import parts
from vendor_tracker.wording.boletim import change_sentence
from vendor_tracker.wording.filters import (
    clock,
    cnpj,
    day,
    join_and,
    long_day,
    lower_first,
    month,
    sentence_case,
    slug_id,
)
from vendor_tracker.wording.labels import NOT_INFORMED, label
from vendor_tracker.wording.plurals import plural

blueprint = Blueprint("boletim", __name__)


@dataclass(frozen=True, slots=True)
class Formality:
    """A formality as the table prints it."""

    label: str
    state: LegState
    word: str
    reason: str
    citation: str
    quote: str
    records: tuple[parts.Record, ...]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request as the table prints it."""

    number: str
    url: str
    what: str
    state: str
    due_on: date
    due: parts.Clock


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Another agreement of the operator."""

    label: str
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record of the agreement: what it is, where it is shown, and what is said of it."""

    label: str
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class RecordList:
    """The records of one kind, under their heading; ``nothing`` is said when there are none."""

    anchor: str
    heading: str
    lines: tuple[RecordLine, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class AskLine:
    """Something that the operator has to do."""

    what: str
    place: str
    record: RecordLine
    due_on: date | None
    due: parts.Clock


@dataclass(frozen=True, slots=True)
class View:
    """What the template needs beside the page: addresses and words."""

    lede: str
    here: str
    summary: str
    strip: tuple[parts.StripItem, ...]
    points: tuple[int, ...]
    first: str
    last: str
    queue: tuple[parts.QueueItem, ...]
    obligations: tuple[parts.ObligationView, ...]
    further: tuple[tuple[str, parts.ObligationView], ...]
    score_lines: tuple[parts.ScoreLine, ...]
    formula: str
    exposure: tuple[tuple[str, str, str], ...]
    formalities: tuple[Formality, ...]
    requests: tuple[RequestLine, ...]
    facts: tuple[parts.Fact, ...]
    history: tuple[parts.TimelineEntry, ...]
    others: tuple[OtherLine, ...]
    others_said: str
    """That the operator has other agreements, said at the top before they are listed; empty when it has none."""
    asks: tuple[AskLine, ...]
    lists: tuple[RecordList, ...]
    papers: tuple[parts.Link, ...]
    """The boletim as a file: of this agreement, and of the whole operator."""
    letter_url: str
    ask_url: str
    agreement_url: str
    operator_url: str
    other_day_error: str
    other_day: str


@blueprint.get("/operadores/<int:operator_id>/boletim")
def show(operator_id: int) -> tuple[str, int]:
    """Show the boletim of an operator: of its worst agreement, or of the one named by ``acordo``."""
    wanted = request.args.get("acordo", "")
    agreement_id = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else None
    return _answer(
        lambda on: boletim.operator_boletim(operator_id=operator_id, agreement_id=agreement_id, on=on),
        worst=agreement_id is None,
    )


@blueprint.get("/acordos/<int:agreement_id>/boletim")
def of_agreement(agreement_id: int) -> tuple[str, int]:
    """Show the boletim of one agreement."""
    return _answer(lambda on: boletim.agreement_boletim(agreement_id=agreement_id, on=on))


@blueprint.get("/operadores/<int:operator_id>/boletim.pdf")
def pdf(operator_id: int) -> Response | WerkzeugResponse:
    """Hand out the boletim of an operator, with all its agreements, as PDF."""
    return _file(
        lambda on: boletim_papers.operator_pdf(operator_id=operator_id, on=on), "boletim.show", operator_id=operator_id
    )


@blueprint.get("/operadores/<int:operator_id>/boletim.xlsx")
def sheet(operator_id: int) -> Response | WerkzeugResponse:
    """Hand out the boletim of an operator, with all its agreements, as a workbook."""
    return _file(
        lambda on: boletim_papers.operator_sheet(operator_id=operator_id, on=on),
        "boletim.show",
        operator_id=operator_id,
    )


@blueprint.get("/acordos/<int:agreement_id>/boletim.pdf")
def of_agreement_pdf(agreement_id: int) -> Response | WerkzeugResponse:
    """Hand out the boletim of one agreement as PDF."""
    return _file(
        lambda on: boletim_papers.agreement_pdf(agreement_id=agreement_id, on=on),
        "boletim.of_agreement",
        agreement_id=agreement_id,
    )


@blueprint.get("/acordos/<int:agreement_id>/boletim.xlsx")
def of_agreement_sheet(agreement_id: int) -> Response | WerkzeugResponse:
    """Hand out the boletim of one agreement as a workbook."""
    return _file(
        lambda on: boletim_papers.agreement_sheet(agreement_id=agreement_id, on=on),
        "boletim.of_agreement",
        agreement_id=agreement_id,
    )


def _file(make: Callable[[date | None], BoletimFile], endpoint: str, **about: Any) -> Response | WerkzeugResponse:
    """Hand out the file of the day in ``em``; a day that does not exist is explained on the page, beside its field."""
    text = request.args.get("em", "").strip()
    on, refusal = _day(text)
    if refusal:
        return redirect(url_for(endpoint, em=text, **about))
    found = make(on)
    return attachment(found.data, name=found.name, media_type=found.media_type, restricted=found.restricted)


def _answer(ask: Callable[[date | None], BoletimPage | NoAgreementPage], *, worst: bool = False) -> tuple[str, int]:
    """Answer for the day in ``em``; when it cannot be, show today's boletim and say why beside the field.

    ``worst`` tells that the agreement was not asked for: it is the operator's worst.
    """
    text = request.args.get("em", "").strip()
    on, refusal = _day(text)
    status = 200
    if on is not None:
        try:
            page = ask(on)
        except UseCaseError as error:
            # Whoever asks for an agreement that never was gets the refusal from the second question.
            refusal, page = error.message, ask(None)
    else:
        page = ask(None)
    if refusal:
        status = 422
    if isinstance(page, NoAgreementPage):
        return render("boletim/none.html", page, create_url=address("agreements.create"))
    return render("boletim/show.html", page, status=status, view=_view(page, refusal, text, worst=worst))


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, "Informe um dia que exista, por exemplo 30/06/2026."


def _view(page: BoletimPage, refusal: str, typed: str, *, worst: bool) -> View:
    view = page.view
    here = url_for("boletim.of_agreement", agreement_id=page.agreement_id)
    return View(
        lede=f"Boletim em {long_day(page.on)}.",
        here=here,
        summary=judged.verdict_summary(view.verdicts),
        strip=judged.strip(view),
        points=tuple(row.score for row in page.scores if row.score is not None),
        first=_short_month(page.scores[0].month) if page.scores else "",
        last=_short_month(page.scores[-1].month) if page.scores else "",
        queue=_queue(page),
        obligations=judged.obligations(view.obligations, page.agreement_id),
        further=tuple(
            (f"mais-{slug_id(item.inciso)}", judged.obligation(item, page.agreement_id)) for item in view.further
        ),
        score_lines=judged.score_lines(view.score),
        formula=judged.score_formula(view.score),
        exposure=judged.exposure_rows(view.exposure),
        formalities=tuple(_formality(item, page.agreement_id) for item in view.formalities),
        requests=tuple(
            RequestLine(
                one.record.label.removeprefix("Requisição "),
                judged.record_url(one.record, page.agreement_id),
                _asked(one),
                label(one.state),
                one.due_on,
                _request_clock(one, page.on),
            )
            for one in page.requests
        ),
        facts=_facts(page),
        history=_history(page),
        others=tuple(
            OtherLine(
                other.label,
                url_for("boletim.of_agreement", agreement_id=other.agreement_id),
                _other_said(other),
            )
            for other in page.others
        ),
        others_said=_others_said(len(page.others), worst=worst),
        asks=tuple(
            AskLine(
                one.what,
                _place(one.inciso.split(", ")),
                RecordLine(one.record.label, judged.record_url(one.record, page.agreement_id), ""),
                one.due_on,
                clock(one.due_on, page.on) if one.due_on else parts.Clock("sem prazo"),
            )
            for one in page.held.asks
        ),
        lists=_lists(page),
        papers=_papers(page),
        letter_url=address("documents.create", agreement_id=page.agreement_id, tipo="carta-ao-operador"),
        ask_url=address("requests.create", agreement_id=page.agreement_id),
        agreement_url=address("agreements.show", agreement_id=page.agreement_id),
        operator_url=address("operators.show", operator_id=page.operator_id),
        other_day_error=refusal,
        other_day=typed if refusal else ("" if page.is_today else page.on.isoformat()),
    )


def _short_month(on: date) -> str:
    return f"{month(on)} {on.year}"


def _asked(one: boletim.OpenRequest) -> str:
    incisos = join_and(one.incisos)
    what = join_and(lower_first(label(kind)) for kind in one.evidence_kinds)
    return f"{what[:1].upper()}{what[1:]} ({incisos})" if what else f"Informações ({incisos})"


def _request_clock(one: boletim.OpenRequest, on: date) -> parts.Clock:
    """Give the operator's clock; an answer that waits for us never counts as late."""
    return parts.Clock("respondida") if one.state is RequestState.SUBMITTED else clock(one.due_on, on)


def _others_said(number: int, *, worst: bool) -> str:
    if not number:
        return ""
    if worst:
        them = plural(number, "O outro", "Os outros")
        return f"Este é o acordo em pior situação dos {number + 1} deste operador. {them}:"
    return f"Este operador tem {plural(number, 'outro acordo', 'outros acordos')}:"


def _other_said(other: boletim.AgreementChoice) -> str:
    score = "sem pontuação" if other.score is None else f"{other.score} {plural(other.score, 'ponto', 'pontos')}"
    if not other.breached:
        return score
    return f"{score}, {other.breached} {plural(other.breached, 'descumprida', 'descumpridas')}"


def _formality(item: FormalityView, agreement_id: int) -> Formality:
    state, word = judged.state_words(item.holds, item.partly)
    return Formality(
        label(item.formality),
        state,
        word,
        item.reason,
        item.citation,
        item.quote,
        judged.records(item.reason, item.records, agreement_id),
    )


def _facts(page: BoletimPage) -> tuple[parts.Fact, ...]:
    identity = (
        ("CNPJ", cnpj(page.cnpj)) if page.cnpj else ("Identificação estrangeira", page.foreign_id or NOT_INFORMED)
    )
    exposure = page.view.exposure
    term = f"até {day(page.ends_on)}" if page.ends_on else "sem fim informado"
    return (
        parts.Fact(*identity),
        parts.Fact("Regime", label(page.regime) if page.regime else NOT_INFORMED),
        parts.Fact("Instrumento", term, link=_link(page)),
        parts.Fact("Objeto", page.object or NOT_INFORMED),
        parts.Fact(
            "Exposição",
            f"{label(exposure.tier)}, {exposure.points} {'ponto' if exposure.points == 1 else 'pontos'}",
            param=PARAMETER,
        ),
        parts.Fact("Contatos", join_and(page.contacts) or NOT_INFORMED),
    )


def _lists(page: BoletimPage) -> tuple[RecordList, ...]:
    """Lay out the records of the agreement by kind, as page and papers list them."""
    held, agreement = page.held, page.agreement_id

    def lines(found: Iterable[tuple[Record, wording.Row]]) -> tuple[RecordLine, ...]:
        return tuple(RecordLine(name, judged.record_url(record, agreement), said) for record, (name, said) in found)

    people = held.people or ()
    return (
        RecordList(
            "auditorias",
            "Auditorias",
            lines((one.record, wording.audit_row(one)) for one in held.audits),
            wording.NO_AUDITS,
        ),
        RecordList(
            "incidentes",
            "Incidentes",
            lines((one.record, wording.incident_row(one)) for one in held.incidents),
            wording.NO_INCIDENTS,
        ),
        RecordList(
            "pessoas",
            "Pessoas autorizadas",
            lines((one.record, wording.person_row(one)) for one in people),
            wording.no_people(known=held.people is not None),
        ),
        RecordList(
            "suboperadores",
            "Suboperadores",
            lines((one.record, wording.sub_operator_row(one, page.on)) for one in held.sub_operators),
            wording.no_sub_operators(held.uses_sub_operators),
        ),
        RecordList(
            "documentos",
            "Documentos e provas",
            lines((one.record, wording.paper_row(one)) for one in held.papers)
            + lines((one.record, wording.proof_row(one)) for one in held.proofs),
            wording.NO_PAPERS,
        ),
    )


def _papers(page: BoletimPage) -> tuple[parts.Link, ...]:
    day_asked = {} if page.is_today else {"em": page.on.isoformat()}
    own = {"agreement_id": page.agreement_id, **day_asked}
    whole = {"operator_id": page.operator_id, **day_asked}
    found = [
        parts.Link("PDF deste acordo", address("boletim.of_agreement_pdf", **own)),
        parts.Link("Planilha deste acordo", address("boletim.of_agreement_sheet", **own)),
    ]
    if page.others:
        found += [
            parts.Link("PDF de todos os acordos", address("boletim.pdf", **whole)),
            parts.Link("Planilha de todos os acordos", address("boletim.sheet", **whole)),
        ]
    return tuple(link for link in found if link.url)


def _link(page: BoletimPage) -> parts.Link:
    target = address("agreements.show", agreement_id=page.agreement_id)
    return parts.Link(page.label, target or url_for("boletim.of_agreement", agreement_id=page.agreement_id))


def _history(page: BoletimPage) -> tuple[parts.TimelineEntry, ...]:
    """Lay what changed and what happened in one line of time, the newest first."""
    entries: list[tuple[date, int, parts.TimelineEntry]] = []
    for change in page.changes:
        text = change_sentence(change.inciso, change.before, change.after, change.reason)
        entries.append((change.on, 1, parts.TimelineEntry(text, change.on, record=change.cause)))
    for event in page.events:
        record = event.record
        shown = record is not None and record.label not in event.text and record.kind != "agreement"
        entries.append(
            (
                event.on,
                0,
                parts.TimelineEntry(
                    event.text,
                    event.on,
                    record=record.label if record and shown else "",
                    url=judged.record_url(record, page.agreement_id) if record and shown else "",
                ),
            )
        )
    entries.sort(key=lambda entry: (entry[0], entry[1]), reverse=True)
    return tuple(entry for _, _, entry in entries[: boletim.HISTORY_LINES])


# ----------------------------------------------------------------------------------------------------------------------
# What to decide: each breach by itself; what one paper or one request mends, together.
# ----------------------------------------------------------------------------------------------------------------------

_TOGETHER: dict[ActionKind, tuple[str, str]] = {
    ActionKind.READ_INSTRUMENT: ("Conferir o que o instrumento assinado prevê", "Conferir"),
    ActionKind.TERMO_ADITIVO: ("Completar o instrumento por termo aditivo", "Redigir aditivo"),
    ActionKind.TERMO_COMPROMISSO: ("Propor termo de compromisso, porque o vínculo já terminou", "Redigir termo"),
    ActionKind.REVIEW_EVIDENCE: ("Conferir a prova recebida", "Conferir"),
    ActionKind.REQUEST_EVIDENCE: ("Requisitar a prova que falta", "Requisitar"),
    ActionKind.COMPLETE_RECORD: ("Completar o registro", "Completar"),
}


def _queue(page: BoletimPage) -> tuple[parts.QueueItem, ...]:
    breaches: dict[tuple[object, ...], list[ObligationView]] = {}
    grouped: dict[ActionKind, list[ObligationView]] = {}
    for item in (*page.view.obligations, *page.view.further):
        if item.verdict is Verdict.BREACHED:
            # One request left unanswered breaks several obligations, and one act answers for all of them.
            url = judged.action_address(item.action, page.agreement_id)
            alike = (item.action.kind, item.action.due_on, item.reasons[0], url)
            breaches.setdefault(alike, []).append(item)
        elif item.action.kind in _TOGETHER:
            grouped.setdefault(item.action.kind, []).append(item)
    items = [_breach(group, page) for group in breaches.values()]
    for kind, group in _groups(grouped):
        act, verb = _TOGETHER[kind]
        paper_is_missing = kind is ActionKind.READ_INSTRUMENT and not group[0].action.records
        if paper_is_missing and page.kind is not AgreementKind.NONE:
            act, verb = "Registrar o instrumento assinado e conferir o que ele prevê", "Registrar"
        incisos = [item.inciso for item in group]
        said = group[0].reasons[0] if len(group) == 1 else f"Encaminha {_incisos(incisos)}."
        items.append(
            parts.QueueItem(
                parts.Clock("Sem prazo"),
                act,
                said.rstrip("."),
                verb,
                _group_address(group, page.agreement_id) if page.is_today else "",
                place=_place(incisos) if len(group) == 1 else "",
            )
        )
    return tuple(items)


def _breach(group: list[ObligationView], page: BoletimPage) -> parts.QueueItem:
    action = group[0].action
    url = judged.action_address(action, page.agreement_id)
    return parts.QueueItem(
        clock(action.due_on, page.on) if action.due_on else parts.Clock("Descumprida", "late"),
        # The sentence of an action is its act, a colon and the reason, which is said in full beside it.
        action.sentence.partition(": ")[0].rstrip("."),
        group[0].reasons[0].rstrip("."),
        judged.action_verb(action) if url else "",
        url if page.is_today else "",
        place=_place([item.inciso for item in group]),
    )


def _groups(grouped: dict[ActionKind, list[ObligationView]]) -> Iterator[tuple[ActionKind, list[ObligationView]]]:
    """Return what is done together, in the order of the tools; what our own records lack is registered one by one."""
    for kind in _TOGETHER:
        found = grouped.get(kind, [])
        if kind is ActionKind.COMPLETE_RECORD:
            yield from ((kind, [item]) for item in found)
        elif found:
            yield kind, found


def _group_address(group: list[ObligationView], agreement_id: int) -> str:
    """Return where a group is mended: one request may ask about several incisos at once."""
    if group[0].action.kind is ActionKind.REQUEST_EVIDENCE and len(group) > 1:
        return address("requests.create", agreement_id=agreement_id, inciso=[item.inciso for item in group])
    return judged.action_address(group[0].action, agreement_id)


def _incisos(incisos: list[str]) -> str:
    if tuple(incisos) == INCISOS:
        return "os doze incisos"
    return f"{'o inciso' if len(incisos) == 1 else 'os incisos'} {join_and(incisos)}"


def _place(incisos: list[str]) -> str:
    """Say the legal place: "Art. 14, IX", "Art. 14, incisos I, II e V"; an obligation beyond the twelve by its code."""
    law = [inciso for inciso in INCISOS if inciso in incisos]
    # A code is one word: it does not break at its hyphen.
    own = [f"obrigação acrescentada {inciso.replace('-', '‑')}" for inciso in incisos if inciso not in INCISOS]
    said = [f"Art. 14, {'incisos ' if len(law) > 1 else ''}{join_and(law)}"] if law else []
    return sentence_case("; ".join([*said, *own]))
