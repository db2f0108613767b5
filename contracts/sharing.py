"""Art. 6º: the formalities of a sharing instrument, what dispenses them, and the regime of the other party.

Two dispensations are easily taken for one. Between people-management units (§ 2º) the duties of art. 14 are not
followed up at all. A law that waives *the instrument* (§ 1º, final part) waives the paper and nothing else: the
operator still has to prove what it does and still has to report incidents, so only what depends on an instrument
falls away.
"""

from dataclasses import dataclass
from datetime import date

from contracts.facts import AgreementFacts, Dispensation, Record
from contracts.norm import (
    ART_6_IV,
    ART_6_P1,
    ART_6_P2,
    ART_6_V,
    ART_14_SOLE_PARAGRAPH,
    PORTARIA_DATED_ON,
    LegalReference,
)
from contracts.obligation import Answer, Circumstances, Named, no, unknown, yes
from contracts.vocabulary import AgreementKind, Coverage, DispensationGround, Formality, Regime, Role
from contracts.workdays import add_months

REVIEW_MONTHS = 24
"""Art. 6º, V: "periodicidade máxima bienal". This number is law, not a parameter; it is counted from date to date."""

PUBLIC_REGIME_REMARK = (
    "Órgão ou entidade pública: as doze obrigações valem, respeitadas as especificidades do regime jurídico próprio "
    "(art. 14, parágrafo único)."
)
JOINT_CONTROLLER_REMARK = (
    "Controlador conjunto: as doze obrigações valem também para ele (art. 14, parágrafo único), observadas as "
    "formalidades do art. 6º, IV."
)
INDEPENDENT_CONTROLLER_REMARK = (
    "O papel registrado é o de controlador independente, mas o art. 14 considera operador quem mantém contrato, "
    "convênio ou instrumento congênere e recebe dados pessoais confiados pelo CNJ: as doze obrigações continuam a ser "
    "avaliadas."
)
INSTRUMENT_WAIVED_REMARK = (
    "A lei dispensa a formalização de instrumento (art. 6º, § 1º, parte final): o aspecto “Previsto” não é avaliado, "
    "e as demais exigências continuam a valer."
)


def _in_effect(facts: AgreementFacts, on: date) -> Dispensation | None:
    found = facts.dispensation
    return found if found is not None and found.decided_on <= on else None


def waiver_of(facts: AgreementFacts, on: date, inciso: str | None = None) -> Answer | None:
    """Return why nothing of art. 14 applies on the day, with ground, person and day of the decision; else ``None``.

    With ``inciso``, also why this one alone does not apply: where a law waives the instrument, there is none to sign
    (IV). A role that is only proposed waives nothing: somebody must have approved it by the day.
    """
    found = _in_effect(facts, on)
    if found is not None:
        if found.ground is DispensationGround.ART_6_P2:
            return _decided(
                "Não se aplica, por força do art. 6º, § 2º: compartilhamento entre unidades de gestão de pessoas para "
                "cumprir obrigação normativa{}. Decidido por {}, em {}.",
                found,
                facts.record,
            )
        if found.ground is DispensationGround.NO_PERSONAL_DATA:
            return _decided(
                "Não se aplica: o acordo não trata dados pessoais{}. Decidido por {}, em {}.", found, facts.record
            )
        if inciso == "IV":
            return _decided(
                "Não se aplica, por força do art. 6º, § 1º, parte final: a lei dispensa a formalização de "
                "instrumento{}. Decidido por {}, em {}.",
                found,
                facts.record,
            )
    role = facts.role
    if role is not None and _approved_role(facts, on) is Role.NO_PERSONAL_DATA:
        return Answer(
            None,
            "Não se aplica: o acordo não trata dados pessoais{}. Papel aprovado por {}, em {}.",
            (_why(role.justification), role.approved_by or "pessoa não informada", role.approved_on),
            (facts.record,),
        )
    return None


def _decided(template: str, found: Dispensation, record: Record) -> Answer:
    who = found.decided_by or "pessoa não informada"
    return Answer(None, template, (_why(found.detail), who, found.decided_on), (record,))


def _why(detail: str) -> str:
    text = detail.strip().rstrip(".")
    return f" ({text})" if text else ""


def instrument_waived(facts: AgreementFacts, on: date) -> bool:
    """Tell whether a law waives the instrument on the day, so that nothing can be asked of one."""
    found = _in_effect(facts, on)
    return found is not None and found.ground is DispensationGround.LAW


# ----------------------------------------------------------------------------------------------------------------------
# The regime of the other party (art. 14, parágrafo único)
# ----------------------------------------------------------------------------------------------------------------------
def _approved_role(facts: AgreementFacts, on: date) -> Role | None:
    decision = facts.role
    if decision is None or decision.approved_on is None or decision.approved_on > on:
        return None
    return decision.role


