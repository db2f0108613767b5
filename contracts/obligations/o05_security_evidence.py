"""Art. 14, V — evidências e garantias das medidas de segurança.

“apresentar evidências e garantias suficientes de que aplica adequado conjunto de medidas técnicas e administrativas de
segurança para a proteção dos dados pessoais, segundo a legislação e os instrumentos contratuais e de compromissos”

“Suficientes” is measured by exposure: somebody else's word where much is at stake, the operator's own word only where
little is. Which tiers ask for what is an administrative parameter. A refusal to give proof is a refused request.
"""

from contracts.checks import CurrentEvidence, also, clause_covers, common_conduct, mended
from contracts.facts import AgreementFacts
from contracts.norm import (
    ART_14,
    LEI_14133_ART_155,
    LGPD_ART_6,
    LGPD_ART_44,
    LGPD_ART_46,
    LGPD_ART_47,
    LGPD_ART_49,
    LGPD_ART_50,
    PORTARIA_DATED_ON,
    RES_CNJ_396,
)
from contracts.obligation import Answer, Circumstances, Named, Obligation, Requirement, Version, no, quiet
from contracts.vocabulary import (
    INDEPENDENT_EVIDENCE,
    SECURITY_EVIDENCE,
    ActionKind,
    EvidenceKind,
    Leg,
    ReviewDecision,
)

_OWN_WORD = (EvidenceKind.SELF_DECLARATION,)
_MORE_THAN_OWN_WORD = tuple(kind for kind in EvidenceKind if kind in SECURITY_EVIDENCE - set(_OWN_WORD))
_ANY = (*_OWN_WORD, *_MORE_THAN_OWN_WORD)
_ASKED_BEYOND_OWN_WORD = (EvidenceKind.SECURITY_POLICY, EvidenceKind.PENETRATION_TEST, EvidenceKind.ISO_27001)
_INDEPENDENT = tuple(kind for kind in EvidenceKind if kind in INDEPENDENT_EVIDENCE)
_ASKED_INDEPENDENT = (EvidenceKind.PENETRATION_TEST, EvidenceKind.ISO_27001, EvidenceKind.AUDIT_REPORT)

_MISSING = "Nenhuma evidência de medidas de segurança está no registro deste acordo."
_any_proof = CurrentEvidence("V", _ANY, _MISSING, scope_known=True)
_more_than_own_word = CurrentEvidence("V", _MORE_THAN_OWN_WORD, _MISSING, scope_known=True)


def security_proof(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for a current proof whose scope covers this service; a self-declaration alone does only in some tiers."""
    found = _more_than_own_word(facts, when)
    if found.holds is True:
        return found
    suffices = when.tiered("self_declaration_suffices")
    own = _any_proof(facts, when)
    if own.holds is not True:
        return own if suffices else found._replace(asks_for=_ASKED_BEYOND_OWN_WORD)
    if suffices:
        return own._replace(parameter="self_declaration_suffices")
    if found.holds is None:
        return found  # Something better has arrived and waits for somebody here to look at it.
    return no(
        "Só há autodeclaração aceita, e ela não basta para a exposição deste acordo.",
        records=own.records,
        partly=True,
        parameter="self_declaration_suffices",
        asks_for=_ASKED_BEYOND_OWN_WORD,
    )


_independent_kind = CurrentEvidence(
    "V", _INDEPENDENT, "Nenhuma evidência independente de segurança está no registro deste acordo.", scope_known=True
)
_NOT_ASKED = quiet("A exposição deste acordo não exige evidência independente.")


def independent_proof(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Ask for an independent proof where the tier demands one."""
    if not when.tiered("independent_proof_tiers"):
        return _NOT_ASKED
    found = _independent_kind(facts, when)
    if found.holds is True:
        return found._replace(parameter="independent_proof_tiers")
    marked = [item for item in when.index.evidence.get("V", ()) if item.independent]
    if marked:
        by_mark = _any_proof(facts, when, marked)
        if by_mark.holds is True:
            return by_mark._replace(parameter="independent_proof_tiers")
    return found._replace(parameter=found.parameter or "independent_proof_tiers")


_NOT_FALSE = quiet("Nenhuma evidência de segurança foi considerada falsa.")


def no_false_proof(facts: AgreementFacts, when: Circumstances) -> Answer:  # noqa: ARG001 - every test is called alike.
    """Ask that no proof of security was found false since the last corrective action about it was concluded."""
    false = [
        item
        for item in when.index.evidence.get("V", ())
        if item.decision is ReviewDecision.FALSE
        and (item.decided_on is None or item.decided_on <= when.on)
        and not mended(when, "V", item.decided_on or item.received_on)
    ]
    if not false:
        return _NOT_FALSE
    first = min(false, key=lambda item: item.decided_on or item.received_on)
    return no(
        "A {} foi considerada falsa em {}.{}",
        Named("evidência", first.record.label),
        first.decided_on or first.received_on,
        also(len(false) - 1),
        records=tuple(item.record for item in false),
        remedy=ActionKind.FORMAL_NOTICE,
    )


OBLIGATION = Obligation(
    inciso="V",
    title="Evidências de segurança",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["V"],
            related=(
                LGPD_ART_6,
                LGPD_ART_44,
                LGPD_ART_46,
                LGPD_ART_47,
                LGPD_ART_49,
                LGPD_ART_50,
                LEI_14133_ART_155,
                RES_CNJ_396,
            ),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a apresentar evidências e garantias das medidas de segurança.",
                    clause_covers("V"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há evidência aceita e em vigor das medidas de segurança, e ela abrange este serviço.",
                    security_proof,
                    asks_for=(*_OWN_WORD, *_ASKED_BEYOND_OWN_WORD),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há evidência independente, quando a exposição do acordo a exige.",
                    independent_proof,
                    asks_for=_ASKED_INDEPENDENT,
                ),
                Requirement(Leg.CONDUCT, "Nenhuma evidência de segurança foi considerada falsa.", no_false_proof),
                *common_conduct("V"),
            ),
        ),
    ),
)
