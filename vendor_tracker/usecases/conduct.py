"""What happened under an agreement: audits, corrective actions, incidents, instructions, people, disposal.

A fact is never rewritten: correcting it records a new version of the same lineage, and the older one stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from contracts.norm import ART_14, ART_14_CAPUT
from contracts.vocabulary import INCISOS
from contracts.workdays import add_months
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import conduct as store
from vendor_tracker.store import papers, proofs, rulebook
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.filing import FileView, Upload
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.judging import Change, policy_of, rejudge, workdays_of
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

LONGEST_TEXT = 10_000
Values = Mapping[str, Any]
Typed = dict[str, Any]
Event = tuple[date | datetime, str]


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: its names, its inciso, why it is put on record, and how it is checked and told."""

    record: str
    """Slug of the record, as in :class:`contracts.facts.Record`."""
    slug: str
    """How addresses name it."""
    name: str
    plural: str
    register: str
    """The verb and its object, for a button: "Registrar auditoria"."""
    cause: str
    """What a change of verdict names as its cause: "Auditoria registrada"."""
    inciso: str
    """The inciso it speaks to; empty when the fact itself says which."""
    why: str
    check: Callable[[Work, AgreementHead, Typed], None]
    label: Callable[[Any], str]
    events: Callable[[Any], list[Event]]
    standing: Callable[[Any, date], str]
    fields: tuple[str, ...]
    takes_file: bool = False

    @property
    def law_text(self) -> str:
        """The words of the provision that asks for it."""
        return (ART_14[self.inciso].text if self.inciso else ART_14_CAPUT.text) or ""

    @property
    def law_place(self) -> str:
        """Where those words stand."""
        return ART_14[self.inciso].short_citation if self.inciso else ART_14_CAPUT.short_citation


# ----------------------------------------------------------------------------------------------------------------------
# Checks that several kinds share
# ----------------------------------------------------------------------------------------------------------------------


def _need(values: Typed, field: str, sentence: str) -> None:
    value = values.get(field)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise UseCaseError(sentence, field=field)


def _past(work: Work, values: Typed, *fields: str) -> None:
    """Refuse what has not happened yet: plans have fields of their own."""
    for field in fields:
        value = values.get(field)
        late = value is not None and (value > work.now if isinstance(value, datetime) else value > work.today)
        if late:
            message = "Este momento ainda não chegou." if isinstance(value, datetime) else "Este dia ainda não chegou."
            raise UseCaseError(message, field=field)


def _order(values: Typed, first: str, then: str, sentence: str) -> None:
    before, after = values.get(first), values.get(then)
    if before is not None and after is not None and after < before:
        raise UseCaseError(sentence, field=then)


def _inciso(work: Work, values: Typed) -> None:
    codes = {*INCISOS, *(row.code for row in rulebook.further_obligations(work.session))}
    if values.get("inciso") not in codes:
        message = "Escolha o inciso a que o fato se refere."
        raise UseCaseError(message, field="inciso")


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _until(due: date | None, today: date) -> str:
    if due is None:
        return "em aberto, sem prazo"
    return f"em aberto, prazo vencido em {_day(due)}" if due < today else f"em aberto, com prazo até {_day(due)}"


def _dated(*pairs: tuple[date | datetime | None, str]) -> list[Event]:
    return [(when, text) for when, text in pairs if when is not None]


# ----------------------------------------------------------------------------------------------------------------------
# The ten kinds
# ----------------------------------------------------------------------------------------------------------------------


def _check_audit(work: Work, _head: AgreementHead, values: Typed) -> None:
    _need(values, "title", "Diga o que foi ou será auditado.")
    _past(work, values, "performed_on", "concluded_on", "refused_on")
    if not any(values.get(name) for name in ("planned_on", "performed_on", "refused_on")):
        message = "Informe ao menos o dia planejado."
        raise UseCaseError(message, field="planned_on")
    if values.get("refused_on") and values.get("performed_on"):
        message = "A auditoria foi feita ou foi recusada, não as duas."
        raise UseCaseError(message, field="refused_on")
    if values.get("concluded_on"):
        _need(values, "performed_on", "Informe quando a auditoria foi feita, antes de concluí-la.")
    _order(values, "performed_on", "concluded_on", "A conclusão é anterior à auditoria.")