def related_regime(facts: AgreementFacts, on: date) -> tuple[LegalReference, ...]:
    """Return the provision that extends art. 14 to public bodies and joint controllers, where it bears."""
    special = facts.regime is Regime.PUBLIC or _approved_role(facts, on) is Role.JOINT_CONTROLLER
    return (ART_14_SOLE_PARAGRAPH,) if special else ()


def regime_remarks(facts: AgreementFacts, on: date) -> tuple[str, ...]:
    """Return what a reader must know about the other party; every party keeps all twelve obligations."""
    role = _approved_role(facts, on)
    remarks = []
    if facts.regime is Regime.PUBLIC:
        remarks.append(PUBLIC_REGIME_REMARK)
    if role is Role.JOINT_CONTROLLER:
        remarks.append(JOINT_CONTROLLER_REMARK)
    if role is Role.INDEPENDENT_CONTROLLER:
        remarks.append(INDEPENDENT_CONTROLLER_REMARK)
    if instrument_waived(facts, on):
        remarks.append(INSTRUMENT_WAIVED_REMARK)
    return tuple(remarks)


# ----------------------------------------------------------------------------------------------------------------------
# The formalities of art. 6º
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FormalityFinding:
    """How one formality stands on a day: yes, no or unknown, and why.

    ``label`` is the sentence that should be true. ``quote`` is what the instrument says, when somebody confirmed it.
    ``until`` is the last day on which it holds, or by which it must be done, where there is one.
    """

    formality: Formality
    label: str
    law: LegalReference
    holds: bool | None
    partly: bool
    reason: str
    records: tuple[Record, ...] = ()
    quote: str = ""
    until: date | None = None


def formalities_of(facts: AgreementFacts, when: Circumstances) -> tuple[FormalityFinding, ...]:
    """Judge the eight formalities of art. 6º, in the order of :class:`Formality`."""
    stated = _stated_in_instrument
    return (
        _finding(Formality.KIND, "O tipo do instrumento é um dos que a Portaria admite.", ART_6_IV, _kind(facts, when)),
        _finding(
            Formality.PUBLIC_FUNCTION,
            "O compartilhamento serve ao exercício de função judicial ou a política pública.",
            ART_6_IV,
            _stated_or_recorded(Formality.PUBLIC_FUNCTION, facts.public_function, facts, when),
        ),
        _finding(
            Formality.PURPOSE,
            "O instrumento indica a finalidade do tratamento compartilhado.",
            ART_6_P1,
            stated(Formality.PURPOSE, bool(facts.purpose), facts, when),
        ),
        _finding(
            Formality.CATEGORIES,
            "O instrumento indica as categorias de dados pessoais envolvidos.",
            ART_6_P1,
            stated(Formality.CATEGORIES, bool(facts.data_categories), facts, when),
        ),
        _finding(
            Formality.GUARANTEES,
            "O instrumento prevê garantias de proteção aos direitos dos titulares.",
            ART_6_P1,
            stated(Formality.GUARANTEES, bool(facts.guarantees), facts, when),
        ),
        _finding(
            Formality.SUBJECT_ACCESS,
            "O titular tem acesso facilitado às informações pertinentes.",
            ART_6_P1,
            _stated_or_recorded(Formality.SUBJECT_ACCESS, facts.subject_access, facts, when),
        ),
        _finding(
            Formality.BIENNIAL_REVIEW, "Os dados foram revistos nos últimos dois anos.", ART_6_V, _review(facts, when)
        ),
        _finding(
            Formality.DISPENSATION,
            "A falta de instrumento, se houver, tem fundamento decidido e registrado.",
            ART_6_P2,
            _dispensation(facts, when),
        ),
    )


def _finding(formality: Formality, label: str, law: LegalReference, found: tuple[Answer, str]) -> FormalityFinding:
    answer, quote = found
    return FormalityFinding(
        formality, label, law, answer.holds, answer.partly, answer.reason, answer.records, quote, answer.until
    )


_KINDS = {
    AgreementKind.CONTRATO: "contrato",
    AgreementKind.CONVENIO: "convênio",
    AgreementKind.TERMO_COMPROMISSO: "termo de compromisso",
    AgreementKind.TERMO_COOPERACAO: "termo de cooperação, instrumento congênere",
    AgreementKind.CONGENERE: "instrumento congênere",
}


def _kind(facts: AgreementFacts, when: Circumstances) -> tuple[Answer, str]:
    if facts.kind is not AgreementKind.NONE:
        return yes("O acordo tem a forma de {}.", _KINDS[facts.kind], records=(facts.record,)), ""
    found = _in_effect(facts, when.on)
    if found is not None:
        return _dispensed(found, facts), ""
    return no("O acordo não tem instrumento, e nenhuma dispensa consta do registro.", records=(facts.record,)), ""


