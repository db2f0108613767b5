"""Art. 14, VII — diretrizes e instruções do CNJ.

“seguir fielmente as diretrizes e instruções transmitidas pelo CNJ”

A directive stands until it is changed and has no term; an instruction asks for something by a day. The operator shows
that it knows the first and has done the second. Declaring that the data serve no purpose of its own is the other half
of following faithfully.
"""

from datetime import date, timedelta

from contracts.checks import CurrentEvidence, also, clause_covers, common_conduct, starts_on
from contracts.facts import AgreementFacts, EvidenceFact
from contracts.norm import ART_14, LGPD_ART_6, LGPD_ART_23, LGPD_ART_39, LGPD_ART_42_P1_I, PORTARIA_DATED_ON
from contracts.obligation import Answer, Circumstances, Named, Obligation, Requirement, Version, counted, no, quiet, yes
from contracts.vocabulary import ActionKind, EvidenceKind, Leg


def _newer_directive(facts: AgreementFacts, when: Circumstances, proof: EvidenceFact) -> Answer | date | None:
    """Void the acknowledgement when a later directive was not acknowledged in the term that the clauses give for it."""
    known = starts_on(proof)
    newer = [
        item
        for item in facts.instructions
        if item.due_on is None
        and known < item.sent_on <= when.on
        and (item.acknowledged_on is None or item.acknowledged_on > when.on)
        and (item.done_on is None or item.done_on > when.on)
    ]
    if not newer:
        return None
    first = min(newer, key=lambda item: item.sent_on)
    days = when.number("instruction_acknowledgement_days")
    last = when.working_day_from(first.sent_on + timedelta(days=days))
    if when.on <= last:
        return last
    return no(
        "A {}, enviada em {}, é posterior à ciência dada pelo operador, que não se manifestou em {}.",
        Named("diretriz", first.record.label),
        first.sent_on,
        counted(days, "dia", "dias"),
        records=(proof.record, first.record),
        partly=True,
        parameter="instruction_acknowledgement_days",
    )


_NO_INSTRUCTION = quiet("Nenhuma instrução com prazo está no registro.")


def instructions_done(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that no instruction be past its term and not done.

    What the operator says is done is ours to look at: until somebody does, its term does not run against it.
    """
    if not facts.instructions:
        return _NO_INSTRUCTION
    timed = [item for item in facts.instructions if item.due_on is not None and item.sent_on <= when.on]
    if not timed:
        return _NO_INSTRUCTION
    pending = sorted(
        (
            (item.due_on, item)
            for item in timed
            if item.due_on is not None and (item.done_on is None or item.done_on > when.on)
        ),
        key=lambda pair: pair[0],
    )
    answered = [item for _, item in pending if item.answered_on is not None and item.answered_on <= when.on]
    pending = [(due, item) for due, item in pending if item not in answered]
    if not pending and answered:
        return yes(
            "O operador deu por cumprida, em {}, a {}; o cumprimento ainda não foi conferido.",
            answered[0].answered_on,
            Named("instrução", answered[0].record.label),
            records=(answered[0].record,),
        )
    if not pending:
        return yes("As instruções com prazo foram cumpridas.")
    late = [item for due, item in pending if due < when.on]
    due, first = pending[0]
    if late:
        return no(
            "O prazo da {} venceu em {}, e ela não foi cumprida.{}",
            Named("instrução", first.record.label),
            due,
            also(len(late) - 1),
            records=tuple(item.record for item in late),
            remedy=ActionKind.FORMAL_NOTICE,
        )
    return yes("As instruções em curso estão no prazo, que termina em {}.", due, records=(first.record,), until=due)


OBLIGATION = Obligation(
    inciso="VII",
    title="Diretrizes e instruções",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["VII"],
            related=(LGPD_ART_6, LGPD_ART_23, LGPD_ART_39, LGPD_ART_42_P1_I),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a seguir as diretrizes e instruções do CNJ.",
                    clause_covers("VII"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "O operador deu ciência das diretrizes em vigor.",
                    CurrentEvidence(
                        "VII",
                        (EvidenceKind.DIRECTIVES_ACKNOWLEDGEMENT,),
                        missing="Nenhuma ciência das diretrizes do CNJ está no registro deste acordo.",
                        refresh="directives_acknowledgement_months",
                        stale=_newer_directive,
                    ),
                    asks_for=(EvidenceKind.DIRECTIVES_ACKNOWLEDGEMENT,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "O operador declarou que não usa os dados para finalidade própria.",
                    CurrentEvidence(
                        "VII",
                        (EvidenceKind.OWN_USE_DECLARATION,),
                        missing="Nenhuma declaração de não uso para finalidade própria está no registro deste acordo.",
                        refresh="own_use_declaration_months",
                    ),
                    asks_for=(EvidenceKind.OWN_USE_DECLARATION,),
                ),
                Requirement(Leg.CONDUCT, "Nenhuma instrução passou do prazo sem ser cumprida.", instructions_done),
                *common_conduct(
                    "VII",
                    deviation="Nenhum desvio das instruções do CNJ foi constatado.",
                    nothing="Não consta desvio das instruções do CNJ.",
                ),
            ),
        ),
    ),
)
