"""The painel: the queue, the matrix, the year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contracts.vocabulary import INCISOS, AgreementKind, Exposure, IncidentClock, LegState, Role, Verdict
from vendor_tracker.usecases import painel
from vendor_tracker.usecases.conduct import SLUGS
from vendor_tracker.usecases.painel import Filters, PainelPage, StandingRow, Task, UnitRow
from vendor_tracker.web.judged import PARAMETER, address
from vendor_tracker.web.shell import actor, page_number, render, settings
from vendor_tracker.wording.filters import clock, day_month, lower_first, short_clock
from vendor_tracker.wording.labels import OBLIGATION_TITLES, VERDICT_ORDER, choices, label
from vendor_tracker.wording.parts import Clock, Link, Multiple, Pager, QueueItem, build_pager
from vendor_tracker.wording.plurals import counted

blueprint = Blueprint("painel", __name__)

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix, its cells already drawn."""

    name: str
    detail: str
    url: str
    cells: tuple[tuple[str, Markup], ...]
    """For each inciso, the anchor on the boletim and what is inside the cell."""
    score: int | None
    exposure: str
    next_due: Clock | None


@dataclass(frozen=True, slots=True)
class Options:
    """What each filter offers."""

    units: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    verdicts: tuple[tuple[str, str], ...]
    exposures: tuple[tuple[str, str], ...]
    incisos: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What the template needs beside the page: addresses and words."""

    queue: tuple[QueueItem, ...]
    queue_note: str
    """What the queue is narrowed to, and how much of it is shown; empty for the usual one."""
    more: tuple[Link, ...]
    rows: tuple[Row, ...]
    pager: Pager
    heads: Mapping[str, str]
    summary: str
    options: Options
    query: str
    """The filters as the address holds them."""
    asked: Mapping[str, str]
    everything: str
    """Where the painel is without filters, even for who opens it with some."""
    multiples: tuple[Multiple, ...]
    first_steps: tuple[Link, ...]


@blueprint.get("/painel")
def show() -> Response | tuple[str, int]:
    """Show what needs somebody today, the matrix and the year; or go to the filters with which the reader begins."""
    page = painel.opened(
        actor=actor(),
        filters=asked(request.args),
        page=page_number(request.args),
        task_kind=_QUEUES.get(request.args.get("fila", ""), ""),
        bare=not request.args,
    )
    if not isinstance(page, PainelPage):
        return redirect(f"{url_for('painel.show')}?{page.query}", code=303)
    return render("painel/show.html", page, view=_view(page))


def asked(args: MultiDict[str, str]) -> Filters:
    """Read the filters of an address; what is not understood is left out, so that an old bookmark still opens."""
    unit = args.get("unidade", "")
    inciso = args.get("inciso", "").upper()
    return Filters(
        unit_id=int(unit) if unit.isdecimal() and len(unit) < 10 else None,
        kind=_member(AgreementKind, args.get("instrumento", "")),
        verdict=_member(Verdict, args.get("situacao", "")),
        inciso=inciso if inciso in INCISOS else None,
        exposure=_member(Exposure, args.get("exposicao", "")),
        text=args.get("busca", "").strip()[:100],
        closed=args.get("encerrados") == "1",
    )


def asked_for(filters: Filters) -> dict[str, str]:
    """Return the filters as the address holds them: the opposite of :func:`asked`."""
    said = {
        "busca": filters.text,
        "unidade": str(filters.unit_id or ""),
        "instrumento": filters.kind.value if filters.kind else "",
        "situacao": filters.verdict.value if filters.verdict else "",
        "inciso": filters.inciso or "",
        "exposicao": filters.exposure.value if filters.exposure else "",
        "encerrados": "1" if filters.closed else "",
    }
    return {name: value for name, value in said.items() if value}


def in_words(filters: Filters, units: Sequence[UnitRow] = ()) -> tuple[tuple[str, str], ...]:
    """Return each filter with its value, in words; a unit's name is looked up in ``units``."""
    unit = next((each.name for each in units if each.id == filters.unit_id), str(filters.unit_id or ""))
    said = (
        ("Operador, número ou processo", filters.text),
        ("Unidade gestora", unit),
        ("Instrumento", label(filters.kind) if filters.kind else ""),
        ("Com ao menos uma obrigação", label(filters.verdict) if filters.verdict else ""),
        ("Na obrigação", filters.inciso or ""),
        ("Exposição", label(filters.exposure) if filters.exposure else ""),
        ("Os que já provaram o descarte", "Incluídos" if filters.closed else ""),
    )
    return tuple((name, value) for name, value in said if value) or (("Filtros", "Nenhum"),)


