"""Art. 14, VIII — acesso só a pessoal autorizado.

“facultar acesso a dados pessoais somente para o pessoal autorizado que tenha estrita necessidade respectiva e que tenha
assumido compromisso formal de preservar a confidencialidade e segurança de tais dados, devendo tal compromisso estar
disponível em caráter permanente para exibição ao CNJ, mediante solicitação”

Three tests: strict need, formal commitment, and the commitment permanently at hand to be shown. A periodic review shows
that the first two are still true. Somebody who is yet to enter needs the commitment before the first access, so the
evidence leg looks at everyone on the register and the conduct leg at those who have access today.
"""

from contracts.checks import CurrentEvidence, clause_covers, common_conduct, sent
from contracts.facts import AgreementFacts, PersonFact
from contracts.norm import ART_14, LGPD_ART_6, LGPD_ART_46, LGPD_ART_47, PORTARIA_DATED_ON
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
from contracts.vocabulary import ActionKind, EvidenceKind, Leg, RequestState

# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every agreement.
_REVIEW = EvidenceKind.ACCESS_REVIEW
_COMMITMENT = EvidenceKind.CONFIDENTIALITY_COMMITMENT

_NO_REGISTER = unknown("Ninguém registrou quais pessoas do operador têm acesso aos dados.")
_NOBODY = yes("Consta do registro que nenhuma pessoa do operador tem acesso aos dados.")


def _access_open(person: PersonFact, when: Circumstances) -> bool:
    return person.access_from <= when.on and (person.access_until is None or when.on <= person.access_until)


def _on_register(facts: AgreementFacts, when: Circumstances) -> list[PersonFact]:
    """Return who has access, or is about to have it, and has not left."""
    return [
        person
        for person in facts.people or ()
        if (person.access_until is None or when.on <= person.access_until)
        and (person.left_on is None or when.on <= person.left_on)
    ]


