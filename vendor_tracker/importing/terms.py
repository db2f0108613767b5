"""Aditivos, apostilamentos and rescisões: what each one does to the term of the agreement, and when the agreement ends.

What the published data really look like (129 terms of 94 agreements, 2022 to 2026) decided the rules:

* every term repeats *some* end date, whether it changes the term or not, and the source's own mark
  (``qualificacaoVigencia``) is the reliable sign: 38 terms carry it, and the new date is right in all of them;
* the mark is sometimes forgotten: an aditivo whose object is "a prorrogação do prazo de vigência" came without it;
* in apostilamentos the date is often that of the readjustment period ("conforme novo período de vigência"), months
  away from the agreement's, so an unmarked apostilamento counts only when changing the term is what its object *opens*
  with ("retificar a vigência…"); a readjustment never moves an end;
* a rescisão has no start, and its end date is the last day.

A date that this module leaves out is never lost: it stays in ``stated_ends_on``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vendor_tracker.importing.building import Row
from vendor_tracker.importing.rows import ImportedTerm, Source, TermKind
from vendor_tracker.importing.values import echo, fold, parse_day, show_day

_TERM_WITHOUT_MARK = (
    "A fonte não marcou mudança de vigência neste termo, mas o objeto trata de prorrogação. A nova data foi "
    "considerada; confira."
)
_TERM_WITHOUT_DATE = "O termo altera a vigência e não informa a nova data."

_OPENING = 110
"""Characters of a folded object within which the purpose of an apostilamento must stand."""
_EXTENDS = re.compile(
    r"\bprorrog\w+\b.{0,60}?\b(?:vigencia|prazo|contrat\w+|convenio|acordo|instrumento)\b"
    r"|\b(?:ampli|estend|extens|dilat|elast)\w+(?: \w+){0,3} (?:vigencia|prazo contratual)\b"
    r"|\brenova\w+ (?:d?[ao] )?(?:presente )?(?:vigencia|contrato|contratual|convenio|acordo)\b"
)
_RESTATES = re.compile(r"\b(?:retific\w+|alter\w+|corre[cg]\w+|reduz\w+|reduc\w+|encurt\w+)\b(?: \w+){0,4} vigencia\b")
_NOT_THE_TERM = re.compile(
    r"\b(?:prorrog\w+|dilat?a\w+|ampli\w+|estend\w+|extens\w+)(?: \w+){0,3} (?:prazo|data)s? (?:\w+ ){0,2}"
    r"(?:entrega|execucao|pagamento|instalacao|implantacao|garantia|recebimento)\b"
    r"(?! (?:e|ou) (?:\w+ ){0,3}vigencia)"
)


def term_kind(name: object) -> TermKind | None:
    """The kind from the name or number the source uses; None for what is not a term (the initial contract, an empenho).

    PNCP: 1 rescisão, 2 aditivo, 3 apostilamento. A "termo de encerramento" (Contratos.gov.br) ends the agreement too.
    """
    text = fold(str(name)) if isinstance(name, (str, int)) and not isinstance(name, bool) else ""
    if text == "1" or "resc" in text or "encerramento" in text or "extin" in text or "distrato" in text:
        return "rescisao"
    if text == "2" or "aditiv" in text:
        return "aditivo"
    if text == "3" or "apostil" in text:
        return "apostilamento"
    return None


def speaks_of_extending(text: str) -> bool:
    """Whether an object says that the term of the agreement is made longer (not the delivery, not the payment)."""
    folded = fold(text)
    without = _NOT_THE_TERM.sub(" ", folded)
    return bool(_EXTENDS.search(without))


def speaks_of_the_term(text: str, kind: TermKind) -> bool:
    """Whether the object says, in so many words, that the end of the agreement moves."""
    folded = fold(text)
    if kind == "apostilamento":
        folded = folded[:_OPENING]
    without = _NOT_THE_TERM.sub(" ", folded)
    return bool(_EXTENDS.search(without) or _RESTATES.search(without))


def changes_term(kind: TermKind, *, marked: bool, text: str) -> bool:
    """Whether a term moves the end of the agreement.

    ``marked`` is the source's own mark. See the top of this module for why the date alone is never enough.
    """
    return kind == "rescisao" or marked or speaks_of_the_term(text, kind)


@dataclass(frozen=True, slots=True)
class TermFields:
    """What a source says of one term, before it is judged."""

    kind: TermKind
    number: str
    text: str
    marked: bool
    """The source's own mark that the term of the agreement changes."""
    signed: object
    starts: object
    ends: object


