"""What happened under an agreement: the list, one form a kind of fact, and the history of each."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.fields import DateTimeLocalField
from wtforms.validators import InputRequired, Optional

from contracts.vocabulary import INCISOS, AuditMode, EndReason, IncidentSource, Requester
from vendor_tracker import clock
from vendor_tracker.usecases import conduct
from vendor_tracker.usecases.conduct import FactPage
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.web.files import store, upload_help, uploaded
from vendor_tracker.web.forms import DayField, SlugField, StaffForm, WholeField, YesNoField, place_error
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.documents import DOCUMENT_BUTTONS
from vendor_tracker.wording.filters import clock_time, day, moment, yes_no
from vendor_tracker.wording.labels import inciso_title, label
from vendor_tracker.wording.parts import Fact, TimelineEntry

blueprint = Blueprint("conduct", __name__)

SELDOM = frozenset(
    {"withdrawn_on", "refused_on", "refusal_reason", "verified_on", "verified_by", "verification", "court_due_on"}
)
"""Fields of what seldom happens: left empty they are not missing, so a record does not print them."""

MANNERS = {"return": "Devolução ao órgão", "disposal": "Descarte irrecuperável"}


class MomentField(DateTimeLocalField):
    """A day and an hour of Brasília; the data are an aware ``datetime`` or ``None``."""

    data: Any

    def __init__(self, text: str | None = None, validators: Any = None, **options: Any) -> None:
        """Accept what browsers send and what people type."""
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y às %Hh%M"]
        super().__init__(text, validators, format=formats, **options)

    def process_data(self, value: datetime | None) -> None:
        """Show a moment on record as the clock of Brasília read."""
        self.data = None if value is None else value.astimezone(clock.SAO_PAULO)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the moment; an impossible one says how to write it."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            self.data = None
            message = "Informe dia e hora, por exemplo 31/12/2026 14:30."
            raise ValueError(message) from None
        if self.data is not None and not 1950 <= self.data.year <= 2150:
            self.data = None
            message = "Confira o ano: a data está fora do período esperado."
            raise ValueError(message)
        if self.data is not None:
            self.data = self.data.replace(tzinfo=clock.SAO_PAULO)


class ChoiceField(SelectField):
    """One of a list that the record offers; the data are its id or text, ``None`` when none."""

    data: Any

    def __init__(self, text: str, *, whole: bool = False, **options: Any) -> None:
        """``whole``: the values are ids."""

        def read(value: Any) -> Any:
            if value in {None, "", "None"}:
                return None
            if not whole:
                return str(value)[:40]
            return int(value) if str(value).isdecimal() and len(str(value)) < 10 else 0

        super().__init__(text, options.pop("validators", None), coerce=read, validate_choice=False, **options)


class FactForm(StaffForm):
    """The base of the forms of this page."""


INCISO: Mapping[str, Any] = {
    "validators": [InputRequired("Escolha o inciso.")],
    "description": "A obrigação a que o fato se refere.",
}


class AuditForm(FactForm):
    """An audit or inspection."""

    title = StringField("O que é auditado", [InputRequired("Diga o que foi ou será auditado.")])
    incisos = StringField(
        "Incisos que servem de critério",
        [Optional()],
        description="Por exemplo, “II, VI e VIII”. Em branco, os doze. Vai ao plano e ao relatório.",
    )
    scope = TextAreaField("Alcance", [Optional()], description="Unidades, sistemas e locais. Vai ao plano.")
    period_from = DayField("Período auditado, desde")
    period_until = DayField("Período auditado, até")
    mode = SlugField("Como é feita", AuditMode, blank="Ainda não se decidiu")
    team = TextAreaField("Equipe", [Optional()], description="Uma pessoa por linha: nome, cargo. A primeira coordena.")
    independent = BooleanField("Feita por auditor independente", description="Nem do órgão, nem do operador.")
    auditor = StringField(
        "Auditor independente",
        [Optional()],
        description="Nome de quem o órgão autorizou (art. 14, IX). Vai ao aviso, ao plano e ao relatório.",
    )
    planned_on = DayField("Planejada para")
    performed_on = DayField("Realizada em")
    concluded_on = DayField("Concluída em", description="O dia do relatório final.")
    refused_on = DayField("Recusada pelo operador em", description="Descumpre o art. 14, IX.")
    refusal_reason = TextAreaField(
        "Razões da recusa", [Optional()], description="As que o operador apresentou, ou que nenhuma apresentou."
    )
    conclusion = TextAreaField("Conclusão", [Optional()], description="O que se constatou, em poucas linhas.")
    arquivo = FileField("Relatório")


class CorrectiveActionForm(FactForm):
    """Something to mend."""

    audit_lineage = ChoiceField("Decorre da auditoria", whole=True, description="Se decorrer de uma.")
    inciso = ChoiceField("Inciso", **INCISO)
    description = TextAreaField("O que deve ser corrigido", [InputRequired("Diga o que o operador deve corrigir.")])
    owner = StringField("Responsável no operador", [Optional()], description="Nome e cargo de quem responde por ela.")
    due_on = DayField("Prazo", [InputRequired("Informe o prazo dado ao operador.")])
    done_on = DayField(
        "Cumprida em", description="O dia em que a correção ficou pronta. A conferência tem data própria."
    )
    refused_on = DayField("Recusada pelo operador em", description="Descumpre o inciso e o art. 14, IX.")
    verified_on = DayField("Conferida em")
    verified_by = StringField("Conferida por", [Optional()])
    verification = TextAreaField("O que se viu na conferência", [Optional()])
    withdrawn_on = DayField("Retirada pelo órgão em", description="Quando a correção deixou de ser exigida.")


class DeviationForm(FactForm):
    """A fact that shows a duty broken."""

    inciso = ChoiceField("Inciso", **INCISO)
    description = TextAreaField("O fato", [InputRequired("Descreva o fato.")], description="Sem dados de titulares.")
    found_on = DayField("Constatado em", [InputRequired("Informe o dia.")])
    settled_on = DayField("Sanado em")


class IncidentForm(FactForm):
    """A risk, threat or incident."""

    title = StringField("Incidente", [InputRequired("Dê um nome ao incidente.")], description="Sem dados de titulares.")
    description = TextAreaField("O que ocorreu", [Optional()])
    suspected_at = MomentField(
        "Primeira suspeita do operador",
        [Optional()],
        description="O prazo do art. 14, XI, conta daqui. Horário de Brasília.",
    )
    reported_at = MomentField("Comunicação formal ao órgão", [Optional()], description="Horário de Brasília.")
    learned_at = MomentField("O órgão soube em", [InputRequired("Informe quando o órgão soube.")])
    source = SlugField(
        "Por quem o órgão soube", IncidentSource, blank="Escolha", validators=[InputRequired("Diga por quem.")]
    )
    severity = StringField(
        "Nível de gravidade",
        [Optional()],
        description="Segundo o protocolo de resposta (art. 25, § 1º, I). Este campo e os seguintes vão ao relatório.",
    )
    presidency_told_at = MomentField(
        "Comunicado à Presidência em", [Optional()], description="Art. 25, caput. Horário de Brasília."
    )
    affected_data = TextAreaField(
        "Natureza dos dados afetados", [Optional()], description="Art. 25, § 1º, III. Os tipos de dado, nunca os dados."
    )
    affected_people = TextAreaField(
        "Titulares envolvidos", [Optional()], description="Art. 25, § 1º, IV. Grupos e número, sem nomes."
    )
    measures = TextAreaField("Medidas de proteção e contenção", [Optional()], description="Art. 25, § 1º, V.")
    risks = TextAreaField("Riscos e mitigação", [Optional()], description="Art. 25, § 1º, VI.")
    delay_reason = TextAreaField("Justificativa do atraso, se houve", [Optional()], description="Art. 25, § 1º, VII.")
    prevention = TextAreaField("Ações contra a repetição", [Optional()], description="Art. 25, § 1º, VIII.")


class InstructionForm(FactForm):
    """A directive or instruction."""

    text = TextAreaField(
        "Instrução", [InputRequired("Escreva a instrução.")], description="Como foi enviada ao operador."
    )
    sent_on = DayField("Enviada em", [InputRequired("Informe o dia do envio.")])
    due_on = DayField("Prazo para cumprir")
    acknowledged_on = DayField("Ciência do operador em")
    done_on = DayField("Cumprida em")
    withdrawn_on = DayField("Retirada pelo órgão em", description="Quando deixou de ser exigida.")


class AssistanceForm(FactForm):
    """Help asked of the operator."""

    subject = StringField(
        "Assunto",
        [InputRequired("Diga o assunto.")],
        description="Sem identificar o titular, por exemplo “confirmação de tratamento, protocolo 123”.",
    )
    requester = SlugField("Quem pediu ao órgão", Requester, blank="Não informado")
    protocol_on = DayField(
        "Protocolo do pedido ao órgão", description="Se for titular, o prazo do art. 11 conta deste dia."
    )
    court_due_on = DayField(
        "Prazo dado ao órgão", description="O que a autoridade ou o interessado fixou. Do titular cuida o art. 11."
    )
    asked_on = DayField("Pedido ao operador em", [InputRequired("Informe o dia do pedido.")])
    due_on = DayField(
        "Prazo", description="Em branco, conta o prazo combinado ou o parâmetro administrativo, em dias úteis."
    )
    answered_on = DayField("Atendido pelo operador em")
    told_on = DayField("Órgão respondeu ao interessado em")
    withdrawn_on = DayField("Retirado pelo órgão em", description="Quando o auxílio deixou de ser preciso.")


class PersonForm(FactForm):
    """Somebody with access to the data."""

    label = StringField(
        "Iniciais ou matrícula",
        [InputRequired("Identifique a pessoa.")],
        description="Como o operador a identifica ao órgão. Não use nome completo nem CPF.",
    )
    function = StringField("Função", [Optional()])
    has_need = YesNoField("Precisa do acesso para a função?")
    need = TextAreaField("Por quê", [Optional()])
    committed_on = DayField("Compromisso assinado em", description="O termo de confidencialidade do art. 14, VIII.")
    access_from = DayField("Acesso desde", [InputRequired("Informe desde quando.")])
    access_until = DayField("Acesso até", description="O dia em que o acesso foi retirado.")
    left_on = DayField("Deixou o operador em")
    arquivo = FileField("Compromisso assinado")


class DeliveryForm(FactForm):
    """A line of the calendar."""

    what = StringField("O que é enviado", [InputRequired("Diga o que será enviado.")])
    to_whom = StringField("A quem", [Optional()])
    months = WholeField("A cada quantos meses", [Optional()], description="Em branco quando for por evento.")
    agreed_on = DayField("Combinado em", [InputRequired("Informe quando foi combinado.")])
    reviewed_on = DayField("Revisto em", description="Em branco, vale o dia em que foi combinado.")
    last_delivered_on = DayField("Última entrega em")
    next_due_on = DayField("Próxima entrega até", description="Em branco, conta da última entrega.")
    until = DayField("Combinado até")


class ChannelTestForm(FactForm):
    """A test of the incident channel."""

    tested_at = MomentField(
        "Testado em", [InputRequired("Informe dia e hora do teste.")], description="Horário de Brasília."
    )
    answered_at = MomentField("Respondido em", [Optional()], description="Horário de Brasília.")
    note = TextAreaField("Observações", [Optional()])


class DisposalForm(FactForm):
    """The return or disposal of the data."""

    trigger = SlugField(
        "Por que o tratamento terminou", EndReason, blank="Escolha", validators=[InputRequired("Diga por quê.")]
    )
    triggered_on = DayField("Terminou em", [InputRequired("Informe o dia.")])
    due_on = DayField(
        "Prazo para provar", description="Em branco, conta o prazo combinado ou o parâmetro administrativo."
    )
    manner = ChoiceField("Como")
    what = TextAreaField("Dados, sistemas e suportes", [Optional()], description="O que é devolvido ou descartado.")
    method = TextAreaField("Método", [Optional()], description="Como os dados são entregues ou destruídos.")
    responsible = StringField("Responsável pela execução", [Optional()], description="Do lado do operador.")
    covers_copies = YesNoField("O comprovante alcança as cópias?")
    covers_backups = YesNoField("O comprovante alcança as cópias de segurança?")
    covers_sub_operators = YesNoField("O comprovante alcança os suboperadores?")
    retained = TextAreaField(
        "Dados que o operador conserva",
        [Optional()],
        description="Só o que uma norma manda ou permite guardar depois do fim (LGPD, art. 16). Em branco, nada.",
    )
    retained_ground = StringField("Norma que permite a guarda", [Optional()])
    retained_until = DayField("Guarda até", description="Se a norma fixa um fim.")
    evidence_id = ChoiceField(
        "Comprovante aceito", whole=True, description="O comprovante de descarte que alguém conferiu e aceitou."
    )
    accepted_on = DayField(
        "Descarte aceito em", description="Encerra o acordo: as provas deixam de precisar de renovação."
    )


FORMS: Mapping[str, type[FactForm]] = {
    "auditoria": AuditForm,
    "acao-corretiva": CorrectiveActionForm,
    "ocorrencia": DeviationForm,
    "incidente": IncidentForm,
    "instrucao": InstructionForm,
    "auxilio": AssistanceForm,
    "pessoa": PersonForm,
    "envio": DeliveryForm,
    "teste-do-canal": ChannelTestForm,
    "descarte": DisposalForm,
}
"""The form of each kind of fact."""


def _form(page: FactPage, *, begin: Mapping[str, Any] | None = None) -> FactForm:
    form = FORMS[page.kind.slug](data={**page.values, **(begin or {})})
    if "inciso" in form:
        form["inciso"].choices = [SelectChoice("", "Escolha"), *(_inciso_choice(*each) for each in page.incisos)]
    if "audit_lineage" in form:
        form["audit_lineage"].choices = _listed(page.audits, "Nenhuma")
    if "evidence_id" in form:
        form["evidence_id"].choices = _listed(page.proofs, "Ainda não há")
        form["manner"].choices = [
            SelectChoice("", "Ainda não se sabe"),
            *(SelectChoice(*each) for each in MANNERS.items()),
        ]
    if "arquivo" in form:
        form["arquivo"].description = upload_help()
    return form


def _inciso_choice(code: str, title: str) -> SelectChoice:
    return SelectChoice(code, f"{code}, {inciso_title(code) if code in INCISOS else title}")


def _listed(pairs: tuple[tuple[int, str], ...], blank: str) -> list[SelectChoice]:
    return [SelectChoice("", blank), *(SelectChoice(identity, text) for identity, text in pairs)]


def _typed(page: FactPage, form: FactForm) -> dict[str, Any]:
    """Return the plain values of the form; a text left empty stays a text."""
    values = {name: form[name].data for name in page.kind.fields}
    empty = {name for name in values if isinstance(form[name], StringField) or name == "manner"}
    return {name: (value or "") if name in empty else value for name, value in values.items()}


@blueprint.get("/acordos/<int:agreement_id>/fatos")
def index(agreement_id: int) -> tuple[str, int]:
    """List everything on record about how the agreement was carried out."""
    page = conduct.index(agreement_id=agreement_id)
    timeline = tuple(
        TimelineEntry(
            each.text if not isinstance(each.when, datetime) else f"{each.text}, às {clock_time(each.when)}",
            on=clock.day_of(each.when) if isinstance(each.when, datetime) else each.when,
            record="previsto" if each.ahead else "",
            url=url_for("conduct.show", kind=each.slug, lineage=each.lineage),
        )
        for each in page.happenings
    )
    return render("conduct/index.html", page, timeline=timeline)


@blueprint.route("/acordos/<int:agreement_id>/fatos/<kind>/novo", methods=["GET", "POST"])
def create(agreement_id: int, kind: str) -> Response | tuple[str, int]:
    """Put a fact on record."""
    page = conduct.new_fact(agreement_id=agreement_id, slug=kind)
    begin = {}
    if request.method == "GET" and "inciso" in page.kind.fields:
        asked = request.args.get("inciso", "")
        begin = {"inciso": asked} if asked in {code for code, _ in page.incisos} else {}
    form = _form(page, begin=begin)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                lineage = conduct.record(
                    actor(), store(), agreement_id=agreement_id, slug=kind, values=_typed(page, form), upload=uploaded()
                )
            except NotFoundError:
                raise
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash(f"{page.kind.cause}.", "good")
                if kind == "auditoria":
                    return redirect(url_for("audits.show", lineage=lineage), code=303)
                return redirect(url_for("conduct.index", agreement_id=agreement_id), code=303)
    return render("conduct/form.html", page, status=status, form=form)


@blueprint.get("/fatos/<kind>/<int:lineage>")
def show(kind: str, lineage: int) -> tuple[str, int]:
    """Show a fact and its history."""
    page = conduct.show(actor(), slug=kind, lineage=lineage)
    form = FORMS[page.kind.slug]
    versions = tuple((version, _facts(page, form, version.values)) for version in page.versions)
    return render("conduct/show.html", page, versions=versions, buttons=DOCUMENT_BUTTONS)


def _facts(page: FactPage, form: type[FactForm], values: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return what a version says, each value in words."""
    lists: dict[str, Mapping[Any, str]] = {
        "audit_lineage": dict(page.audits),
        "evidence_id": dict(page.proofs),
        "manner": MANNERS,
    }
    found = []
    for name in page.kind.fields:
        value, text = values[name], ""
        if name in SELDOM and value in {None, ""}:
            continue
        if name in lists:
            text = str(lists[name].get(value, value or ""))
        elif name == "inciso":
            text = f"{value}, {inciso_title(value)}" if value in INCISOS else str(value)
        elif isinstance(value, bool) or (value is None and name in {"has_need", "covers_copies", "covers_backups"}):
            text = yes_no(value)
        elif isinstance(value, StrEnum):
            text = label(value)
        elif isinstance(value, datetime):
            text = moment(value)
        elif isinstance(value, date):
            text = day(value)
        elif value is not None:
            text = str(value)
        found.append(Fact(str(getattr(form, name).args[0]), text))
    return tuple(found)


@blueprint.route("/fatos/<kind>/<int:lineage>/editar", methods=["GET", "POST"])
def edit(kind: str, lineage: int) -> Response | tuple[str, int]:
    """Record a new version of a fact; the older one stays."""
    page = conduct.show(actor(), slug=kind, lineage=lineage)
    form = _form(page)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                conduct.revise(
                    actor(), store(), slug=kind, lineage=lineage, values=_typed(page, form), upload=uploaded()
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash("Registro atualizado. A versão anterior continua no histórico.", "good")
                return redirect(url_for("conduct.show", kind=kind, lineage=lineage), code=303)
    return render("conduct/form.html", page, status=status, form=form)