def _audit_events(row: Any) -> list[Event]:
    name = f"Auditoria “{row.title}”"
    return _dated(
        (row.planned_on, f"{name}: dia planejado"),
        (row.performed_on, f"{name} realizada{' por auditor independente' if row.independent else ''}"),
        (row.concluded_on, f"{name} concluída"),
        (row.refused_on, f"{name} recusada pelo operador"),
    )


def _audit_standing(row: Any, today: date) -> str:
    if row.refused_on:
        return f"recusada pelo operador em {_day(row.refused_on)}"
    if row.concluded_on:
        return f"concluída em {_day(row.concluded_on)}"
    if row.performed_on:
        return f"realizada em {_day(row.performed_on)}, sem conclusão"
    return f"planejada para {_day(row.planned_on)}" + (", não realizada" if row.planned_on < today else "")


def _check_corrective_action(work: Work, head: AgreementHead, values: Typed) -> None:
    _inciso(work, values)
    _need(values, "description", "Diga o que o operador deve corrigir.")
    _need(values, "due_on", "Informe o prazo dado ao operador.")
    _past(work, values, "done_on")
    lineage = values.get("audit_lineage")
    if lineage is not None:
        audit = store.current_fact(work.session, "audit", lineage)
        if audit is None or audit.agreement_id != head.id:
            message = "Escolha uma auditoria deste acordo."
            raise UseCaseError(message, field="audit_lineage")


def _check_deviation(work: Work, _head: AgreementHead, values: Typed) -> None:
    _inciso(work, values)
    _need(values, "description", "Descreva o fato que mostra o descumprimento.")
    _need(values, "found_on", "Informe o dia em que o fato foi constatado.")
    _past(work, values, "found_on", "settled_on")
    _order(values, "found_on", "settled_on", "A solução é anterior à constatação.")


def _check_incident(work: Work, _head: AgreementHead, values: Typed) -> None:
    _need(values, "title", "Dê um nome ao incidente.")
    _need(values, "learned_at", "Informe quando o órgão soube.")
    _need(values, "source", "Diga por quem o órgão soube.")
    _past(work, values, "suspected_at", "learned_at", "reported_at")
    _order(values, "suspected_at", "learned_at", "O órgão não pode ter sabido antes da primeira suspeita.")
    _order(values, "suspected_at", "reported_at", "A comunicação é anterior à primeira suspeita.")


def _incident_standing(row: Any, _today: date) -> str:
    if row.reported_at is None:
        return "sem comunicação formal do operador"
    return f"comunicado em {row.reported_at.astimezone(clock.SAO_PAULO):%d/%m/%Y, às %Hh%M}"


def _check_instruction(work: Work, _head: AgreementHead, values: Typed) -> None:
    _need(values, "text", "Escreva a instrução.")
    _need(values, "sent_on", "Informe o dia do envio.")
    _past(work, values, "sent_on", "acknowledged_on", "done_on")
    _order(values, "sent_on", "due_on", "O prazo é anterior ao envio.")
    _order(values, "sent_on", "acknowledged_on", "A ciência é anterior ao envio.")
    _order(values, "sent_on", "done_on", "O cumprimento é anterior ao envio.")


def _instruction_standing(row: Any, today: date) -> str:
    if row.done_on:
        return f"cumprida em {_day(row.done_on)}"
    known = f"ciência em {_day(row.acknowledged_on)}; " if row.acknowledged_on else "sem ciência; "
    return known + _until(row.due_on, today)


def _check_assistance(work: Work, head: AgreementHead, values: Typed) -> None:
    _need(values, "subject", "Diga o assunto do pedido, sem identificar o titular.")
    _need(values, "asked_on", "Informe o dia do pedido.")
    _past(work, values, "asked_on", "answered_on")
    if values.get("due_on") is None:
        values["due_on"] = _assistance_due(work, head, values["asked_on"])
    _order(values, "asked_on", "due_on", "O prazo é anterior ao pedido.")
    _order(values, "asked_on", "answered_on", "A resposta é anterior ao pedido.")


def _assistance_due(work: Work, head: AgreementHead, asked_on: date) -> date:
    """Return the term that applies when none was written: the one agreed with the operator, else the parameter."""
    facts = load_facts(work.session, [head.id], on=work.today)[head.id]
    agreed = facts.assistance_term_days
    days = policy_of(work.session).on(work.today).number("assistance_term_days") if agreed is None else agreed
    return workdays_of(work.session, (asked_on.year, asked_on.year + 2)).add_working(asked_on, days)