def options(units: Sequence[UnitRow]) -> Options:
    """Return what the filters offer, as every page with them does."""
    return Options(
        units=(("", "Todas"), *((str(unit.id), unit.acronym or unit.name) for unit in units)),
        kinds=(("", "Todos"), *choices(AgreementKind)),
        verdicts=(("", "Qualquer"), *((each.value, label(each)) for each in VERDICT_ORDER)),
        exposures=(("", "Todas"), *choices(Exposure)),
        incisos=(("", "Qualquer"), *((inciso, inciso) for inciso in INCISOS)),
    )


def _member(enumeration: type[E], slug: str) -> E | None:
    return enumeration(slug) if slug in list(enumeration) else None


def _view(page: PainelPage) -> View:
    heads = {inciso: f"#obr-{inciso.lower()}" for inciso in INCISOS}
    if page.year is None:
        book = address("book.show")
        heads = {inciso: f"{book}#{inciso.lower()}" for inciso in INCISOS} if book else {}
    return View(
        queue=tuple(_task(task, page) for task in page.tasks),
        queue_note=_queue_note(page),
        more=() if page.task_kind else _more(page),
        rows=tuple(_row(row, page) for row in page.rows),
        pager=build_pager(page.total, page.page, page.page_size, _page_address, sizes=()),
        heads=heads,
        summary=_summary(page),
        options=options(page.units),
        query=urlencode(asked_for(page.filters)),
        asked=asked_for(page.filters),
        everything=url_for("painel.show", todos="1" if any(each.is_default for each in page.views) else None),
        multiples=_multiples(page),
        first_steps=_first_steps(),
    )


def _page_address(number: int, size: int) -> str:  # noqa: ARG001 - the page size is fixed
    kept = {name: value for name, value in request.args.items() if value and name != "pagina"}
    return url_for("painel.show", **kept, pagina=number)  # type: ignore[arg-type]


def _first_steps() -> tuple[Link, ...]:
    steps = (("Importar acordos", "imports.index"), ("Registrar acordo", "agreements.create"))
    return tuple(Link(text, found) for text, endpoint in steps if (found := address(endpoint)))


def _summary(page: PainelPage) -> str:
    breaches = sum(page.breached)
    if not breaches:
        said = "Nenhuma obrigação descumprida."
    else:
        has = "tem" if page.breached_agreements == 1 else "têm"
        said = (
            f"{counted(page.breached_agreements, 'acordo', 'acordos')} {has} "
            f"{counted(breaches, 'obrigação descumprida', 'obrigações descumpridas')}."
        )
    return said if page.median_score is None else f"{said} Pontuação mediana: {page.median_score}."


# ----------------------------------------------------------------------------------------------------------------------
# The matrix. Fifty rows are six hundred cells: what is inside one depends on three short texts, so it is drawn once.
# ----------------------------------------------------------------------------------------------------------------------


def _row(row: StandingRow, page: PainelPage) -> Row:
    return Row(
        name=row.operator,
        detail=f"{lower_first(label(row.kind))} {row.number}{_STAGE_WORDS[row.stage]}",
        url=_boletim(row.agreement_id),
        cells=tuple(
            (inciso.lower(), _inside(inciso, verdict, legs))
            for inciso, verdict, legs in zip(INCISOS, row.verdicts.split(), row.legs.split(), strict=True)
        ),
        score=row.score,
        exposure=label(row.exposure),
        next_due=short_clock(row.next_due_on, page.today) if row.next_due_on else None,
    )


