"""The painel seen from other sides: what changed, by obligation, over the months, who stands behind; and as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, send_file, url_for
from werkzeug.wrappers import Response

from contracts.facts import Record
from contracts.vocabulary import INCISOS, AgreementKind, Exposure, Verdict
from vendor_tracker.usecases import changes, dependence, painel_sheet, trends, weaknesses
from vendor_tracker.usecases.changes import Changed, ChangesPage, NetChange, Step
from vendor_tracker.usecases.painel_sheet import SheetWords
from vendor_tracker.web.judged import address, record_url
from vendor_tracker.web.painel import asked, asked_for, in_words, options
from vendor_tracker.web.shell import page_number, render
from vendor_tracker.wording.labels import OBLIGATION_TITLES, VERDICT_ORDER, label
from vendor_tracker.wording.parts import Multiple, build_pager
from vendor_tracker.wording.plurals import counted
from vendor_tracker.wording.register import country

blueprint = Blueprint("panorama", __name__, url_prefix="/painel")

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

STAGES = {
    "in_force": "Em vigor",
    "ending": "Encerrado",
    "closed": "Dados descartados",
    "future": "A iniciar",
}
"""Where an agreement is in its life, as a column of the spreadsheet says it."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step, with the address of its record."""

    on: date
    before: Verdict | None
    after: Verdict
    reason: str
    cause: str
    record: str
    url: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A net change, with its addresses."""

    net: NetChange
    url: str
    inciso_url: str
    title: str
    worse: bool | None
    record: str
    record_url: str
    steps: tuple[StepRow, ...]


@blueprint.get("/mudancas")
def changed() -> tuple[str, int]:
    """Show every verdict that changed between two days."""
    args = request.args
    page = changes.changes_page(
        since=_day(args.get("de", "")),
        until=_day(args.get("ate", "")),
        filters=asked(args),
        returned=args.get("voltaram") == "1",
        page=page_number(args),
    )
    kept = {
        **asked_for(page.filters),
        "de": page.since.isoformat(),
        "ate": page.until.isoformat(),
        **({"voltaram": "1"} if page.returned else {}),
    }
    return render(
        "painel/changes.html",
        page,
        options=options(page.units),
        rows=tuple(_changed(row) for row in page.rows),
        summary=_summary(page),
        pager=build_pager(
            page.total,
            page.page,
            page.page_size,
            lambda number, _size: url_for("panorama.changed", **kept, pagina=number),  # type: ignore[arg-type]
            sizes=(),
        ),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _summary(page: ChangesPage) -> str:
    parts = [
        f"{counted(number, one, many)}"
        for number, one, many in (
            (page.worse, "piorou", "pioraram"),
            (page.better, "melhorou", "melhoraram"),
            (page.other, "passou a contar, ou deixou de contar", "passaram a contar, ou deixaram de contar"),
            (page.came_back, "mudou e voltou ao que era", "mudaram e voltaram ao que eram"),
        )
        if number
    ]
    return f"{'; '.join(parts)}." if parts else ""


def _changed(row: Changed) -> ChangeRow:
    net = row.net
    boletim = address("boletim.of_agreement", agreement_id=net.agreement_id)
    said, where = _record(net)
    return ChangeRow(
        net=net,
        url=boletim,
        inciso_url=f"{boletim}#{net.inciso.lower()}",
        title=OBLIGATION_TITLES.get(net.inciso, ""),
        worse=changes.is_worse(net.before, net.after),
        record=said,
        record_url=where,
        steps=tuple(
            StepRow(step.on, step.before, step.after, step.reason, step.cause, *_record(step)) for step in row.steps
        ),
    )


def _record(change: NetChange | Step) -> tuple[str, str]:
    """Return what a record is called and where it is shown; a change that only time made has none."""
    held: Mapping[str, Any] | None = change.record
    if not held:
        return "", ""
    record = Record(str(held["kind"]), int(held["id"]), str(held["label"]))
    return record.label, record_url(record, change.agreement_id)


@blueprint.get("/incisos")
def weak() -> tuple[str, int]:
    """Show where the whole organisation is weak."""
    page = weaknesses.weakness_page(filters=asked(request.args))
    return render(
        "painel/weaknesses.html",
        page,
        options=options(page.units),
        asked=asked_for(page.filters),
        verdicts=tuple(reversed(VERDICT_ORDER[:4])) + VERDICT_ORDER[4:],
        heads=[(label(each), "num") for each in (*reversed(VERDICT_ORDER[:4]), *VERDICT_ORDER[4:])],
    )


@blueprint.get("/evolucao")
def trend() -> tuple[str, int]:
    """Show twelve months of the organisation, of a unit or of an operator."""
    page = trends.trend_page(unit_id=_whole("unidade"), operator_id=_whole("operador"))
    return render(
        "painel/trend.html",
        page,
        units=(("", "Todo o órgão"), *((str(unit.id), unit.acronym or unit.name) for unit in page.units)),
        points=[each for each in page.months if each.score is not None],
        multiples=tuple(
            Multiple(inciso, OBLIGATION_TITLES[inciso], page.year.met[inciso], page.year.breached[inciso])
            for inciso in INCISOS
        )
        if page.year
        else (),
    )


def _whole(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@blueprint.get("/cadeia")
def depends() -> tuple[str, int]:
    """Show on whom several operators depend."""
    page = dependence.dependence_page(page=page_number(request.args))
    return render(
        "painel/dependence.html",
        page,
        country=country,
        pager=build_pager(
            page.total,
            page.page,
            page.page_size,
            lambda number, _size: url_for("panorama.depends", pagina=number),
            sizes=(),
        ),
    )


@blueprint.get("/planilha.<any(csv, xlsx):form>")
def sheet(form: str) -> Response:
    """Send every agreement that the painel's filters leave, as CSV or as a workbook."""
    filters = asked(request.args)
    made = painel_sheet.painel_sheet(
        filters=filters,
        form=form,
        words=SheetWords(
            verdicts={each: label(each) for each in Verdict},
            kinds={each: label(each) for each in AgreementKind},
            exposures={each: label(each) for each in Exposure},
            stages=STAGES,
            filters=in_words(filters),
        ),
    )
    response = send_file(made.content, mimetype=MEDIA_TYPES[form], as_attachment=True, download_name=made.name)
    response.headers["Cache-Control"] = "no-store"
    return response
