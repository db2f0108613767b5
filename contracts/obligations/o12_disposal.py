"""Art. 14, XII — descarte irrecuperável ou devolução dos dados.

“apresentar evidências de descarte irrecuperável ou devolver para o CNJ todos os dados pessoais e as cópias existentes
após a satisfação da finalidade respectiva ou o encerramento do tratamento por decurso de prazo ou por extinção de
vínculo legal ou contratual”

Three events make it due: the purpose met, the term run out, the bond dissolved; the first one counts, and the duty
begins on the day after. “As cópias existentes” reaches backups and sub-operators. The days are not in the Portaria:
the agreement's own term counts, and the administrative one where it sets none.
"""

from datetime import date, timedelta

from contracts.checks import CurrentEvidence, accepted, clause_covers, common_conduct, waiting
from contracts.exposure import uses_sub_operators
from contracts.facts import AgreementFacts, EvidenceFact
from contracts.norm import (
    ART_6,
    ART_14,
    LEI_8159,
    LGPD_ART_15,
    LGPD_ART_16,
    LGPD_ART_47,
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
from contracts.vocabulary import ActionKind, EvidenceKind, Leg


def trigger_of(facts: AgreementFacts) -> date | None:
    """Return the last day before the duty begins: the end of the bond, or the disposal case's day if earlier."""
    named = facts.disposal.triggered_on if facts.disposal is not None else None
    end = facts.end
    if named is None or end is None:
        return named or end
    return min(named, end)


def disposal_due_on(facts: AgreementFacts, when: Circumstances) -> tuple[date, str | None] | None:
    """Return the last day to prove disposal, and the parameter's key when it set the term; ``None`` without an end."""
    trigger = trigger_of(facts)
    if trigger is None:
        return None
    if facts.disposal is not None and facts.disposal.due_on is not None:
        return facts.disposal.due_on, None
    agreed = facts.disposal_term_days
    days = when.number("disposal_proof_days") if agreed is None else agreed
    key = "disposal_proof_days" if agreed is None else None
    return when.working_day_from(trigger + timedelta(days=days)), key


def not_yet_due(facts: AgreementFacts, when: Circumstances) -> Answer | None:
    """Say why the duty has not begun: it begins on the day after the end, or when the agreement was closed."""
    if facts.closed_on is not None and facts.closed_on <= when.on:
        return None
    trigger = trigger_of(facts)
    if trigger is None:
        return unknown("O vínculo não tem fim previsto no registro: o descarte ainda não é exigível.")
    if when.on <= trigger:
        return unknown("O vínculo vai até {}: antes disso, o descarte ainda não é exigível.", trigger, until=trigger)
    return None


def _certificates(facts: AgreementFacts, when: Circumstances) -> list[EvidenceFact]:
    """Return the proofs of disposal given on or after the end: an earlier one cannot speak of all the data."""
    trigger = trigger_of(facts)
    return [
        item
        for item in when.index.evidence.get("XII", ())
        if item.kind is EvidenceKind.DISPOSAL_CERTIFICATE
        and (trigger is None or item.received_on >= trigger or facts.closed_on is not None)
    ]


def _case_accepted(facts: AgreementFacts, when: Circumstances) -> bool:
    case = facts.disposal
    return (case is not None and case.accepted_on is not None and case.accepted_on <= when.on) or (
        facts.closed_on is not None and facts.closed_on <= when.on
    )


_certificate = CurrentEvidence(
    "XII",
    (EvidenceKind.DISPOSAL_CERTIFICATE,),
    missing="Nenhuma evidência de descarte ou de devolução, posterior ao fim do vínculo, está no registro.",
)


def disposal_proved(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for accepted evidence of return or of irrecoverable disposal, given after the end."""
    if _case_accepted(facts, when):
        case = facts.disposal
        return yes(
            "O descarte ou a devolução foi aceito em {}.",
            (case.accepted_on if case is not None else None) or facts.closed_on,
            records=(case.record if case is not None else facts.record,),
        )
    return _certificate(facts, when, _certificates(facts, when))


def reaches_every_copy(facts: AgreementFacts, when: Circumstances) -> Answer:  # noqa: ARG001 - tests are called alike.
    """Ask that the evidence covers copies, backups and sub-operators."""
    case = facts.disposal
    if case is None:
        return unknown("Não consta se a evidência de descarte alcança cópias, backups e suboperadores.")
    points = [("cópias", case.covers_copies), ("backups", case.covers_backups)]
    # A person who has no sub-operators has nothing to prove about them.
    if not (uses_sub_operators(facts) is False and case.covers_sub_operators is None):
        points.append(("suboperadores", case.covers_sub_operators))
    left_out = tuple(words for words, covered in points if covered is False)
    if left_out:
        return no(
            "A evidência de descarte não alcança {}.",
            left_out,
            records=(case.record,),
            partly=True,
        )
    unsaid = tuple(words for words, covered in points if covered is None)
    if unsaid:
        return unknown("Não consta se a evidência de descarte alcança {}.", unsaid, records=(case.record,))
    return yes("A evidência de descarte alcança {}.", tuple(words for words, _ in points), records=(case.record,))


_NOT_YET = quiet("O prazo de descarte ainda não corre.")


def disposed_in_time(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that the term to prove disposal has not passed without evidence.

    Evidence that waits for our review keeps the operator out of default: our delay is never counted against it. Nor is
    a bond that ended before the Portaria was in force, or one of which nobody has said that it entrusted personal data.
    """
    if not_yet_due(facts, when) is not None:
        return _NOT_YET
    found = disposal_due_on(facts, when)
    if found is None:
        return _NOT_YET
    due, key = found
    if _case_accepted(facts, when):
        return yes("O descarte ou a devolução foi aceito.")
    trigger = trigger_of(facts)
    if trigger is not None and trigger < PORTARIA_DATED_ON:
        return quiet(
            "O vínculo terminou em {}, antes da Portaria: nenhum prazo dela correu, mas a prova pode ser requisitada.",
            trigger,
        )
    certificates = _certificates(facts, when)
    for item in certificates:
        if accepted(item, when.on):
            return yes("A {} foi aceita.", Named("evidência", item.record.label), records=(item.record,))
    for item in certificates:
        if waiting(item, when.on):
            return yes(
                "A {} foi recebida em {} e aguarda conferência.",
                Named("evidência", item.record.label),
                item.received_on,
                records=(item.record,),
            )
    records = (facts.disposal.record if facts.disposal is not None else facts.record,)
    if when.on <= due:
        return yes("O prazo para provar o descarte termina em {}.", due, records=records, until=due, parameter=key)
    if not facts.data_known:
        return unknown(
            "O vínculo terminou em {}, e ninguém informou se o operador recebeu dados pessoais.",
            trigger,
            records=(facts.record,),
            remedy=ActionKind.COMPLETE_RECORD,
        )
    term = f" ({counted(when.number(key), 'dia', 'dias')} depois do fim do vínculo)" if key else ""
    return no(
        "O prazo para provar o descarte terminou em {}{}, sem evidência aceita.",
        due,
        term,
        records=records,
        parameter=key,
        remedy=ActionKind.FORMAL_NOTICE,
    )


OBLIGATION = Obligation(
    inciso="XII",
    title="Descarte ou devolução dos dados",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["XII"],
            related=(ART_6["III"], LGPD_ART_15, LGPD_ART_16, LGPD_ART_47, LEI_8159, RES_CNJ_363),
            due=not_yet_due,
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a provar o descarte ou a devolver os dados e as cópias.",
                    clause_covers("XII"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há evidência aceita de descarte irrecuperável ou de devolução.",
                    disposal_proved,
                    asks_for=(EvidenceKind.DISPOSAL_CERTIFICATE,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "A evidência alcança cópias, backups e suboperadores.",
                    reaches_every_copy,
                    asks_for=(EvidenceKind.DISPOSAL_CERTIFICATE,),
                ),
                Requirement(
                    Leg.CONDUCT, "O prazo para provar o descarte não passou sem evidência aceita.", disposed_in_time
                ),
                *common_conduct(
                    "XII",
                    deviation="Nenhum dado foi encontrado depois do certificado de descarte.",
                    nothing="Não consta dado encontrado depois do descarte.",
                ),
            ),
        ),
    ),
)
