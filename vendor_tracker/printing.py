"""What the command line prints for people: plain Portuguese text, a page wide, without colours."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import zip_longest
from textwrap import fill, wrap

from contracts import vocabulary
from contracts.vocabulary import Verdict
from vendor_tracker.usecases.checking import CheckedFile
from vendor_tracker.usecases.judging import RegisterResult
from vendor_tracker.usecases.parameters import BookObligation, BookPage, ParameterLine
from vendor_tracker.usecases.presenting import JudgementView, ObligationView
from vendor_tracker.wording.filters import integer, plain_day
from vendor_tracker.wording.labels import label

WIDTH = 96


def assessment_text(view: JudgementView) -> str:
    """Return an assessment: the score, then each obligation with its aspectos, its reasons and what to do."""
    score = "sem nota" if view.score.value is None else f"nota {view.score.value} de 100"
    lines = [
        f"{view.label}, em {plain_day(view.on)}: {score}, exposição {label(view.exposure.tier).lower()}.",
        *(_wrapped(remark) for remark in view.remarks),
    ]
    for item in (*view.obligations, *view.further):
        lines += ["", *_obligation(item)]
    return "\n".join(lines)


def _obligation(item: ObligationView) -> Iterable[str]:
    yield f"{item.inciso:>4}  {label(item.verdict)}: {item.title}"
    yield "      " + " · ".join(f"{label(part.leg)}: {label(part.state).lower()}" for part in item.legs)
    for reason in item.reasons:
        yield _wrapped(reason, indent=6)
    if item.action.sentence:
        until = f" (até {plain_day(item.action.due_on)})" if item.action.due_on else ""
        yield _wrapped(f"→ {item.action.sentence}{until}", indent=6)


def register_text(result: RegisterResult) -> str:
    """Return what an evaluation of the whole register found."""
    agreements = "1 acordo avaliado" if result.agreements == 1 else f"{integer(result.agreements)} acordos avaliados"
    lines = [f"{agreements} em {plain_day(result.on)}."]
    lines += [f"  {label(verdict)}: {integer(result.verdicts.get(verdict, 0))}" for verdict in Verdict]
    if not result.kept:
        lines.append("Só o resultado de hoje é guardado; este foi apenas contado.")
    elif result.changes:
        lines.append(f"Situações que mudaram: {integer(len(result.changes))}.")
    else:
        lines.append("Nenhuma situação mudou.")
    if result.unjudged:
        left = "1 acordo não pôde" if result.unjudged == 1 else f"{integer(result.unjudged)} acordos não puderam"
        lines.append(f"{left} ser avaliado{'' if result.unjudged == 1 else 's'}: o registro de erros diz por quê.")
    return "\n".join(lines)


def book_text(book: BookPage) -> str:
    """Return the book of obligations: the law, what is asked under each aspecto, and the administrative numbers."""
    lines = [f"Obrigações do art. 14 em vigor em {plain_day(book.on)}", "", _wrapped(book.caput)]
    for item in (*book.twelve, *book.further):
        lines += ["", *_in_book(item, book.on)]
    lines += ["", "Outros parâmetros administrativos"]
    lines += [_parameter(line) for line in book.other_parameters]
    lines += ["", _wrapped(book.sole_paragraph), ""]
    lines += [_wrapped(f"Nota: {note}") for note in book.notes]
    return "\n".join(lines)


CHECKED_COLUMNS = {"Inciso": 8, "Situação": 15, "Lugar": 16, "Trecho": 30, "O que falta": 27}
"""The columns of a checked file and their widths, the space between them included."""
LONGEST_SHOWN = 320
"""Characters of a quoted passage; the whole of it is in the JSON."""


def checked_text(found: CheckedFile) -> str:
    """Return what a signed file says about each inciso, as a table."""
    pages = "" if found.pages is None else f", {integer(found.pages)} {'página' if found.pages == 1 else 'páginas'}"
    provisions = "1 disposição" if found.provisions == 1 else f"{integer(found.provisions)} disposições"
    rule = "-" * sum(CHECKED_COLUMNS.values())
    lines = [
        _wrapped(f"{found.file}{pages}, {provisions}."),
        f"SHA-256 {found.sha256}",
        *(_wrapped(note) for note in found.notes),
        "",
        *_columns(tuple(CHECKED_COLUMNS)),
        rule,
    ]
    for inciso, point in found.incisos.items():
        quote = point.quote if len(point.quote) <= LONGEST_SHOWN else f"{point.quote[:LONGEST_SHOWN].rstrip()}…"
        cells = (inciso, label(point.coverage), point.place, f"“{quote}”" if quote else "", "; ".join(point.missing))
        lines += [*_columns(cells), rule]
    lines.append(_wrapped("A máquina propõe; só vale o que uma pessoa conferir com o texto."))
    return "\n".join(lines)


def _columns(cells: tuple[str, ...]) -> Iterator[str]:
    """Return the lines of one row of a table, each cell within its column."""
    widths = tuple(CHECKED_COLUMNS.values())
    wrapped = [wrap(cell, width - 2) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        yield "".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _in_book(item: BookObligation, on: date) -> Iterable[str]:
    yield f"{item.inciso} · {item.title} ({item.citation})"
    yield _wrapped(f"“{item.law.strip('“”')}”", indent=2)
    if item.until is not None and item.until >= on:
        yield f"  Em vigor até {plain_day(item.until)}."
    for leg, sentences in item.requirements.items():
        for sentence in sentences:
            yield _wrapped(f"{label(leg)}: {sentence}", indent=2)
    for line in item.parameters:
        yield _parameter(line)


def _parameter(line: ParameterLine) -> str:
    if isinstance(line.value, Mapping):
        value = ", ".join(f"{_entry(line, key)} {integer(number)}" for key, number in line.value.items())
    else:
        value = integer(line.value)
    return _wrapped(f"Parâmetro administrativo · {line.label}: {value} ({line.unit})", indent=2)


def _entry(line: ParameterLine, key: str) -> str:
    """Name a line of a table: by its own words, or as the closed list that the table answers for does."""
    if key in line.entries:
        return line.entries[key]
    members = getattr(vocabulary, line.keyed_by or "", None)
    return label(members(key)).lower() if members is not None else key


ROUND: Mapping[str, str] = {
    "cases": "casos de descarte abertos",
    "requests": "requisições de descarte abertas",
    "looked_at": "acordos examinados",
    "opened": "requisições abertas",
    "without_contact": "acordos sem preposto com e-mail",
    "unjudged": "registros que não puderam ser examinados",
    "agreements": "acordos",
    "changes": "situações que mudaram",
    "months": "meses retratados",
    "steps": "passos de cobrança",
    "messages": "mensagens na fila",
    "without_recipient": "passos sem destinatário",
    "sent": "mensagens enviadas",
    "deferred": "mensagens adiadas",
    "failed": "mensagens que não puderam ser entregues",
    "ended": "lotes encerrados",
    "issued": "documentos emitidos",
    "left_out": "acordos deixados de fora",
    "broken": "emissões com falha",
    "read": "arquivos lidos",
    "unreadable": "arquivos que não puderam ser lidos",
}
"""What a job counts, in words."""


def round_text(labels: Mapping[str, str], done: Mapping[str, Mapping[str, object]]) -> str:
    """Return what a round of the jobs came to; ``labels`` names each job."""
    return "\n".join(f"{labels.get(name, name)}: {_outcome(outcome)}." for name, outcome in done.items())


def _outcome(outcome: Mapping[str, object]) -> str:
    if "error" in outcome:
        return f"falhou ({outcome['error']})"
    if "skipped" in outcome:
        return str(outcome["skipped"])
    counted = [
        f"{integer(number)} {ROUND[key]}" for key, number in outcome.items() if key in ROUND and isinstance(number, int)
    ]
    return "; ".join(counted) or "feito"


def _wrapped(text: str, *, indent: int = 0) -> str:
    start = " " * indent
    return fill(text, WIDTH, initial_indent=start, subsequent_indent=start, break_long_words=False)