def _check_person(work: Work, _head: AgreementHead, values: Typed) -> None:
    _need(values, "label", "Identifique a pessoa pelas iniciais ou pela matrícula.")
    _need(values, "access_from", "Informe desde quando a pessoa tem acesso.")
    _past(work, values, "committed_on", "left_on")
    _order(values, "access_from", "access_until", "O fim do acesso é anterior ao começo.")
    _order(values, "access_from", "left_on", "A saída é anterior ao começo do acesso.")
    if values.get("has_need"):
        _need(values, "need", "Diga por que a pessoa precisa do acesso.")


def _person_standing(row: Any, today: date) -> str:
    signed = f"compromisso de {_day(row.committed_on)}" if row.committed_on else "sem compromisso assinado"
    if row.access_until and row.access_until < today:
        return f"acesso encerrado em {_day(row.access_until)}; {signed}"
    if row.left_on:
        return f"saiu em {_day(row.left_on)} e ainda tem acesso; {signed}"
    return f"com acesso desde {_day(row.access_from)}; {signed}"


def _check_delivery(work: Work, _head: AgreementHead, values: Typed) -> None:
    _need(values, "what", "Diga o que será enviado.")
    _need(values, "agreed_on", "Informe quando o envio foi combinado.")
    _past(work, values, "agreed_on", "reviewed_on", "last_delivered_on")
    months = values.get("months")
    if months is not None and not 1 <= months <= 120:
        message = "Informe de 1 a 120 meses, ou deixe em branco quando for por evento."
        raise UseCaseError(message, field="months")
    values["reviewed_on"] = values.get("reviewed_on") or values["agreed_on"]
    _order(values, "agreed_on", "reviewed_on", "A revisão é anterior ao combinado.")
    _order(values, "agreed_on", "last_delivered_on", "A entrega é anterior ao combinado.")
    _order(values, "agreed_on", "until", "O fim é anterior ao combinado.")
    if values.get("next_due_on") is None and months is not None:
        values["next_due_on"] = add_months(values.get("last_delivered_on") or values["agreed_on"], months)


def _delivery_standing(row: Any, today: date) -> str:
    often = "por evento" if row.months is None else "todo mês" if row.months == 1 else f"a cada {row.months} meses"
    if row.until and row.until < today:
        return f"{often}, encerrado em {_day(row.until)}"
    if row.next_due_on is None:
        return often
    late = f"vencido em {_day(row.next_due_on)}" if row.next_due_on < today else f"próximo até {_day(row.next_due_on)}"
    return f"{often}, {late}"


def _check_channel_test(work: Work, _head: AgreementHead, values: Typed) -> None:
    _need(values, "tested_at", "Informe quando o canal foi testado.")
    _past(work, values, "tested_at", "answered_at")
    _order(values, "tested_at", "answered_at", "A resposta é anterior ao teste.")


def _channel_standing(row: Any, _today: date) -> str:
    if row.answered_at is None:
        return "sem resposta"
    minutes = int((row.answered_at - row.tested_at).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return f"respondido em {f'{hours} h e ' if hours else ''}{rest} min"


def _check_disposal(work: Work, head: AgreementHead, values: Typed) -> None:
    _need(values, "trigger", "Diga por que o tratamento terminou.")
    _need(values, "triggered_on", "Informe o dia em que o tratamento terminou.")
    _past(work, values, "triggered_on", "accepted_on")
    _order(values, "triggered_on", "due_on", "O prazo é anterior ao fim do tratamento.")
    _order(values, "triggered_on", "accepted_on", "A aceitação é anterior ao fim do tratamento.")
    proof = values.get("evidence_id")
    if proof is not None and proof not in {each for each, _ in proofs.disposal_evidence_of(work.session, head.id)}:
        message = "Escolha um comprovante de descarte aceito deste acordo."
        raise UseCaseError(message, field="evidence_id")
    if values.get("accepted_on") is None:
        return
    _need(values, "evidence_id", "Para encerrar, escolha o comprovante de descarte que foi aceito.")
    _need(values, "manner", "Diga se os dados foram devolvidos ou descartados.")
    for name in ("covers_copies", "covers_backups", "covers_sub_operators"):
        if values.get(name) is None:
            message = "Confira no comprovante e responda antes de encerrar."
            raise UseCaseError(message, field=name)


def _disposal_standing(row: Any, today: date) -> str:
    if row.accepted_on:
        return f"comprovado e encerrado em {_day(row.accepted_on)}"
    return _until(row.due_on, today)


def _short(text: str, length: int = 90) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[: length - 1].rsplit(' ', 1)[0]}…"