_STAGE_WORDS = {"in_force": "", "ending": ", encerrado", "closed": ", dados descartados", "future": ", a iniciar"}


@cache
def _inside(inciso: str, verdict: str, legs: str) -> Markup:
    """Draw what is inside a cell: the shape, the words for who cannot see it, and the three marks."""
    drawn = current_app.jinja_env.get_template("painel/cell.html").module
    return Markup(  # noqa: S704 - the template escapes what it prints
        drawn.inside(inciso, Verdict(verdict), tuple(LegState(state) for state in legs.split(",")))  # type: ignore[attr-defined]
    )


def _boletim(agreement_id: int, anchor: str = "") -> str:
    base = address("boletim.of_agreement", agreement_id=agreement_id)
    return f"{base}#{anchor.lower()}" if anchor else base


def _multiples(page: PainelPage) -> tuple[Multiple, ...]:
    if page.year is None:
        return ()
    return tuple(
        Multiple(inciso, OBLIGATION_TITLES[inciso], page.year.met[inciso], page.year.breached[inciso])
        for inciso in INCISOS
    )


# ----------------------------------------------------------------------------------------------------------------------
# The queue
# ----------------------------------------------------------------------------------------------------------------------


def _task(task: Task, page: PainelPage) -> QueueItem:
    what, today = task.what, page.today
    due = clock(task.due_on, today)
    match task.kind:
        case "answer":
            return QueueItem(
                due,
                f"Conferir a resposta à requisição {what.what}",
                f"{what.operator.rstrip('.')}. Prazo interno de análise",
                "Conferir",
                address("requests.show", request_id=what.id),
                param=PARAMETER,
                place="Art. 14, caput",
            )
        case "evidence":
            return QueueItem(
                due,
                f"Conferir a evidência recebida: {what.what}",
                f"{what.operator.rstrip('.')}. Recebida em {day_month(what.on)}. Prazo interno de análise",
                "Conferir",
                address("evidence.show", evidence_id=what.id),
                param=PARAMETER,
            )
        case "extension":
            return QueueItem(
                due,
                f"Decidir o pedido de prorrogação da requisição {what.what}",
                f"{what.operator.rstrip('.')}. Pedido em {day_month(what.on)}. Prazo interno de decisão",
                "Decidir",
                address("extensions.decide", request_id=what.id),
                param=PARAMETER,
                place="Art. 14, caput",
            )
        case "address":
            return QueueItem(
                Clock(f"Desde {day_month(what.on)}"),
                f"Corrigir o endereço que não recebe mensagens: {what.what}",
                f"{what.operator.rstrip('.')}. O que se pede pode não estar chegando ao operador",
                "Ver contato",
                address("operators.show", operator_id=what.operator_id, _anchor="contatos"),
            )
        case "request":
            return QueueItem(
                due,
                f"Cobrar a requisição {what.what}, sem resposta",
                what.operator.rstrip("."),
                "Ver requisição",
                address("requests.show", request_id=what.id),
                place="Art. 14, caput",
            )
        case "action":
            return QueueItem(
                due,
                f"Cobrar a ação corretiva: {lower_first(what.what.rstrip('.'))}",
                what.operator.rstrip("."),
                "Ver ação",
                address("conduct.show", kind=SLUGS["corrective_action"], lineage=what.id)
                or _boletim(what.agreement_id or 0, what.inciso),
                place=f"Art. 14, {what.inciso}" if what.inciso in INCISOS else "",
            )
        case "disposal":
            return QueueItem(
                due,
                "Obter a prova de descarte ou de devolução dos dados",
                what.operator.rstrip("."),
                "Ver caso",
                address("conduct.show", kind=SLUGS["disposal"], lineage=what.id)
                or _boletim(what.agreement_id or 0, "XII"),
                place="Art. 14, XII",
            )
        case "incident":
            term = IncidentClock(what.what)
            return QueueItem(
                due,
                _INCIDENT_ACTS[term],
                what.operator.rstrip(".") + (". Prazo por gravidade" if term is IncidentClock.PRESIDENCY else ""),
                "Ver incidente",
                address("incidents.show", lineage=what.id),
                param=PARAMETER if term is IncidentClock.PRESIDENCY else "",
                place="Art. 25, caput" if term is IncidentClock.PRESIDENCY else "Resolução CD/ANPD nº 15/2024",
            )
        case "role":
            return QueueItem(
                Clock("Sem prazo"),
                f"Aprovar o papel “{lower_first(label(Role(what.what)))}”, proposto para o acordo",
                what.operator.rstrip("."),
                "Examinar",
                address("agreements.show", agreement_id=what.id),
                place="Art. 13 e art. 14, parágrafo único",
            )
        case "clause":
            return QueueItem(
                due,
                f"Aprovar a nova versão da cláusula “{what.what}”",
                f"Pedida para valer a partir de {day_month(what.on)}",
                "Examinar",
                address("clause_editions.show", lineage=what.id),
            )
        case "question":
            return QueueItem(
                due,
                f"Aprovar a nova versão do item “{what.what.replace('{body}', settings().body.acronym)}”",
                f"Pedida para valer a partir de {day_month(what.on)}",
                "Examinar",
                address("questions.edition", lineage=what.id),
            )
        case _:
            title = OBLIGATION_TITLES.get(what.inciso, what.inciso)
            return QueueItem(
                Clock(f"Desde {day_month(what.on)}"),
                f"Decidir sobre a obrigação {what.inciso}, agora descumprida: {lower_first(title)}",
                f"{what.operator.rstrip('.')}. {what.what.rstrip('.')}",
                "Decidir",
                _boletim(what.agreement_id or 0, what.inciso),
                place=f"Art. 14, {what.inciso}" if what.inciso in INCISOS else "",
            )


