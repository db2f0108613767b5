"""Art. 14, IV — instrumento assinado com as cláusulas requeridas pelo CNJ.

“assinar contrato ou termo de compromisso com cláusulas específicas sobre proteção de dados pessoais requeridas pelo
CNJ”

The instrument leg is two sentences: a paper signed by both sides is in force, and it covers every other inciso in force
on that day. The evidence leg is about the file: that the court can show what was signed, when, and when it was
published. Publishing is the court's own act, so its day is a matter of record-keeping and never a fault of the
operator.
"""

from datetime import date, timedelta

from contracts.checks import common_conduct, holds_until, no_paper
from contracts.facts import AgreementFacts, InstrumentFact, older_texts
from contracts.norm import (
    ART_6_IV,
    ART_14,
    LEI_14133_ART_94,
    LEI_14133_ART_124,
    LGPD_ART_39,
    PORTARIA_DATED_ON,
    RES_CNJ_363,
)
from contracts.obligation import (
    Answer,
    Circumstances,
    Named,
    Obligation,
    Requirement,
    Version,
    counted,
    no,
    quiet,
    unknown,
    yes,
)
from contracts.vocabulary import ActionKind, AgreementKind, Coverage, InstrumentKind, Leg

# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every agreement.
_COVERED = Coverage.COVERED
_PARTIAL = Coverage.PARTIAL
_CONTRATO = AgreementKind.CONTRATO