KINDS: Mapping[str, FactKind] = {
    kind.slug: kind
    for kind in (
        FactKind(
            "incident",
            "incidente",
            "Incidente",
            "Incidentes",
            "Registrar incidente",
            "Incidente registrado",
            "XI",
            "O prazo de comunicação conta da primeira suspeita do operador. As horas decidem a situação: "
            "registre-as como ocorreram, no horário de Brasília.",
            _check_incident,
            lambda row: row.title,
            lambda row: _dated(
                (row.suspected_at, f"Primeira suspeita do operador: {row.title}"),
                (row.learned_at, f"O órgão soube do incidente: {row.title}"),
                (row.reported_at, f"Comunicação formal do operador: {row.title}"),
            ),
            _incident_standing,
            ("title", "description", "suspected_at", "reported_at", "learned_at", "source", "delay_reason"),
        ),
        FactKind(
            "audit",
            "auditoria",
            "Auditoria",
            "Auditorias",
            "Registrar auditoria",
            "Auditoria registrada",
            "IX",
            "O operador deve permitir e contribuir com auditorias do órgão ou de auditor independente. A recusa "
            "descumpre o inciso.",
            _check_audit,
            lambda row: row.title,
            _audit_events,
            _audit_standing,
            ("title", "planned_on", "performed_on", "concluded_on", "refused_on", "independent", "conclusion"),
            takes_file=True,
        ),
        FactKind(
            "corrective_action",
            "acao-corretiva",
            "Ação corretiva",
            "Ações corretivas",
            "Exigir ação corretiva",
            "Ação corretiva registrada",
            "",
            "O que o operador deve corrigir, e até quando. Vencido o prazo sem correção, a obrigação do inciso fica "
            "descumprida.",
            _check_corrective_action,
            lambda row: _short(row.description),
            lambda row: _dated(
                (row.due_on, f"Prazo da ação corretiva: {_short(row.description)}"),
                (row.done_on, f"Ação corretiva cumprida: {_short(row.description)}"),
            ),
            lambda row, today: f"cumprida em {_day(row.done_on)}" if row.done_on else _until(row.due_on, today),
            ("audit_lineage", "inciso", "description", "due_on", "done_on"),
        ),
        FactKind(
            "deviation",
            "ocorrencia",
            "Ocorrência",
            "Ocorrências",
            "Registrar ocorrência",
            "Ocorrência registrada",
            "",
            "Um fato que mostra o descumprimento e que nenhum outro registro guarda: registros alterados, operação "
            "sem registro, uso para outra finalidade, dados encontrados depois do descarte.",
            _check_deviation,
            lambda row: _short(row.description),
            lambda row: _dated(
                (row.found_on, f"Ocorrência constatada: {_short(row.description)}"),
                (row.settled_on, f"Ocorrência sanada: {_short(row.description)}"),
            ),
            lambda row, _today: f"sanada em {_day(row.settled_on)}" if row.settled_on else "não sanada",
            ("inciso", "description", "found_on", "settled_on"),
        ),
        FactKind(
            "instruction",
            "instrucao",
            "Instrução",
            "Instruções",
            "Registrar instrução",
            "Instrução registrada",
            "VII",
            "O operador trata os dados segundo as diretrizes e instruções do órgão. O que foi enviado, e se houve "
            "ciência e cumprimento, precisa estar provado.",
            _check_instruction,
            lambda row: _short(row.text),
            lambda row: _dated(
                (row.sent_on, f"Instrução enviada: {_short(row.text)}"),
                (row.acknowledged_on, f"Ciência da instrução: {_short(row.text)}"),
                (row.done_on, f"Instrução cumprida: {_short(row.text)}"),
            ),
            _instruction_standing,
            ("text", "sent_on", "due_on", "acknowledged_on", "done_on"),
        ),
        FactKind(
            "assistance",
            "auxilio",
            "Pedido de auxílio",
            "Pedidos de auxílio",
            "Registrar pedido de auxílio",
            "Pedido de auxílio registrado",
            "X",
            "O operador auxilia o órgão perante titulares, autoridades e outros legítimos interessados. Não escreva "
            "o nome nem outro dado do titular.",
            _check_assistance,
            lambda row: row.subject,
            lambda row: _dated(
                (row.asked_on, f"Auxílio pedido: {row.subject}"),
                (row.answered_on, f"Auxílio prestado: {row.subject}"),
            ),
            lambda row, today: f"prestado em {_day(row.answered_on)}" if row.answered_on else _until(row.due_on, today),
            ("subject", "asked_on", "due_on", "answered_on"),
        ),
        FactKind(
            "person",
            "pessoa",
            "Pessoa autorizada",
            "Pessoas autorizadas",
            "Registrar pessoa autorizada",
            "Pessoa autorizada registrada",
            "VIII",
            "Só tem acesso quem precisa e assinou o compromisso de confidencialidade. Use iniciais ou matrícula: o "
            "nome e o CPF não são necessários aqui.",
            _check_person,
            lambda row: f"{row.label}{f', {row.function}' if row.function else ''}",
            lambda row: _dated(
                (row.committed_on, f"Compromisso assinado por {row.label}"),
                (row.access_from, f"Acesso concedido a {row.label}"),
                (row.left_on, f"{row.label} deixou o operador"),
                (row.access_until, f"Acesso de {row.label} encerrado"),
            ),
            _person_standing,
            ("label", "function", "has_need", "need", "committed_on", "access_from", "access_until", "left_on"),
            takes_file=True,
        ),
        FactKind(
            "calendar",
            "envio",
            "Envio combinado",
            "Calendário de envios",
            "Registrar envio combinado",
            "Envio combinado registrado",
            "III",
            "O que o operador envia, com que frequência e a quem. O calendário é parte do que a Portaria manda "
            "estabelecer.",
            _check_delivery,
            lambda row: row.what,
            lambda row: _dated(
                (row.agreed_on, f"Envio combinado: {row.what}"),
                (row.last_delivered_on, f"Última entrega: {row.what}"),
                (row.next_due_on, f"Próxima entrega: {row.what}"),
            ),
            _delivery_standing,
            ("what", "to_whom", "months", "agreed_on", "reviewed_on", "last_delivered_on", "next_due_on", "until"),
        ),
        FactKind(
            "channel_test",
            "teste-do-canal",
            "Teste do canal",
            "Testes do canal de incidentes",
            "Registrar teste do canal",
            "Teste do canal registrado",
            "I",
            "Um canal que ninguém testou pode não responder quando for preciso. Registre a hora do teste e a da "
            "resposta, no horário de Brasília.",
            _check_channel_test,
            lambda row: f"Teste de {row.tested_at.astimezone(clock.SAO_PAULO):%d/%m/%Y, às %Hh%M}",
            lambda row: _dated(
                (row.tested_at, "Canal de incidentes testado"),
                (row.answered_at, "O operador respondeu ao teste do canal"),
            ),
            _channel_standing,
            ("tested_at", "answered_at", "note"),
        ),
        FactKind(
            "disposal",
            "descarte",
            "Devolução ou descarte",
            "Devolução ou descarte",
            "Registrar devolução ou descarte",
            "Devolução ou descarte registrado",
            "XII",
            "Terminado o tratamento, o operador devolve ou descarta os dados e o prova. O acordo só se encerra com "
            "o comprovante aceito.",
            _check_disposal,
            lambda row: f"Fim do tratamento em {_day(row.triggered_on)}",
            lambda row: _dated(
                (row.triggered_on, "Fim do tratamento"),
                (row.due_on, "Prazo para provar a devolução ou o descarte"),
                (row.accepted_on, "Devolução ou descarte comprovado: acordo encerrado"),
            ),
            _disposal_standing,
            (
                "trigger",
                "triggered_on",
                "due_on",
                "manner",
                "covers_copies",
                "covers_backups",
                "covers_sub_operators",
                "evidence_id",
                "accepted_on",
            ),
        ),
    )
}
"""Every kind of fact by the name that addresses use, in the order of the page."""

