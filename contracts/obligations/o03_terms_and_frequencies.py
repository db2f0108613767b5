"""Art. 14, III — prazos e frequências de comunicações e de envio de registros.

“prestar informações sobre prazos e frequências para comunicações e envio de registros”

The proof is not a paper but a calendar: each line says what is communicated or sent, how often and since when, so that
the product can tell what is late. A termo aditivo may change what is owed; until the calendar is looked at again it may
describe an agreement that no longer exists.
"""

from datetime import date

from contracts.checks import also, clause_covers, common_conduct, sent
from contracts.facts import AgreementFacts, DeliveryFact
from contracts.norm import ART_14, LEI_14133_ART_117, LGPD_ART_6, LGPD_ART_37, LGPD_ART_50, PORTARIA_DATED_ON
from contracts.obligation import Answer, Circumstances, Obligation, Requirement, Version, no, quiet, unknown, yes
from contracts.vocabulary import ActionKind, EvidenceKind, InstrumentKind, Leg
from contracts.workdays import add_months

# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every agreement.
_ADITIVO = InstrumentKind.ADITIVO
_CALENDAR = EvidenceKind.COMMUNICATION_CALENDAR

# The calendar itself is asked for, or registered, by the requirement before this one.
_NOTHING_TO_REVIEW = unknown("Sem calendário no registro, não há o que rever.")._replace(asks_for=())


def _agreed(facts: AgreementFacts, when: Circumstances) -> list[DeliveryFact]:
    return [line for line in facts.calendar if line.agreed_on <= when.on]


def calendar_on_record(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for at least one agreed line; an accepted document whose lines nobody registered is half of it."""
    lines = _agreed(facts, when)
    if lines:
        return yes(
            "O calendário acordado tem {} no registro.",
            f"{len(lines)} {'linha' if len(lines) == 1 else 'linhas'}",
            records=tuple([line.record for line in lines]),
        )
    document = sent(when, "III", _CALENDAR)
    if document is not None:
        return no(
            "O calendário enviado pelo operador foi aceito, mas as suas linhas ainda não foram registradas.",
            records=(document.record,),
            partly=True,
            asks_for=(),
        )
    return no("Nenhum calendário acordado está no registro deste acordo.")


def reviewed_at_every_aditivo(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that every line was reviewed on or after the day of the last termo aditivo."""
    lines = _agreed(facts, when)
    if not lines:
        return _NOTHING_TO_REVIEW
    oldest = lines[0] if len(lines) == 1 else min(lines, key=lambda line: max(line.reviewed_on, line.agreed_on))
    reviewed_on = max(oldest.reviewed_on, oldest.agreed_on)
    later = [
        paper
        for paper in facts.instruments
        if paper.kind is _ADITIVO
        and paper.signed_by_both is not False
        and paper.signed_on is not None
        and reviewed_on < paper.signed_on <= when.on
    ]
    if later:
        newest = max(later, key=lambda paper: paper.signed_on or date.min)
        return no(
            "O calendário foi revisto pela última vez em {}, antes do termo aditivo assinado em {}.",
            reviewed_on,
            newest.signed_on,
            records=(oldest.record, newest.record),
            partly=True,
        )
    return yes("O calendário foi revisto em {}, e nenhum termo aditivo é posterior.", reviewed_on)


def _owed_on(line: DeliveryFact, when: Circumstances) -> date | None:
    """Return the last day for the next delivery of a line, or ``None`` when none is scheduled."""
    if line.next_due_on is not None:
        if line.last_delivered_on is not None and line.last_delivered_on >= line.next_due_on:
            return None
        return line.next_due_on
    if line.months is None:
        return None
    return when.working_day_from(add_months(line.last_delivered_on or line.agreed_on, line.months))


_NO_LINE = quiet("Nenhuma entrega periódica está marcada no registro.")


def deliveries_on_time(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that no scheduled delivery be past its term; nothing is owed after the end of the bond."""
    if not facts.calendar:
        return _NO_LINE
    end = facts.end
    late: list[tuple[date, DeliveryFact]] = []
    coming: date | None = None
    for line in _agreed(facts, when):
        due = _owed_on(line, when)
        if due is None or (end is not None and due > end):
            continue
        if due < when.on:
            late.append((due, line))
        elif coming is None or due < coming:
            coming = due
    if late:
        late.sort(key=lambda item: item[0])
        due, line = late[0]
        return no(
            "A entrega “{}” era devida até {} e não consta.{}",
            line.what,
            due,
            also(len(late) - 1),
            records=tuple(item.record for _, item in late),
            remedy=ActionKind.FORMAL_NOTICE,
        )
    if coming is not None:
        return yes("As entregas marcadas estão em dia; a próxima é devida até {}.", coming, until=coming)
    return _NO_LINE


OBLIGATION = Obligation(
    inciso="III",
    title="Prazos e frequências de envio",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["III"],
            related=(LGPD_ART_6, LGPD_ART_37, LGPD_ART_50, LEI_14133_ART_117),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a informar prazos e frequências de comunicações e registros.",
                    clause_covers("III"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há calendário acordado no registro: cada comunicação, cada registro e a sua frequência.",
                    calendar_on_record,
                    asks_for=(EvidenceKind.COMMUNICATION_CALENDAR,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "O calendário foi revisto desde o último termo aditivo.",
                    reviewed_at_every_aditivo,
                    asks_for=(EvidenceKind.COMMUNICATION_CALENDAR,),
                ),
                Requirement(Leg.CONDUCT, "Nenhuma entrega do calendário passou do prazo.", deliveries_on_time),
                *common_conduct("III"),
            ),
        ),
    ),
)