def build_term(
    row: Row, fields: TermFields, *, pncp_id: str | None, external_id: str | None, source: Source
) -> ImportedTerm:
    """Make the term, with warnings for what a person should look at.

    A date that cannot be read is a warning and stays blank. A rescisão without an end date ends the agreement on the
    day it was signed.
    """
    signed = _day(row, "data de assinatura do termo", fields.signed)
    starts = _day(row, "início da vigência do termo", fields.starts)
    stated = _day(row, "fim da vigência do termo", fields.ends)
    changes = changes_term(fields.kind, marked=fields.marked, text=fields.text)
    new = (stated or (signed if fields.kind == "rescisao" else None)) if changes else None
    if changes and new is None:
        row.warn(_TERM_WITHOUT_DATE, "fim da vigência do termo")
    elif changes and not fields.marked and fields.kind != "rescisao":
        row.warn(_TERM_WITHOUT_MARK, "fim da vigência do termo", show_day(new) if new else "")
    return ImportedTerm(
        agreement_pncp_id=pncp_id,
        number=fields.number,
        kind=fields.kind,
        signed_on=signed,
        new_ends_on=new,
        object=fields.text,
        changes_term=changes,
        agreement_external_id=external_id,
        row=row.number,
        starts_on=starts,
        stated_ends_on=stated,
        source=source,
    )


def _day(row: Row, label: str, value: object) -> date | None:
    try:
        return parse_day(value)
    except (ValueError, OverflowError):
        row.warn("A data não pode ser lida e ficou em branco.", label, echo(value))
        return None


@dataclass(frozen=True, slots=True)
class EffectiveEnd:
    """When an agreement ends, its terms taken into account."""

    ends_on: date | None
    decided_by: ImportedTerm | None
    """The term that gave the date; None when it is the agreement's own."""
    rescinded: bool
    explanation: str
    """One Portuguese sentence for the page."""
    doubts: tuple[str, ...] = ()
    """Portuguese sentences about dates that were read and not followed, for a person to check."""


def effective_end(ends_on: date | None, terms: Iterable[ImportedTerm], until: date | None = None) -> EffectiveEnd:
    """The last day of an agreement whose own record says ``ends_on``.

    The terms that change the term are followed in the order of their signature (undated ones first, and a rescisão
    last among those of one day); the last word wins, with one exception: a term that *extends* never brings the end
    forward, because sources often refresh the agreement's own date, and a list of terms may be older than it. With
    ``until``, only terms signed up to that day count, which gives the end as it was known then.
    """
    known = [t for t in terms if until is None or (t.signed_on is not None and t.signed_on <= until)]
    ordered = sorted(
        known, key=lambda t: (t.signed_on or date.min, t.kind == "rescisao", t.stated_ends_on or date.min, t.number)
    )
    end, rescinded = ends_on, False
    decided: ImportedTerm | None = None
    shorter: ImportedTerm | None = None
    ends = [ends_on] if ends_on is not None else []
    doubts: list[str] = []
    for term in ordered:
        if not term.changes_term:
            continue
        new = term.new_ends_on
        if new is None:
            doubts.append(f"{_name(term)} altera a vigência e não informa a nova data. Confira no processo.")
            continue
        if term.kind != "rescisao" and end is not None and new <= end and speaks_of_extending(term.object):
            shorter = term if new < end else None
            continue
        end, decided, rescinded, shorter = new, term, term.kind == "rescisao", None
        ends.append(new)
    # Only the last extension is worth a question: the earlier ones are shorter than a refreshed record by nature.
    if shorter is not None and shorter.new_ends_on is not None and end is not None:
        doubts.append(
            f"{_name(shorter)} prorroga até {show_day(shorter.new_ends_on)}, e o registro do acordo já informa "
            f"{show_day(end)}. Foi mantida a data mais distante."
        )
    # Dates within a term that once held are explained by it, even if a rescisão cut it short later.
    furthest = max(ends, default=None)
    for term in ordered:
        stated = term.stated_ends_on
        if not term.changes_term and stated is not None and furthest is not None and stated > furthest:
            doubts.append(
                f"{_name(term)} traz a data {show_day(stated)}, posterior ao fim da vigência ({show_day(furthest)}), "
                "mas não trata de prorrogação. A data não foi considerada."
            )
    return EffectiveEnd(end, decided, rescinded, _explain(end, decided), tuple(doubts))


def _name(term: ImportedTerm) -> str:
    names = {
        "aditivo": "O termo aditivo",
        "apostilamento": "O termo de apostilamento",
        "rescisao": "O termo de rescisão",
    }
    number = f" {term.number}" if term.number else ""
    signed = f", assinado em {show_day(term.signed_on)}," if term.signed_on else ""
    return f"{names[term.kind]}{number}{signed}"


def _explain(end: date | None, decided: ImportedTerm | None) -> str:
    if end is None:
        return "A fonte não informa o fim da vigência."
    if decided is None:
        return f"Vigência até {show_day(end)}, conforme o registro do acordo."
    if decided.kind == "rescisao":
        return f"{_name(decided)} encerrou o acordo em {show_day(end)}."
    return f"{_name(decided)} levou o fim da vigência a {show_day(end)}."
