"""Art. 14, IX — auditorias e inspeções.

“permitir a realização de auditorias, incluindo inspeções do CNJ ou de auditor independente por ele autorizado, e
disponibilizar toda a informação necessária para demonstrar o cumprimento das obrigações estabelecidas”

Before the first cycle has run nothing has been shown and nothing is late: the audit requirement is then *unknown*, so
that the finding says "parcial" and names the day by which to audit, instead of calling compliant what nobody has seen.
"""

from datetime import date

from contracts.checks import CurrentEvidence, clause_covers, common_conduct, mended, no_overdue_corrective_action
from contracts.facts import AgreementFacts
from contracts.norm import (
    ART_14,
    LEI_14133_ART_117,
    LGPD_ART_6,
    LGPD_ART_38,
    LGPD_ART_40,
    LGPD_ART_50,
    PORTARIA_DATED_ON,
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
from contracts.vocabulary import INDEPENDENT_EVIDENCE, ActionKind, EvidenceKind, Leg
from contracts.workdays import add_months

_report = CurrentEvidence(
    "IX",
    tuple(kind for kind in EvidenceKind if kind in INDEPENDENT_EVIDENCE),
    missing="Nenhum relatório independente está no registro deste acordo.",
    refresh="audit_cycle_months",
)


def audited_within_cycle(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for an audit concluded within the cycle, or for an independent report accepted in its place."""
    months = when.tiered("audit_cycle_months")
    last: date | None = None
    for audit in facts.audits:
        if (
            audit.concluded_on is not None
            and audit.concluded_on <= when.on
            and (last is None or audit.concluded_on > last)
        ):
            last, record = audit.concluded_on, audit.record
    if last is not None:
        if not months:
            return yes(
                "A {} foi concluída em {}; nesta exposição basta uma durante a vigência.",
                Named("auditoria", record.label),
                last,
                records=(record,),
                parameter="audit_cycle_months",
            )
        end = add_months(last, months)
        if when.on <= end:
            return yes(
                "A {} foi concluída em {}; a próxima é devida até {}.",
                Named("auditoria", record.label),
                last,
                end,
                records=(record,),
                until=end,
                parameter="audit_cycle_months",
            )
    report = _report(facts, when)
    if report.holds is True or report.remedy is ActionKind.REVIEW_EVIDENCE:
        return report
    if last is not None:
        return no(
            "A última auditoria foi concluída em {}; o ciclo é de {}.",
            last,
            counted(months, "mês", "meses"),
            records=(record,),
            partly=True,
            parameter="audit_cycle_months",
        )
    return _first_cycle(facts, when, months)


def _first_cycle(facts: AgreementFacts, when: Circumstances, months: int) -> Answer:
    """Answer when there has been no audit at all, from the start of the agreement or of the Portaria, the later."""
    start = facts.starts_on or facts.signed_on
    if start is None:
        return unknown("Nenhuma auditoria foi concluída, e não consta desde quando vigora o acordo.")
    end = add_months(max(start, PORTARIA_DATED_ON), months) if months else facts.end
    if end is None:
        return unknown(
            "Nenhuma auditoria foi concluída ainda; nesta exposição basta uma durante a vigência.",
            parameter="audit_cycle_months",
        )
    if when.on <= end:
        return unknown(
            "Nenhuma auditoria foi concluída ainda; a primeira é devida até {}.",
            end,
            until=end,
            parameter="audit_cycle_months",
        )
    return no("Nenhuma auditoria foi concluída; a primeira era devida até {}.", end, parameter="audit_cycle_months")


_NO_REFUSAL = quiet("Nenhuma recusa de auditoria está no registro.")


def no_audit_refused(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that no audit was refused or obstructed, unless one was concluded since or the fault mended."""
    if not facts.audits:
        return _NO_REFUSAL
    refused = [audit for audit in facts.audits if audit.refused_on is not None and audit.refused_on <= when.on]
    if not refused:
        return _NO_REFUSAL
    last = max(refused, key=lambda audit: audit.refused_on or date.min)
    refused_on = last.refused_on or date.min
    if mended(when, "IX", refused_on) or any(
        audit.concluded_on is not None and refused_on <= audit.concluded_on <= when.on for audit in facts.audits
    ):
        return yes("A auditoria recusada em {} foi depois realizada ou sanada.", refused_on, records=(last.record,))
    return no(
        "O operador recusou ou impediu, em {}, a {}.",
        refused_on,
        Named("auditoria", last.record.label),
        records=(last.record,),
        remedy=ActionKind.FORMAL_NOTICE,
    )


_PERMIT, *_REST = common_conduct(
    "IX",
    deviation="Nenhum obstáculo a auditoria ou inspeção foi constatado.",
    nothing="Não consta obstáculo a auditoria ou inspeção.",
)

OBLIGATION = Obligation(
    inciso="IX",
    title="Auditorias e inspeções",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["IX"],
            related=(LGPD_ART_6, LGPD_ART_38, LGPD_ART_40, LGPD_ART_50, LEI_14133_ART_117),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a permitir auditorias e a dar toda a informação necessária.",
                    clause_covers("IX"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Uma auditoria foi concluída no ciclo, ou um relatório independente foi aceito em seu lugar.",
                    audited_within_cycle,
                    asks_for=(EvidenceKind.AUDIT_REPORT,),
                    remedy="Programar auditoria ou requisitar relatório independente",
                ),
                Requirement(Leg.CONDUCT, "Nenhuma auditoria foi recusada nem impedida.", no_audit_refused),
                _PERMIT,
                # What audits find is mended under corrective actions of any inciso; leaving one undone empties the
                # audit.
                Requirement(
                    Leg.CONDUCT,
                    "Nenhuma ação corretiva passou do prazo, qualquer que seja o inciso.",
                    no_overdue_corrective_action(None),
                ),
                _REST[-1],
            ),
        ),
    ),
)