def _dispensed(found: Dispensation, facts: AgreementFacts) -> Answer:
    grounds = {
        DispensationGround.ART_6_P2: "o art. 6º, § 2º, dispensa o instrumento",
        DispensationGround.LAW: "a lei dispensa o instrumento",
        DispensationGround.NO_PERSONAL_DATA: "o acordo não trata dados pessoais",
    }
    return yes(
        "Não se exige: {}{}. Decidido por {}, em {}.",
        grounds[found.ground],
        _why(found.detail),
        found.decided_by or "pessoa não informada",
        found.decided_on,
        records=(facts.record,),
    )


def _stated_in_instrument(
    point: Formality, recorded: bool, facts: AgreementFacts, when: Circumstances
) -> tuple[Answer, str]:
    """Judge what § 1º wants *written in the instrument*; an officer's note in the register does not stand for it."""
    found = when.index.readings.get(point.value)
    if found is not None:
        reading, paper = found
        name, records = Named("instrumento", paper.record.label), (paper.record,)
        place = f" ({reading.place})" if reading.place else ""
        if reading.coverage is Coverage.COVERED:
            return yes("Consta do {}{}.", name, place, records=records), reading.quote
        if reading.coverage is Coverage.PARTIAL:
            idea = reading.missing_idea.strip().rstrip(".")
            missing = f"; falta: {idea}" if idea else ""
            answer = no("Consta só em parte do {}{}{}.", name, place, missing, records=records, partly=True)
            return answer, reading.quote
        return no("Não consta do {}.", name, records=records), ""
    dispensation = _in_effect(facts, when.on)
    if dispensation is not None:
        return _dispensed(dispensation, facts), ""
    if facts.kind is AgreementKind.NONE:
        return no("O acordo não tem instrumento em que isso conste.", records=(facts.record,)), ""
    if recorded:
        return unknown(
            "O registro do acordo traz essa informação, mas ninguém conferiu ainda se ela consta do instrumento.",
            records=(facts.record,),
        ), ""
    return unknown("Ninguém conferiu ainda se consta do instrumento.", records=(facts.record,)), ""


def _stated_or_recorded(
    point: Formality, recorded: str | None, facts: AgreementFacts, when: Circumstances
) -> tuple[Answer, str]:
    """Judge what art. 6º wants *to be so*, wherever it is written: in the instrument or in the agreement's record."""
    answer, quote = _stated_in_instrument(point, recorded is not None, facts, when)
    if answer.holds is not True and recorded and recorded.strip():
        return yes("Consta do registro do acordo: {}.", recorded.strip().rstrip("."), records=(facts.record,)), quote
    return answer, quote


def _review(facts: AgreementFacts, when: Circumstances) -> tuple[Answer, str]:
    records = (facts.record,)
    if facts.reviewed_on is not None and facts.reviewed_on <= when.on:
        last = add_months(facts.reviewed_on, REVIEW_MONTHS)
        if when.on <= last:
            return yes(
                "A última revisão é de {}; a próxima é devida até {}.",
                facts.reviewed_on, last, records=records, until=last,
            ), ""  # fmt: skip
        return no(
            "A última revisão é de {}; a seguinte era devida até {}.", facts.reviewed_on, last, records=records
        ), ""
    start = facts.starts_on or facts.signed_on
    if start is None:
        return unknown("Não consta quando os dados foram revistos nem desde quando são tratados.", records=records), ""
    # The Portaria cannot have asked for a review before it existed: for older agreements the two years run from its
    # day.
    first = add_months(max(start, PORTARIA_DATED_ON), REVIEW_MONTHS)
    if when.on <= first:
        return unknown("Nenhuma revisão consta do registro; a primeira é devida até {}.", first, records=records,
                       until=first), ""  # fmt: skip
    return no("Nenhuma revisão consta do registro; a primeira era devida até {}.", first, records=records), ""


def _dispensation(facts: AgreementFacts, when: Circumstances) -> tuple[Answer, str]:
    records = (facts.record,)
    found = _in_effect(facts, when.on)
    if found is None:
        if facts.kind is AgreementKind.NONE:
            return no("O acordo não tem instrumento, e nenhuma dispensa consta do registro.", records=records), ""
        return yes("O acordo tem instrumento: não depende de dispensa.", records=records), ""
    lacking = [
        words
        for words, given in (
            ("a lei que dispensa", found.ground is not DispensationGround.LAW or bool(found.detail.strip())),
            ("quem decidiu", bool(found.decided_by.strip())),
        )
        if not given
    ]
    if lacking:
        return no("Não consta {}.", " nem ".join(lacking), records=records, partly=True), ""
    return _dispensed(found, facts), ""