_INCIDENT_ACTS = {
    IncidentClock.PRESIDENCY: "Comunicar o incidente à Presidência",
    IncidentClock.ANPD: "Comunicar o incidente à ANPD",
    IncidentClock.ANPD_COMPLEMENT: "Completar a comunicação do incidente à ANPD",
    IncidentClock.DATA_SUBJECTS: "Comunicar o incidente aos titulares",
}

_MORE = {
    "incident": ("prazo de incidente", "prazos de incidentes", "incidentes"),
    "request": ("requisição vencida", "requisições vencidas", "requisicoes"),
    "answer": ("resposta a conferir", "respostas a conferir", "respostas"),
    "evidence": ("evidência a conferir", "evidências a conferir", "evidencias"),
    "extension": ("prorrogação a decidir", "prorrogações a decidir", "prorrogacoes"),
    "address": ("endereço com falha", "endereços com falha", "enderecos"),
    "action": ("ação corretiva vencida", "ações corretivas vencidas", "acoes-corretivas"),
    "disposal": ("descarte a provar", "descartes a provar", "descartes"),
    "breach": ("obrigação agora descumprida", "obrigações agora descumpridas", "descumprimentos"),
    "role": ("papel a aprovar", "papéis a aprovar", "papeis"),
    "clause": ("versão de cláusula a aprovar", "versões de cláusulas a aprovar", "clausulas"),
    "question": ("versão de item a aprovar", "versões de itens a aprovar", "itens"),
}
"""Kind of task -> what it is called, one and many, and the queue's name in the address."""

_QUEUES = {slug: kind for kind, (_, _, slug) in _MORE.items()}


def _more(page: PainelPage) -> tuple[Link, ...]:
    """Say what the queue leaves out, and where the rest is."""
    links = []
    for kind, total in page.task_counts.items():
        left = total - sum(task.kind == kind for task in page.tasks)
        if left > 0:
            one, many, slug = _MORE[kind]
            links.append(Link(counted(left, one, many), url_for("painel.show", fila=slug, _anchor="hoje")))
    return tuple(links)


def _queue_note(page: PainelPage) -> str:
    if not page.task_kind:
        return ""
    one, many, _ = _MORE[page.task_kind]
    total, shown = page.task_counts[page.task_kind], len(page.tasks)
    said = f"Só o que é deste tipo: {counted(total, one, many)}."
    return f"{said} Estão aqui as {shown} mais urgentes." if total > shown else said
