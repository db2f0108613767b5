"""Art. 14, I — forma de comunicação de incidentes.

“prestar informações sobre forma de comunicação de incidentes sob responsabilidade do operador”

This is asked before anything happens: through which channel, with what content and reaching whom. The report itself is
inciso XI. Whether the sheet has the minimum content and the escalation is for the person who accepts it to see.
"""

from datetime import timedelta

from contracts.checks import CurrentEvidence, clause_covers, common_conduct, mended, sent, starts_on
from contracts.facts import AgreementFacts, ContactFact, EvidenceFact
from contracts.norm import (
    ART_14,
    LGPD_ART_39,
    LGPD_ART_48,
    LGPD_ART_50,
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
from contracts.vocabulary import ContactRole, EvidenceKind, Leg

# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every agreement.
_INCIDENT_CHANNEL = ContactRole.INCIDENT_CHANNEL
_SHEET = EvidenceKind.INCIDENT_CHANNEL


def _channels(facts: AgreementFacts, when: Circumstances) -> list[ContactFact]:
    return [
        contact
        for contact in facts.contacts
        if contact.role is _INCIDENT_CHANNEL
        and contact.since <= when.on
        and (contact.until is None or when.on <= contact.until)
    ]


def _contact_changed(facts: AgreementFacts, when: Circumstances, sheet: EvidenceFact) -> Answer | None:
    """Void the sheet when the contact changed after it was given and accepted.

    The day of acceptance counts too, because the contact is often put on the register while the sheet is being read.
    """
    known = max(starts_on(sheet), sheet.decided_on or sheet.received_on)
    newer = [contact for contact in _channels(facts, when) if contact.since > known]
    if not newer:
        return None
    return no(
        "O contato para incidentes mudou em {}, depois da {}.",
        max(contact.since for contact in newer),
        Named("evidência", sheet.record.label),
        records=(sheet.record, *(contact.record for contact in newer)),
        partly=True,
    )


def reachable_at_all_hours(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for a contact, in force on the day, that answers at any hour."""
    channels = _channels(facts, when)
    if not channels:
        sheet = sent(
            when, "I", _SHEET, after=(contact.until for contact in facts.contacts if contact.role is _INCIDENT_CHANNEL)
        )
        if sheet is not None:
            return no(
                "A ficha enviada pelo operador foi aceita, mas o contato para incidentes ainda não foi registrado.",
                records=(sheet.record,),
                partly=True,
                asks_for=(),
            )
        return no("Nenhum contato do operador para incidentes está no registro.")
    for contact in channels:
        if contact.reachable_always:
            return yes(
                "O contato do operador para incidentes atende a qualquer hora.",
                records=(contact.record,),
                until=contact.until,
            )
    records = tuple(contact.record for contact in channels)
    if any(contact.reachable_always is None for contact in channels):
        return unknown("Não consta se o contato do operador para incidentes atende a qualquer hora.", records=records)
    return no("O contato do operador para incidentes não atende a qualquer hora.", records=records, partly=True)


_NO_TEST = quiet("Nenhum teste do canal de incidentes está no registro.")


def channel_answers(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that the last test of the channel with a known outcome was answered in time.

    The rules know the day and not the hour: a test nobody answered fails on the day after the one in which its last
    hour fell, so that no operator is accused while the term still runs. A later test that is answered mends an
    earlier one.
    """
    if not facts.channel_tests:
        return _NO_TEST
    hours = when.number("channel_test_answer_hours")
    term = timedelta(hours=hours)
    for test in sorted(facts.channel_tests, key=lambda item: item.tested_at, reverse=True):
        if not when.happened(test.tested_at):
            continue
        answered = test.answered_at if test.answered_at and when.happened(test.answered_at) else None
        if answered is not None and answered - test.tested_at <= term:
            return yes("O teste do canal feito em {}, foi respondido no prazo.", test.tested_at, records=(test.record,))
        last = day_of(test.tested_at + term)
        if answered is None and when.on <= last:
            return yes(
                "O teste do canal feito em {}, ainda pode ser respondido até {}.",
                test.tested_at,
                test.tested_at + term,
                records=(test.record,),
                until=last,
                parameter="channel_test_answer_hours",
            )
        if mended(when, "I", day_of(test.tested_at)):
            return yes(
                "O teste do canal feito em {}, falhou, e a falha foi sanada por ação corretiva.",
                test.tested_at,
                records=(test.record,),
            )
        return no(
            "O teste do canal feito em {}, não foi respondido em {}.",
            test.tested_at,
            counted(hours, "hora", "horas"),
            records=(test.record,),
            parameter="channel_test_answer_hours",
        )
    return _NO_TEST


OBLIGATION = Obligation(
    inciso="I",
    title="Forma de comunicação de incidentes",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["I"],
            related=(LGPD_ART_39, LGPD_ART_48, LGPD_ART_50, RES_ANPD_15_ART_6, RES_CNJ_396),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a informar como comunicará incidentes.",
                    clause_covers("I"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há ficha de comunicação de incidentes aceita, em vigor e com o contato atual.",
                    CurrentEvidence(
                        "I",
                        (EvidenceKind.INCIDENT_CHANNEL,),
                        missing="Nenhuma ficha de comunicação de incidentes está no registro.",
                        refresh="incident_channel_refresh_months",
                        stale=_contact_changed,
                    ),
                    asks_for=(EvidenceKind.INCIDENT_CHANNEL,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há contato para incidentes que atende a qualquer hora.",
                    reachable_at_all_hours,
                    asks_for=(EvidenceKind.INCIDENT_CHANNEL,),
                ),
                Requirement(
                    Leg.CONDUCT, "O canal de incidentes respondeu, no prazo, ao último teste.", channel_answers
                ),
                *common_conduct("I"),
            ),
        ),
    ),
)