def signed_by_both(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for a paper in force that both sides signed."""
    papers = when.index.papers
    if not papers:
        return no_paper(facts, when)
    signed = [paper for paper in papers if paper.signed_by_both]
    if signed:
        # While one of them holds, an instrument is in force: the longest-lived decides until when.
        ends = [holds_until(facts, paper) for paper in signed if paper.in_force_until is not None]
        known = [end for end in ends if end is not None]
        return yes(
            "O {}, em vigor em {}, foi assinado pelas duas partes.",
            signed[0],
            facts.binding_day(when.on),
            records=tuple([paper.record for paper in signed]),
            until=max(known) if len(known) == len(signed) else None,
        )
    return unknown(
        "Não consta se as duas partes assinaram o {}.",
        Named("instrumento", papers[0].record.label),
        records=when.index.paper_records,
    )


def covers_every_other_inciso(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that the papers in force cover every other inciso in force, with clauses of an edition not outdated."""
    papers = when.index.papers
    if not papers:
        return no_paper(facts, when)
    readings = when.index.readings
    for inciso in when.incisos:
        found = readings.get(inciso)
        if (found is None or found[0].coverage is not _COVERED) and inciso != "IV":
            return _what_is_left(when)
    return _edition(facts, when, papers)


def _what_is_left(when: Circumstances) -> Answer:
    """Say what the papers in force cover only in part or not at all, else what nobody has read in them."""
    covered, partial, missing, unread = 0, [], [], []
    for inciso in when.incisos:
        if inciso == "IV":
            continue
        found = when.index.readings.get(inciso)
        if found is None:
            unread.append(inciso)
        elif found[0].coverage is _COVERED:
            covered += 1
        elif found[0].coverage is _PARTIAL:
            partial.append(inciso)
        else:
            missing.append(inciso)
    records = when.index.paper_records
    if partial or missing:
        parts = [_incisos("não cobre", missing)] if missing else []
        if partial:
            parts.append(f"{_incisos('cobre', partial)} só em parte")
        return no(
            "O conjunto assinado {}.",
            " e ".join(parts) if len(parts) < 2 else ", e ".join(parts),
            records=records,
            partly=bool(covered or partial),
        )
    return unknown("Ninguém conferiu ainda se o conjunto assinado {}.", _incisos("cobre", unread), records=records)


def _incisos(verb: str, incisos: list[str]) -> str:
    if len(incisos) == 1:
        return f"{verb} o inciso {incisos[0]}"
    return f"{verb} os incisos {', '.join(incisos[:-1])} e {incisos[-1]}"


def _edition(facts: AgreementFacts, when: Circumstances, papers: tuple[InstrumentFact, ...]) -> Answer:
    """Judge the age of the clauses of a set of papers that covers everything.

    The inciso speaks of clauses "requeridas pelo CNJ": when the court requires a new text of a clause, what was signed
    with the older one stays whole during the transition and is partial after it. Of each clause, the newest text in any
    of the papers counts, because a termo aditivo brings the contract up to date. A clause that stands in none of them
    makes nothing old, and papers of other origin were read clause by clause: no text of ours grows old in them.
    """
    records = when.index.paper_records
    if not when.clause_editions:
        return yes(_COVERS_ALL, records=records)
    day = facts.binding_day(when.on)
    older = older_texts(papers, when.clause_editions, day)
    if not older:
        return yes(_COVERS_ALL, records=records)
    edition, held = min((first, held) for held, first in older.values())
    last = edition + timedelta(days=when.number("clause_set_transition_days"))
    if day > last:
        return no(
            "O conjunto assinado traz cláusulas da edição de {}; a edição de {} é requerida desde o fim da "
            "transição, em {}.",
            held,
            edition,
            last,
            records=records,
            partly=True,
            parameter="clause_set_transition_days",
        )
    return yes(
        "O conjunto assinado cobre todos os demais incisos; a transição para a edição de {} vai até {}.",
        edition,
        last,
        records=records,
        until=last,
        parameter="clause_set_transition_days",
    )


_COVERS_ALL = "O conjunto assinado cobre todos os demais incisos."


def signed_file_on_record(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for the signed file of every paper in force."""
    papers = when.index.papers
    if not papers:
        return _no_file(facts)
    lacking = [paper for paper in papers if not paper.has_file]
    if lacking:
        return no(
            "O arquivo assinado do {} não está no registro.",
            Named("instrumento", lacking[0].record.label),
            records=tuple(paper.record for paper in lacking),
            partly=len(lacking) < len(papers),
        )
    return yes("O arquivo assinado está no registro.", records=when.index.paper_records)


def signatures_day_on_record(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for the day of the signatures of every paper in force."""
    papers = when.index.papers
    if not papers:
        return _no_file(facts)
    lacking = [paper for paper in papers if paper.signed_on is None]
    if lacking:
        return unknown(
            "Não consta o dia da assinatura do {}.",
            Named("instrumento", lacking[0].record.label),
            records=tuple(paper.record for paper in lacking),
        )
    return yes(
        "A última assinatura é de {}.",
        max(paper.signed_on or date.min for paper in papers),
        records=when.index.paper_records,
    )


def _no_file(facts: AgreementFacts) -> Answer:
    return no("Nenhum instrumento em vigor está no registro.", records=(facts.record,))


_PUBLISHED = frozenset({InstrumentKind.ORIGINAL, InstrumentKind.ADITIVO})


def publication_on_record(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for the day of publication of a contract and of its termos aditivos; other kinds are not asked for one."""
    if facts.kind is not _CONTRATO:
        return yes("O dia da publicação só se registra para contratos.")
    papers = [paper for paper in when.index.papers if paper.kind in _PUBLISHED]
    if not papers:
        return _no_file(facts)
    lacking = [paper for paper in papers if paper.published_on is None or paper.published_on > when.on]
    if lacking:
        return unknown(
            "Não consta o dia da publicação do {}.",
            Named("instrumento", lacking[0].record.label),
            records=tuple(paper.record for paper in lacking),
        )
    return yes(
        "A publicação está no registro; a última é de {}.",
        max(paper.published_on or date.min for paper in papers),
        records=when.index.paper_records,
    )


_NO_PROPOSAL = quiet("Nenhuma proposta de instrumento espera pela assinatura do operador.")


def proposals_signed(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that no proposed paper be refused, or unsigned past its term; a later signature mends both."""
    if not facts.proposals:
        return _NO_PROPOSAL
    on, days = when.on, when.number("amendment_signature_days")
    made = [proposal for proposal in facts.proposals if proposal.proposed_on <= on]
    if not made:
        return _NO_PROPOSAL
    signatures = [item.signed_on for item in made if item.signed_on is not None and item.signed_on <= on]
    last_signature = max(signatures, default=date.min)
    coming: date | None = None
    for proposal in sorted(made, key=lambda item: item.proposed_on):
        if proposal.signed_on is not None and proposal.signed_on <= on:
            continue
        if last_signature >= (proposal.refused_on or proposal.proposed_on):
            continue
        name, records = Named("proposta", proposal.record.label), (proposal.record,)
        if proposal.refused_on is not None and proposal.refused_on <= on:
            return no(
                "O operador recusou-se, em {}, a assinar o que foi oferecido na {}.",
                proposal.refused_on,
                name,
                records=records,
                remedy=ActionKind.FORMAL_NOTICE,
            )
        last = when.working_day_from(proposal.proposed_on + timedelta(days=days))
        if facts.end is not None and last > facts.end:
            continue  # The bond ends before the term does: nothing is left to sign.
        if last < on:
            return no(
                "A {}, feita em {}, não foi assinada em {}.",
                name,
                proposal.proposed_on,
                counted(days, "dia", "dias"),
                records=records,
                parameter="amendment_signature_days",
                remedy=ActionKind.FORMAL_NOTICE,
            )
        coming = last if coming is None else min(coming, last)
    if coming is not None:
        return yes(
            "O que foi proposto ainda pode ser assinado até {}.",
            coming,
            until=coming,
            parameter="amendment_signature_days",
        )
    return yes("O que foi proposto ao operador foi assinado.")


OBLIGATION = Obligation(
    inciso="IV",
    title="Instrumento com as cláusulas requeridas",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["IV"],
            related=(ART_6_IV, LGPD_ART_39, LEI_14133_ART_94, LEI_14133_ART_124, RES_CNJ_363),
            requires=(
                Requirement(Leg.INSTRUMENT, "Um instrumento assinado pelas duas partes está em vigor.", signed_by_both),
                Requirement(
                    Leg.INSTRUMENT,
                    "O que foi assinado cobre todos os demais incisos, com as cláusulas requeridas pelo CNJ.",
                    covers_every_other_inciso,
                ),
                Requirement(Leg.EVIDENCE, "O arquivo assinado está no registro.", signed_file_on_record),
                Requirement(Leg.EVIDENCE, "O dia das assinaturas está no registro.", signatures_day_on_record),
                Requirement(
                    Leg.EVIDENCE, "O dia da publicação, quando devida, está no registro.", publication_on_record
                ),
                Requirement(
                    Leg.CONDUCT,
                    "Nenhum termo aditivo proposto foi recusado nem ficou sem assinatura depois do prazo.",
                    proposals_signed,
                ),
                *common_conduct("IV"),
            ),
        ),
    ),
)
