"""How the boletim says what it lists: the sum of the score, each change, each record in a line. For page and papers."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from contracts.facts import AuditFact, EvidenceFact, IncidentFact, InstrumentFact, PersonFact, SubOperatorFact
from contracts.vocabulary import ReviewDecision, Verdict
from vendor_tracker.wording.filters import day, decimal, join_and, lower_first, moment, sentence_case
from vendor_tracker.wording.labels import VERDICT_ORDER, label
from vendor_tracker.wording.plurals import verdict_count

Row = tuple[str, str]
"""What a record is, and what is said of it."""

NO_PAPERS = "Nenhum documento e nenhuma prova em registro."
NO_AUDITS = "Nenhuma auditoria em registro."
NO_INCIDENTS = "Nenhum incidente em registro."


def no_people(*, known: bool) -> str:
    """Say that nobody is listed: because nobody has access, or because nobody has told us who has."""
    return "Consta que ninguém tem acesso." if known else "Ninguém informou ainda quem tem acesso."


def no_sub_operators(uses: bool | None) -> str:
    """Say that no sub-operator is listed: because there is none, or because nobody has told us."""
    if uses is None:
        return "Ninguém informou ainda se há suboperadores."
    return "Há suboperadores, mas nenhum está em registro." if uses else "Consta que não há suboperadores."


_DECIDED = {
    ReviewDecision.ACCEPTED: "aceita",
    ReviewDecision.RETURNED: "devolvida",
    ReviewDecision.FALSE: "considerada falsa",
}


def score_formula(*, value: int | None, exact: Decimal | None, earned: Decimal, weight: int) -> str:
    """Write the sum out: "16,5 ÷ 24 × 100 = 68,75, arredondado para 69"."""
    if value is None or exact is None:
        return "Nenhuma obrigação entra na conta."
    sum_ = f"{decimal(earned)} ÷ {weight} × 100"
    shown = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    if exact == value:
        return f"{sum_} = {value}"
    about = "=" if shown == exact else "≈"
    return f"{sum_} {about} {decimal(shown)}, arredondado para {value}"


def verdict_summary(verdicts: Iterable[Verdict]) -> str:
    """Say how many of each situação: "Cinco atendidas, uma descumprida e uma ainda não exigível"."""
    listed = tuple(verdicts)
    said = [verdict_count(listed.count(verdict), verdict) for verdict in VERDICT_ORDER if verdict in listed]
    return sentence_case(join_and(said))


def change_sentence(inciso: str, before: Verdict | None, after: Verdict, reason: str) -> str:
    """Say a change of situação: "Obrigação IX: de parcial para descumprida. …"."""
    moved = lower_first(label(after))
    if before is not None:
        moved = f"de {lower_first(label(before))} para {moved}"
    return f"Obrigação {inciso}: {moved}. {reason}"


def paper_row(paper: InstrumentFact) -> Row:
    """Say a signed paper: when it was signed, until when it binds, whether both sides signed."""
    said = [f"assinado em {day(paper.signed_on)}" if paper.signed_on else "sem data de assinatura"]
    if paper.in_force_until is not None:
        said.append(f"em vigor até {day(paper.in_force_until)}")
    if paper.published_on is not None:
        said.append(f"publicado em {day(paper.published_on)}")
    if paper.signed_by_both is False:
        said.append("falta assinatura")
    return paper.record.label, sentence_case(", ".join(said))


def proof_row(proof: EvidenceFact) -> Row:
    """Say a proof: what it is, when it came, what was decided, until when it counts."""
    said = [f"{label(proof.kind)}, recebida em {day(proof.received_on)}"]
    if proof.decision is None:
        said.append("ainda não conferida")
    else:
        said.append(_DECIDED[proof.decision] + (f" em {day(proof.decided_on)}" if proof.decided_on else ""))
    if proof.valid_until is not None:
        said.append(f"vale até {day(proof.valid_until)}")
    return proof.record.label, f"{', '.join(said)} ({', '.join(sorted(proof.incisos, key=_order))})"


def _order(inciso: str) -> tuple[int, str]:
    numerals = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
    return (numerals.index(inciso) if inciso in numerals else len(numerals), inciso)


def audit_row(audit: AuditFact) -> Row:
    """Say an audit: how far it has come."""
    if audit.refused_on is not None:
        said = f"recusada pelo operador em {day(audit.refused_on)}"
    elif audit.concluded_on is not None:
        said = f"concluída em {day(audit.concluded_on)}"
    elif audit.performed_on is not None:
        said = f"realizada em {day(audit.performed_on)}, sem conclusão em registro"
    elif audit.planned_on is not None:
        said = f"planejada para {day(audit.planned_on)}"
    else:
        said = "sem data"
    return audit.record.label, sentence_case(said + (", por auditor independente" if audit.independent else ""))


def incident_row(incident: IncidentFact) -> Row:
    """Say an incident: when each side knew of it."""
    said = [f"o órgão soube em {moment(incident.learned_at)}"]
    if incident.suspected_at is not None:
        said.insert(0, f"primeira suspeita em {moment(incident.suspected_at)}")
    if incident.reported_at is not None:
        said.append(f"comunicado pelo operador em {moment(incident.reported_at)}")
    else:
        said.append("sem comunicação do operador")
    return incident.record.label, sentence_case("; ".join(said))


def person_row(person: PersonFact) -> Row:
    """Say an authorised person: since when, the commitment, and whether the access has ended."""
    said = [f"acesso desde {day(person.access_from)}"]
    if person.access_until is not None:
        said.append(f"até {day(person.access_until)}")
    if person.left_on is not None:
        said.append(f"desligada em {day(person.left_on)}")
    said.append(
        f"compromisso assinado em {day(person.committed_on)}" if person.committed_on else "sem compromisso em registro"
    )
    if person.has_need is not True:
        said.append("necessidade do acesso não informada" if person.has_need is None else "sem necessidade do acesso")
    return person.record.label, sentence_case(", ".join(said))


def sub_operator_row(one: SubOperatorFact, on: date) -> Row:
    """Say a sub-operator: whether it was authorised, from which country, and whether it still serves."""
    said = f"autorizado em {day(one.authorised_on)}" if one.authorised_on else "sem autorização em registro"
    where = "no Brasil" if one.country == "BR" else f"país {one.country}"
    ended = f", até {day(one.until)}" if one.until is not None else ""
    late = " (encerrado)" if one.until is not None and one.until < on else ""
    return one.name, sentence_case(f"{said}, {where}{ended}{late}")
