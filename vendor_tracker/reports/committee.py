"""The monthly report to the Comitê Gestor da LGPD: a summary for the letter and the same as PDF.

Neither says what an incident was nor names a protected agreement: mail travels in the open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from contracts.vocabulary import Verdict
from vendor_tracker.clock import SAO_PAULO
from vendor_tracker.reports.letters import Letterhead
from vendor_tracker.reports.typesetting import typeset
from vendor_tracker.wording.filters import day, month_year
from vendor_tracker.wording.labels import VERDICT_ORDER, label

MEDIA_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A line of a list of the report; agreement and operator are as they may be named."""

    agreement: str
    operator: str
    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Month:
    """What a month came to. Lists may be shorter than their totals."""

    ends_on: date
    made_on: date
    agreements: int
    counts: Mapping[Verdict, int]
    """How many obligations, of the twelve of each agreement, had each situação at the end of the month."""
    before: Mapping[Verdict, int]
    """The same a month earlier; empty when no picture of it exists."""
    breached: Sequence[MonthLine]
    breached_total: int
    overdue: Sequence[MonthLine]
    overdue_total: int
    incidents: Sequence[MonthLine]
    incidents_total: int

    @property
    def name(self) -> str:
        """Return the month in words."""
        return month_year(self.ends_on)

    @property
    def rows(self) -> list[tuple[Verdict, int, int | None]]:
        """Return a line for each situação: how many, and how many a month earlier."""
        return [
            (one, self.counts.get(one, 0), self.before.get(one, 0) if self.before else None) for one in VERDICT_ORDER
        ]


def file_name(month: Month) -> str:
    """Return the name of the PDF."""
    return f"operadores-{month.ends_on:%Y-%m}.pdf"


def month_pdf(month: Month, head: Letterhead) -> bytes:
    """Return the report as PDF; raises :class:`~vendor_tracker.reports.typesetting.TypesettingError`."""
    data = {
        "title": f"Operadores de dados pessoais em {month.name}",
        "organisation": head.body_name,
        "made": [month.made_on.year, month.made_on.month, month.made_on.day],
        "month": month.name,
        "ends": day(month.ends_on),
        "day": day(month.made_on),
        "agreements": str(month.agreements),
        "rows": [
            {
                "verdict": one.value,
                "word": label(one),
                "now": str(now),
                "before": "–" if before is None else str(before),
                "change": "–" if before is None else f"{now - before:+d}".replace("-", "−").replace("+0", "0"),
            }
            for one, now, before in month.rows
        ],
        "lists": [
            _list("Obrigações que passaram a descumpridas no mês", "Obrigação", month.breached, month.breached_total,
                  "Nenhuma obrigação passou a descumprida no mês."),
            _list("Requisições vencidas, ainda sem resposta", "Requisição", month.overdue, month.overdue_total,
                  "Nenhuma requisição vencida."),
            _list("Incidentes de que o órgão soube no mês", "", month.incidents, month.incidents_total,
                  "Nenhum incidente conhecido no mês."),
        ],
        "url": head.base_url,
    }  # fmt: skip
    return typeset("committee", data, made_at=datetime.combine(month.made_on, time(), SAO_PAULO))


def _list(title: str, what: str, lines: Sequence[MonthLine], total: int, nothing: str) -> dict[str, object]:
    left = total - len(lines)
    return {
        "title": title,
        "what": what,
        "rows": [[day(one.on), one.operator, one.agreement, one.what] for one in lines],
        "nothing": nothing,
        "left": f"E mais {left}, no painel." if left > 0 else "",
        "total": str(total),
    }
