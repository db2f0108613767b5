"""Art. 14, XI — comunicação formal e imediata de risco, ameaça ou incidente.

“comunicar formalmente e de imediato ao CNJ qualquer risco, ameaça ou incidente de segurança capaz de acarretar
comprometimento ou dano, potencial ou efetivo, aos titulares dos dados pessoais, evitando atrasos por conta de
verificações ou inspeções”

“Evitando atrasos por conta de verificações” puts the start of the clock at the first suspicion, and hours run without
pause. The Portaria has no number: the shorter of the agreement's term and the administrative limit counts.
There is no evidence leg: nothing can be proved about an incident that has not happened.
"""

from datetime import date, timedelta

from contracts.checks import also, clause_covers, common_conduct, mended
from contracts.facts import AgreementFacts, IncidentFact
from contracts.norm import (
    ART_14,
    ART_25,
    ART_25_P1_CAPUT,
    LGPD_ART_42,
    LGPD_ART_44,
    LGPD_ART_48,
    PORTARIA_DATED_ON,
    RES_ANPD_15_ART_6,
    RES_CNJ_396,
)
from contracts.obligation import (
    Answer,
    Circumstances,
    Named,
    Obligation,
    Requirement,
    Version,
    counted,
    day_of,
    no,
    quiet,
    unknown,
    yes,
)
from contracts.vocabulary import IncidentSource, Leg

_NO_INCIDENT = quiet("Nenhum incidente está no registro.")


def _term(facts: AgreementFacts, when: Circumstances) -> tuple[int, str | None]:
    """Return the hours that count, and the parameter's key when it is the shorter."""
    limit = when.number("incident_report_hours")
    agreed = facts.incident_term_hours
    return (limit, "incident_report_hours") if agreed is None or limit < agreed else (agreed, None)


def incidents_reported_in_time(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that every known incident was formally reported within the term, the last second included.

    The rules know the day and not the hour: an incident still unreported is late from the day after the one in which
    its last hour fell, so that nobody is accused while the term may still be running. One that was reported is measured
    to the second. Where nobody has established the first suspicion, the clock starts when the court learned of it:
    late by that count is late by any, and in time by that count is not yet known to be in time.
    """
    if not facts.incidents:
        return _NO_INCIDENT
    known = [item for item in facts.incidents if when.happened(item.learned_at)]
    if not known:
        return _NO_INCIDENT
    hours, key = _term(facts, when)
    term = timedelta(hours=hours)
    late: list[IncidentFact] = []
    unestablished: list[IncidentFact] = []
    running: date | None = None
    for item in known:
        start = item.suspected_at or item.learned_at
        reported = item.reported_at if item.reported_at and when.happened(item.reported_at) else None
        if reported is not None:
            if reported - start > term:
                if not mended(when, "XI", day_of(reported)):
                    late.append(item)
            elif item.suspected_at is None:
                unestablished.append(item)
        else:
            last = day_of(start + term)
            if last < when.on:
                late.append(item)
            elif running is None or last < running:
                running = last
    said_hours = counted(hours, "hora", "horas")
    if late:
        first = min(late, key=lambda item: item.suspected_at or item.learned_at)
        start, others = first.suspected_at or first.learned_at, also(len(late) - 1)
        since = "a primeira suspeita" if first.suspected_at else "a ciência do órgão"
        name, records = Named("incidente", first.record.label), tuple(item.record for item in late)
        if first.reported_at is not None and when.happened(first.reported_at):
            return no(
                "O {} foi comunicado em {}, mais de {} depois d{} ({}).{}",
                name, first.reported_at, said_hours, since, start, others, records=records, parameter=key,
            )  # fmt: skip
        return no(
            "O {} não foi comunicado formalmente em {} desde {} ({}).{}",
            name, said_hours, since, start, others, records=records, parameter=key,
        )  # fmt: skip
    if unestablished:
        first = unestablished[0]
        return unknown(
            "Não se apurou quando o operador suspeitou do {}; sem isso, não se sabe se o comunicou em {}.",
            Named("incidente", first.record.label),
            said_hours,
            records=tuple(item.record for item in unestablished),
            parameter=key,
        )
    if running is not None:
        return yes(
            "O prazo para comunicar o incidente em curso termina em {}.",
            running,
            records=tuple(item.record for item in known),
            until=running,
            parameter=key,
        )
    return yes(
        "Todos os incidentes foram comunicados em até {} desde a primeira suspeita, ou o atraso foi sanado.",
        said_hours,
        records=tuple(item.record for item in known),
        parameter=key,
    )


def learned_from_operator(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that the court learned of every incident from the operator, or that the fault was mended since."""
    if not facts.incidents:
        return _NO_INCIDENT
    known = [item for item in facts.incidents if when.happened(item.learned_at)]
    if not known:
        return _NO_INCIDENT
    others = [
        item
        for item in known
        if item.source is IncidentSource.THIRD_PARTY
        and (item.reported_at is None or item.reported_at > item.learned_at)
        and not mended(when, "XI", day_of(item.learned_at))
    ]
    if others:
        first = min(others, key=lambda item: item.learned_at)
        return no(
            "O órgão soube do {} por terceiros, em {}, antes de o operador o comunicar.{}",
            Named("incidente", first.record.label),
            first.learned_at,
            also(len(others) - 1),
            records=tuple(item.record for item in others),
        )
    return yes(
        "O órgão soube dos incidentes pelo próprio operador, ou a falta foi sanada.",
        records=tuple(item.record for item in known),
    )


OBLIGATION = Obligation(
    inciso="XI",
    title="Comunicação imediata de incidentes",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["XI"],
            related=(
                ART_25,
                ART_25_P1_CAPUT,
                LGPD_ART_42,
                LGPD_ART_44,
                LGPD_ART_48,
                RES_ANPD_15_ART_6,
                RES_CNJ_396,
            ),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a comunicar de imediato riscos, ameaças e incidentes.",
                    clause_covers("XI"),
                ),
                Requirement(
                    Leg.CONDUCT, "Todo incidente conhecido foi comunicado no prazo.", incidents_reported_in_time
                ),
                Requirement(Leg.CONDUCT, "O órgão soube de cada incidente pelo operador.", learned_from_operator),
                *common_conduct("XI"),
            ),
        ),
    ),
)
