"""Art. 14, X — auxílio no atendimento a titulares, autoridades e outros interessados.

“auxiliar, em toda providência que estiver ao seu alcance, o atendimento de obrigações perante titulares de dados
pessoais, autoridades competentes ou quaisquer outros legítimos interessados”

The court answers the data subject within fifteen days of the protocol (art. 11), so the operator's own term, written on
each request for help, stands inside that one. Help that came late did not serve, even though it came.
"""

from datetime import date

from contracts.checks import CurrentEvidence, also, clause_covers, common_conduct, mended, sent
from contracts.facts import AgreementFacts
from contracts.norm import (
    ART_8_SOLE_PARAGRAPH,
    ART_9_CAPUT,
    ART_11,
    ART_14,
    LAI,
    LGPD_ART_18,
    LGPD_ART_19,
    LGPD_ART_20,
    LGPD_ART_23,
    LGPD_ART_29,
    LGPD_ART_41,
    PORTARIA_DATED_ON,
    RES_ANPD_18,
)
from contracts.obligation import Answer, Circumstances, Named, Obligation, Requirement, Version, no, quiet, yes
from contracts.vocabulary import ActionKind, ContactRole, EvidenceKind, Leg

_PROCEDURE = EvidenceKind.ASSISTANCE_PROCEDURE
_ANSWERS = frozenset({ContactRole.ENCARREGADO, ContactRole.PREPOSTO})


def contact_for_assistance(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for an encarregado or a preposto in force on the day: naming an encarregado is the operator's choice."""
    until: list[date | None] = []
    records = []
    for contact in facts.contacts:
        if (
            contact.role in _ANSWERS
            and contact.since <= when.on
            and (contact.until is None or when.on <= contact.until)
        ):
            until.append(contact.until)
            records.append(contact.record)
    if not records:
        procedure = sent(
            when, "X", _PROCEDURE, after=(contact.until for contact in facts.contacts if contact.role in _ANSWERS)
        )
        if procedure is not None:
            return no(
                "O procedimento enviado pelo operador foi aceito, mas o contato indicado ainda não foi registrado.",
                records=(procedure.record,),
                partly=True,
                asks_for=(),
            )
        return no("Nenhum encarregado ou preposto do operador está no registro para estes pedidos.")
    ends = [day for day in until if day is not None]
    return yes(
        "O operador tem contato registrado para estes pedidos.",
        records=tuple(records),
        until=max(ends) if len(ends) == len(until) else None,
    )


_NOTHING_ASKED = quiet("Nenhum pedido de auxílio está no registro.")


def help_in_time(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that every request for help was answered by its term."""
    if not facts.assistance:
        return _NOTHING_ASKED
    on = when.on
    unanswered, late, coming = [], [], None
    for item in facts.assistance:
        if item.asked_on > on:
            continue
        if item.answered_on is not None and item.answered_on <= on:
            if item.answered_on > item.due_on and not mended(when, "X", item.answered_on):
                late.append(item)
        elif item.due_on < on:
            unanswered.append(item)
        elif coming is None or item.due_on < coming:
            coming = item.due_on
    failed = (*unanswered, *late)
    if failed:
        first = min(unanswered or late, key=lambda item: item.due_on)
        records = tuple(item.record for item in failed)
        name, others = Named("pedido de auxílio", first.record.label), also(len(failed) - 1)
        if unanswered:
            return no(
                "O prazo do {} venceu em {}, e não houve resposta.{}", name, first.due_on, others,
                records=records, remedy=ActionKind.FORMAL_NOTICE,
            )  # fmt: skip
        return no(
            "O {} foi respondido em {}, depois do prazo, que terminou em {}.{}",
            name, first.answered_on, first.due_on, others, records=records,
        )  # fmt: skip
    if coming is not None:
        return yes("Os pedidos de auxílio em curso estão no prazo, que termina em {}.", coming, until=coming)
    return yes("Os pedidos de auxílio foram respondidos no prazo, ou o atraso foi sanado.")


OBLIGATION = Obligation(
    inciso="X",
    title="Auxílio a titulares e autoridades",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["X"],
            related=(
                ART_8_SOLE_PARAGRAPH,
                ART_9_CAPUT,
                ART_11,
                LGPD_ART_18,
                LGPD_ART_19,
                LGPD_ART_20,
                LGPD_ART_23,
                LGPD_ART_29,
                LGPD_ART_41,
                LAI,
                RES_ANPD_18,
            ),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a auxiliar no atendimento a titulares e autoridades.",
                    clause_covers("X"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há procedimento de auxílio aceito e em vigor.",
                    CurrentEvidence(
                        "X",
                        (EvidenceKind.ASSISTANCE_PROCEDURE,),
                        missing="Nenhum procedimento de auxílio está no registro deste acordo.",
                        refresh="assistance_procedure_months",
                    ),
                    asks_for=(EvidenceKind.ASSISTANCE_PROCEDURE,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há contato do operador para estes pedidos.",
                    contact_for_assistance,
                    asks_for=(EvidenceKind.ASSISTANCE_PROCEDURE,),
                ),
                Requirement(Leg.CONDUCT, "Todo pedido de auxílio foi respondido no prazo.", help_in_time),
                *common_conduct("X"),
            ),
        ),
    ),
)