SLUGS: Mapping[str, str] = {kind.record: kind.slug for kind in KINDS.values()}
"""The name that addresses use for each record slug."""


# ----------------------------------------------------------------------------------------------------------------------
# Page values
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in a list: its name and how it stands today."""

    lineage: int
    label: str
    inciso: str
    standing: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one kind."""

    kind: FactKind
    lines: tuple[FactLine, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, or is due: a day or a moment, and the fact it belongs to."""

    when: date | datetime
    text: str
    slug: str
    lineage: int
    ahead: bool


@dataclass(frozen=True, slots=True)
class ConductPage:
    """Everything on record about how an agreement was carried out."""

    title: str
    agreement: AgreementHead
    groups: tuple[FactGroup, ...]
    happenings: tuple[Happening, ...]
    """Newest first, what is still to come on top."""


@dataclass(frozen=True, slots=True)
class FactVersion:
    """One version of a fact, with who recorded it."""

    recorded_at: datetime
    recorded_by: str
    values: Values


@dataclass(frozen=True, slots=True)
class FactPage:
    """A fact, its form's choices, and its history. ``lineage`` is ``None`` for a new one."""

    title: str
    kind: FactKind
    agreement: AgreementHead
    lineage: int | None
    values: Values
    standing: str
    file: FileView | None
    versions: tuple[FactVersion, ...]
    incisos: tuple[tuple[str, str], ...]
    """Code and title; the title of the twelve is empty, because it is a label."""
    audits: tuple[tuple[int, str], ...]
    proofs: tuple[tuple[int, str], ...]
    """Accepted proofs of disposal."""


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------


def kind_of(slug: str) -> FactKind:
    """Return the kind with this name; raises :class:`NotFoundError`."""
    if slug not in KINDS:
        message = "Este tipo de registro não existe."
        raise NotFoundError(message)
    return KINDS[slug]


def index(*, agreement_id: int) -> ConductPage:
    """Return everything on record about how an agreement was carried out, in a fixed number of queries."""
    today = clock.today()
    with look() as session:
        head = head_of(session, agreement_id)
        facts = store.current_facts(session, agreement_id)
        groups = tuple(
            FactGroup(
                kind,
                tuple(
                    FactLine(
                        row.lineage, kind.label(row), getattr(row, "inciso", kind.inciso), kind.standing(row, today)
                    )
                    for row in reversed(facts[kind.record])
                ),
            )
            for kind in KINDS.values()
        )
        happenings = [
            Happening(when, text, kind.slug, row.lineage, _as_day(when) > today)
            for kind in KINDS.values()
            for row in facts[kind.record]
            for when, text in kind.events(row)
        ]
    happenings.sort(key=lambda each: (_as_moment(each.when), each.lineage), reverse=True)
    return ConductPage("Cumprimento", head, groups, tuple(happenings))


def _as_day(when: date | datetime) -> date:
    return clock.day_of(when) if isinstance(when, datetime) else when


def _as_moment(when: date | datetime) -> datetime:
    return when if isinstance(when, datetime) else clock.start_of(when)


def _choices(session: Session, head: AgreementHead, kind: FactKind) -> dict[str, Any]:
    further = tuple((row.code, row.title) for row in rulebook.further_obligations(session))
    audits = store.facts_of_kind(session, head.id, "audit") if "audit_lineage" in kind.fields else []
    return {
        "incisos": (*((inciso, "") for inciso in INCISOS), *further),
        "audits": tuple((row.lineage, row.title) for row in audits),
        "proofs": tuple(proofs.disposal_evidence_of(session, head.id)) if "evidence_id" in kind.fields else (),
    }


def new_fact(*, agreement_id: int, slug: str) -> FactPage:
    """Return what the form of a new fact needs."""
    kind = kind_of(slug)
    with look() as session:
        head = head_of(session, agreement_id)
        defaults: Typed = {}
        if kind.record == "disposal":
            defaults = _disposal_defaults(session, head)
        return FactPage(
            title=kind.register,
            kind=kind,
            agreement=head,
            lineage=None,
            values=defaults,
            standing="",
            file=None,
            versions=(),
            **_choices(session, head, kind),
        )


def _disposal_defaults(session: Session, head: AgreementHead) -> Typed:
    """Propose the end that is already on record."""
    facts = load_facts(session, [head.id], on=clock.today())[head.id]
    ended = facts.end if facts.end is not None and facts.end <= clock.today() else None
    return {"trigger": facts.end_reason, "triggered_on": ended}


def show(actor: Actor, *, slug: str, lineage: int) -> FactPage:
    """Return a fact with its history; raises :class:`NotFoundError`."""
    kind = kind_of(slug)
    with look() as session:
        row = _current(session, kind, lineage)
        head = head_of(session, row.agreement_id)
        file = papers.stored_file(session, row.file_id) if kind.takes_file else None
        return FactPage(
            title=f"{kind.name}: {kind.label(row)}",
            kind=kind,
            agreement=head,
            lineage=lineage,
            values=_values(kind, row),
            standing=kind.standing(row, clock.today()),
            file=None if file is None else filing.view_of(file, actor, secret=head.secret),
            versions=tuple(
                FactVersion(version.recorded_at, name, _values(kind, version))
                for version, name in store.versions(session, kind.record, lineage)
            ),
            **_choices(session, head, kind),
        )


def _current(session: Session, kind: FactKind, lineage: int) -> Any:
    row = store.current_fact(session, kind.record, lineage)
    if row is None:
        message = "Este registro não existe."
        raise NotFoundError(message)
    return row


def _values(kind: FactKind, row: Any) -> Values:
    return {name: getattr(row, name) for name in kind.fields}


# ----------------------------------------------------------------------------------------------------------------------
# Recording
# ----------------------------------------------------------------------------------------------------------------------


def _checked(work: Work, kind: FactKind, head: AgreementHead, values: Values) -> Typed:
    """Return the values ready for the table; raises :class:`UseCaseError` beside the first field that is wrong."""
    unknown = values.keys() - set(kind.fields)
    if unknown:
        message = f"{kind.record} has no fields {sorted(unknown)}"
        raise TypeError(message)
    clean = {
        name: value.strip() if isinstance(value, str) and not hasattr(value, "name") else value
        for name, value in values.items()
    }
    for name, value in clean.items():
        longest = _longest(kind, name)
        if isinstance(value, str) and len(value) > longest:
            message = f"Use no máximo {longest} caracteres."
            raise UseCaseError(message, field=name)
    kind.check(work, head, clean)
    return clean


def _longest(kind: FactKind, field: str) -> int:
    length = store.longest(kind.record, field)
    return LONGEST_TEXT if length is None else length


def record(
    actor: Actor, files: FileStore, *, agreement_id: int, slug: str, values: Values, upload: Upload | None = None
) -> int:
    """Put a fact on record; returns its lineage. ``values`` are by the names of :attr:`FactKind.fields`."""
    kind = kind_of(slug)
    with act(actor) as work:
        head = head_of(work.session, agreement_id)
        clean = _checked(work, kind, head, values)
        if kind.record == "disposal":
            _only_case(work, head)
        if kind.takes_file:
            clean["file_id"] = filing.receive_upload(work, files, upload, restricted=head.secret)
        table: Any = store.TABLES[kind.record]
        row = table(agreement_id=agreement_id, recorded_at=work.now, recorded_by_id=actor.user_id, **clean)
        work.session.add(row)
        work.session.flush()
        rejudge(work, [agreement_id], cause=kind.cause)
        work.trail(
            f"{kind.record}_recorded",
            kind.record,
            row.lineage,
            f"{kind.cause} em {head.label}: {kind.label(row)}.",
            {"agreement": agreement_id, **clean},
        )
        return int(row.lineage)


def _only_case(work: Work, head: AgreementHead) -> None:
    if any(row.accepted_on is None for row in store.facts_of_kind(work.session, head.id, "disposal")):
        message = "Já há um caso de devolução ou descarte em aberto neste acordo. Complete-o em vez de abrir outro."
        raise ConflictError(message)


def revise(
    actor: Actor, files: FileStore, *, slug: str, lineage: int, values: Values, upload: Upload | None = None
) -> tuple[Change, ...]:
    """Record a new version of a fact; returns the verdicts that changed.

    A version that says the same is not recorded.
    """
    kind = kind_of(slug)
    with act(actor) as work:
        row = _current(work.session, kind, lineage)
        head = head_of(work.session, row.agreement_id)
        clean = _checked(work, kind, head, values)
        if kind.takes_file:
            kept = filing.receive_upload(work, files, upload, restricted=head.secret)
            clean["file_id"] = row.file_id if kept is None else kept
        if all(getattr(row, name) == value for name, value in clean.items()):
            return ()
        newer = row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, **clean)
        work.session.add(newer)
        work.session.flush()
        changes = rejudge(work, [head.id], cause=f"{kind.cause}: registro atualizado")
        work.trail(
            f"{kind.record}_revised",
            kind.record,
            lineage,
            f"Registro atualizado em {head.label}: {kind.name.lower()}, {kind.label(newer)}.",
            {"agreement": head.id, **clean},
        )
        return changes