def everyone_has_need(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that everyone on the register has a stated strict need."""
    if facts.people is None:
        review = sent(when, "VIII", _REVIEW)
        if review is None:
            return _NO_REGISTER
        return no(
            "A revisão de acessos enviada pelo operador foi aceita, mas as pessoas ainda não foram registradas.",
            records=(review.record,),
            partly=True,
            asks_for=(),
        )
    people = _on_register(facts, when)
    if not people:
        return _NOBODY
    needless = [person for person in people if person.has_need is False]
    if needless:
        return no(
            "{} sem necessidade estrita de acesso aos dados.",
            counted(len(needless), "pessoa está", "pessoas estão"),
            records=tuple(person.record for person in needless),
            partly=len(needless) < len(people),
        )
    unstated = [person for person in people if person.has_need is None]
    if unstated:
        return unknown(
            "Não consta a necessidade de acesso de {}.",
            counted(len(unstated), "pessoa", "pessoas"),
            records=tuple(person.record for person in unstated),
        )
    return yes("{} necessidade de acesso registrada.", counted(len(people), "pessoa tem", "pessoas têm"))


def everyone_is_committed(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that everyone on the register has signed the commitment."""
    if facts.people is None:
        commitments = sent(when, "VIII", _COMMITMENT)
        if commitments is None:
            return _NO_REGISTER
        return no(
            "Os compromissos enviados pelo operador foram aceitos, mas as pessoas ainda não foram registradas.",
            records=(commitments.record,),
            partly=True,
            asks_for=(),
        )
    people = _on_register(facts, when)
    if not people:
        return _NOBODY
    lacking = [person for person in people if person.committed_on is None or person.committed_on > when.on]
    if lacking:
        return no(
            "{} sem compromisso de confidencialidade assinado.",
            counted(len(lacking), "pessoa está", "pessoas estão"),
            records=tuple(person.record for person in lacking),
            partly=len(lacking) < len(people),
        )
    return yes("{} compromisso de confidencialidade assinado.", counted(len(people), "pessoa tem", "pessoas têm"))


_NOTHING_WRONG = quiet("Não consta acesso de quem saiu nem de quem não assumiu compromisso.")


def nobody_without_right(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask that nobody has access on the day after leaving, or without a commitment."""
    if not facts.people:
        return _NOTHING_WRONG
    on = when.on
    left, uncommitted = [], []
    for person in facts.people:
        if not _access_open(person, when):
            continue
        if person.left_on is not None and person.left_on < on:
            left.append(person)
        elif person.committed_on is None or person.committed_on > on:
            uncommitted.append(person)
    if left:
        return no(
            "{} do operador e continua com acesso aos dados."
            if len(left) == 1
            else "{} do operador e continuam com acesso aos dados.",
            counted(len(left), "pessoa se desligou", "pessoas se desligaram"),
            records=tuple(person.record for person in (*left, *uncommitted)),
        )
    if uncommitted:
        return no(
            "{} acesso aos dados sem ter assinado compromisso de confidencialidade.",
            counted(len(uncommitted), "pessoa tem", "pessoas têm"),
            records=tuple(person.record for person in uncommitted),
        )
    return yes("Quem tem acesso aos dados assinou compromisso e continua a serviço do operador.")


_NOT_ASKED = quiet("Nenhum pedido de exibição dos compromissos está sem resposta.")


def commitments_shown(facts: AgreementFacts, when: Circumstances) -> Answer:  # noqa: ARG001 - tests are called alike.
    """Ask that the commitments were shown within the term of exhibition.

    The Portaria wants them permanently at hand, so this term runs from the day of asking, and a longer term written
    on the request for the rest of its items does not extend it; the item itself tells the operator so. What was shown
    and given back runs on the new term of the request, like any other item.
    """
    coming = None
    for request in when.index.requests.get("VIII", ()):
        if request.evidence_kind is not EvidenceKind.CONFIDENTIALITY_COMMITMENT:
            continue
        if request.state is not RequestState.OPEN or request.unreached:
            continue
        days = when.number("commitment_exhibition_days")
        last = when.working_days_after(request.opened_on, days)
        if last < when.on:
            return no(
                "Os compromissos pedidos em {} na {} não foram exibidos em {}.",
                request.opened_on,
                Named("requisição", request.record.label),
                counted(days, "dia útil", "dias úteis"),
                records=(request.record,),
                parameter="commitment_exhibition_days",
                remedy=ActionKind.FORMAL_NOTICE,
            )
        coming = last if coming is None else min(coming, last)
    if coming is None:
        return _NOT_ASKED
    return yes(
        "Os compromissos pedidos podem ser exibidos até {}.",
        coming,
        until=coming,
        parameter="commitment_exhibition_days",
    )


OBLIGATION = Obligation(
    inciso="VIII",
    title="Acesso restrito e compromisso formal",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["VIII"],
            related=(LGPD_ART_6, LGPD_ART_46, LGPD_ART_47),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento só admite acesso de pessoas com necessidade e compromisso, sempre exibível.",
                    clause_covers("VIII"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Todas as pessoas do registro têm necessidade estrita de acesso.",
                    everyone_has_need,
                    asks_for=(EvidenceKind.ACCESS_REVIEW,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Todas as pessoas do registro assinaram compromisso de confidencialidade.",
                    everyone_is_committed,
                    asks_for=(EvidenceKind.CONFIDENTIALITY_COMMITMENT,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há revisão de acessos aceita e em vigor.",
                    CurrentEvidence(
                        "VIII",
                        (EvidenceKind.ACCESS_REVIEW,),
                        missing="Nenhuma revisão de acessos está no registro deste acordo.",
                        refresh="access_review_months",
                    ),
                    asks_for=(EvidenceKind.ACCESS_REVIEW,),
                ),
                Requirement(
                    Leg.CONDUCT, "Ninguém tem acesso depois de se desligar nem sem compromisso.", nobody_without_right
                ),
                Requirement(Leg.CONDUCT, "Os compromissos foram exibidos ao CNJ quando pedidos.", commitments_shown),
                *common_conduct("VIII"),
            ),
        ),
    ),
)
