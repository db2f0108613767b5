"""The forms of the register: operators, contacts, agreements and the decisions about them."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields.choices import Choice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import ListWidget, RadioInput

from contracts.vocabulary import (
    AgreementKind,
    ContactRole,
    DataCategory,
    DispensationGround,
    EndReason,
    Exposure,
    Regime,
    Role,
    StewardRole,
    SubjectGroup,
    VolumeBand,
)
from vendor_tracker.usecases.agreements import InstrumentData, ProcessingData, Said
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.forms import (
    CnpjField,
    DayField,
    MoneyField,
    SlugField,
    SlugsField,
    StaffForm,
    UnitField,
    WholeField,
    YesNoField,
    place_error,
)
from vendor_tracker.wording.labels import REGIME_HELP, ROLE_HELP
from vendor_tracker.wording.register import countries

LONG = 8_000
CNPJ_HELP = (
    "Serve para encontrar os acordos da mesma entidade e não registrá-la duas vezes. São 14 caracteres; desde julho de "
    "2026, novos CNPJ podem ter letras. Exemplo: 12.ABC.345/01DE-35."
)
HOLDS_HELP = "O dia em que isto passou a ser verdade. Se você só está completando o que faltava, deixe como está."
REASON_HELP = "Fica no histórico do acordo. Exemplos: “Dados completados”, “1º termo aditivo”."

ROLE_HINTS = {role.value: text for role, text in ROLE_HELP.items()}
REGIME_HINTS = {regime.value: text for regime, text in REGIME_HELP.items()}


def attempt(form: StaffForm, call: Callable[[], object]) -> int:
    """Validate a form that was sent and make its one call; returns 303 when done, else the status of the refusal.

    What was refused is said beside its field, and everything typed stays. A form that was not sent returns 200.
    """
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        call()
    except NotFoundError:
        raise
    except ConflictError as error:
        place_error(form, error)
        return 409
    except UseCaseError as error:
        place_error(form, error)
        return 422
    return 303


class SlugRadioField(SlugField):
    """One member of an enumeration, as radio buttons, so that each can carry a sentence."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()


class NumberSelectField(SelectField):
    """A choice among records; the data are an id or ``None``."""

    def __init__(self, text: str, *, blank: str, **options: Any) -> None:
        """Begin with the words for choosing none."""
        self.blank = blank
        super().__init__(text, coerce=_number, choices=[SelectChoice("", blank)], validate_choice=False, **options)

    def offer(self, records: Any) -> None:
        """Offer records: (id, words)."""
        self.choices = [
            SelectChoice("", self.blank),
            *(SelectChoice(str(identity), words) for identity, words in records),
        ]

    def process_data(self, value: Any) -> None:
        """Show what is on record."""
        self.data = value

    def iter_choices(self) -> Any:
        """Mark the present choice."""
        for choice in self.choices or ():
            yield Choice(choice.value, choice.label, _number(choice.value) == self.data, {})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes it
        """Refuse what is not on the list."""
        if self.data is not None and str(self.data) not in {choice.value for choice in self.choices or ()}:
            message = "Escolha uma das opções da lista."
            raise ValueError(message)


def _number(value: Any) -> int | None:
    text = str(value if value is not None else "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


class CountryField(SelectField):
    """A country, Brazil first; the data are its two letters."""

    def __init__(self, text: str = "País", **options: Any) -> None:
        """List the countries in Portuguese."""
        super().__init__(
            text, choices=[SelectChoice(code, name) for code, name in countries()], default="BR", **options
        )


# -- operators --------------------------------------------------------------------------------------------------------


class OperatorForm(StaffForm):
    """Who holds the data; a new one also has its identity."""

    name = StringField(
        "Nome ou razão social",
        [InputRequired("Informe o nome ou a razão social."), Length(max=300)],
        description="Como está no instrumento. É o nome que sai nos anexos e nas requisições.",
    )
    regime = SlugRadioField(
        "Regime jurídico",
        Regime,
        blank="Ainda não sei",
        description="Diz que regras de formalização se aplicam (art. 14, parágrafo único).",
    )
    country = CountryField(description="Onde a entidade tem sede.")
    address = StringField(
        "Endereço", [Length(max=400)], description="Sai na qualificação das partes, nos anexos e termos aditivos."
    )


class NewOperatorForm(OperatorForm):
    """A new operator."""

    cnpj = CnpjField("CNPJ", description=CNPJ_HELP)
    foreign_id = StringField(
        "Identificação estrangeira",
        [Length(max=60)],
        description="Só para entidade sem CNPJ: o número do registro no país de origem.",
    )


class ContactForm(StaffForm):
    """Who answers for an operator."""

    role = SlugField(
        "Função",
        ContactRole,
        validators=[InputRequired("Escolha a função.")],
        description="O preposto recebe as requisições; o canal de incidentes é o do inciso I.",
    )
    name = StringField(
        "Nome",
        [InputRequired("Informe o nome de quem responde."), Length(max=200)],
        description="Da pessoa, ou do canal: “Central de incidentes”.",
    )
    email = EmailField(
        "E-mail",
        [Length(max=254)],
        description="Para onde vão requisições e lembretes. Prefira um endereço da entidade, não de uma pessoa.",
    )
    phone = TelField("Telefone", [Length(max=60)], description="Com DDD. Para falar de incidentes fora do expediente.")
    reachable_always = YesNoField(
        "Atende a qualquer hora?", description="Um incidente não espera o expediente (art. 14, I e XI)."
    )
    document = StringField(
        "O que formalizou a indicação",
        [Length(max=200)],
        description="Ofício, procuração, cláusula. Para o representante legal, o cargo.",
    )
    since = DayField("Responde desde", [InputRequired("Informe o dia.")])
    agreement = NumberSelectField(
        "Vale para", blank="Todos os acordos do operador", description="Limite a um acordo só se o instrumento limitar."
    )


class UntilForm(StaffForm):
    """The last day of something."""

    until = DayField(
        "Último dia", [InputRequired("Informe o último dia.")], description="O registro anterior continua no histórico."
    )


# -- agreements -------------------------------------------------------------------------------------------------------


class InstrumentForm(StaffForm):
    """What identifies and dates an instrument."""

    kind = SlugField(
        "Tipo de instrumento",
        AgreementKind,
        validators=[InputRequired("Escolha o tipo.")],
        description="O art. 6º, IV, admite contrato, convênio, termo de cooperação, de compromisso e congêneres.",
    )
    number = StringField(
        "Número",
        [Length(max=60)],
        description="Como está impresso, com o ano. Exemplo: 00044/2026.",
    )
    sei_process = StringField(
        "Processo administrativo", [Length(max=60)], description="Para quem quiser conferir no processo."
    )
    object = TextAreaField(
        "Objeto",
        [InputRequired("Descreva o objeto em uma frase."), Length(max=LONG)],
        description="O que a outra parte faz. Sai nos anexos e ajuda a encontrar o acordo.",
    )
    unit = UnitField("Unidade gestora", description="Quem, no órgão, responde pelo acordo.")
    signed_on = DayField("Assinado em", description="O acordo passa a constar do registro desde esse dia.")
    starts_on = DayField("Início da vigência", description="Antes dele nenhuma obrigação é exigível.")
    ends_on = DayField(
        "Fim da vigência",
        description="Sem ele o prazo é indeterminado. No dia seguinte o descarte passa a ser exigível (art. 14, XII).",
    )
    published_on = DayField("Publicado em", description="O dia da publicação do extrato.")
    value = MoneyField("Valor total", description="Em reais. Só aparece no registro; não entra em nenhuma conta.")
    pncp_id = StringField(
        "Número de controle no PNCP",
        [Length(max=40)],
        description="Evita registrar de novo quando você importar do PNCP. Exemplo: 12345678000195-2-000123/2026.",
    )

    def instrument(self) -> InstrumentData:
        """Return the plain values."""
        return InstrumentData(
            kind=AgreementKind(str(self.kind.data)),
            number=self.number.data or "",
            sei_process=self.sei_process.data or "",
            pncp_id=self.pncp_id.data or "",
            unit_id=self.unit.data,
            object=self.object.data or "",
            signed_on=self.signed_on.data,
            published_on=self.published_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            value=self.value.data,
        )


class Since:
    """From which day a change holds, and why; mixed into the forms that change what is on record."""

    seen = HiddenField()
    """The revision that the person was looking at."""
    holds_from = DayField("Vale desde", [InputRequired("Informe o dia.")], description=HOLDS_HELP)
    reason = StringField(
        "Motivo", [InputRequired("Diga em uma frase o motivo."), Length(max=280)], description=REASON_HELP
    )


class EditInstrumentForm(InstrumentForm, Since):
    """A change of what identifies and dates an instrument."""


class NewAgreementForm(InstrumentForm):
    """Step one of a registration: the instrument and with whom it is."""

    cnpj = CnpjField("CNPJ", description=CNPJ_HELP)
    operator_name = StringField(
        "Razão social",
        [Length(max=300)],
        description="Só se o CNPJ ainda não estiver no registro. É o nome que sai nos anexos e nas requisições.",
    )
    regime = SlugRadioField(
        "Quem recebe os dados",
        Regime,
        blank="Ainda não sei",
        description="Define como a parte é identificada e que regras de formalização se aplicam.",
    )
    foreign_id = StringField(
        "Identificação estrangeira", [Length(max=60)], description="Só para entidade estrangeira sem CNPJ."
    )
    country = CountryField(description="Onde a entidade tem sede.")


class ProcessingForm(StaffForm):
    """What is done with which personal data."""

    purpose = TextAreaField(
        "Finalidade do tratamento",
        [Length(max=LONG)],
        description="Para que o órgão entrega os dados. O instrumento precisa dizê-lo (art. 6º, § 1º).",
    )
    public_function = TextAreaField(
        "Função judicial ou política pública",
        [Length(max=LONG)],
        description="A que função do órgão o tratamento serve. Só se compartilha para ela (art. 6º, IV).",
    )
    legal_basis = StringField(
        "Base legal",
        [Length(max=LONG)],
        description="O dispositivo que autoriza o tratamento. Exemplo: LGPD, art. 7º, III, e art. 23.",
    )
    data_categories = SlugsField(
        "Categorias de dados pessoais",
        DataCategory,
        description="Marque as que o operador recebe ou alcança. O instrumento precisa indicá-las (art. 6º, § 1º).",
    )
    subject_groups = SlugsField("Titulares", SubjectGroup, description="De quem são os dados.")
    volume = SlugField(
        "Quantidade de titulares",
        VolumeBand,
        blank="Ainda não sei",
        description="Uma faixa basta; entra na conta da exposição.",
    )
    sensitive = YesNoField(
        "Há dados pessoais sensíveis?",
        description="Saúde, biometria, origem racial, convicção, vida sexual, genética (LGPD, art. 5º, II).",
    )
    children = YesNoField("Há dados de crianças e adolescentes?", description="Pedem cuidado próprio (LGPD, art. 14).")
    judicial_secrecy = YesNoField(
        "Há dados sob segredo de justiça?", description="Aumentam a exposição e o dano de um vazamento."
    )
    international_transfer = YesNoField(
        "Há transferência internacional?",
        description="Inclui nuvem ou suporte fora do Brasil (LGPD, art. 33).",
    )
    transfer_countries = StringField(
        "Países de destino", [Length(max=500)], description="Separe por vírgula. Só se houver transferência."
    )
    system_access = YesNoField(
        "O operador entra em sistemas do órgão?", description="Acesso permanente, local ou remoto."
    )
    external_hosting = YesNoField(
        "Os dados ficam fora da infraestrutura do órgão?", description="Nuvem ou servidores do operador."
    )
    uses_sub_operators = YesNoField(
        "O operador usa suboperadores?",
        description="Quem trata os dados por conta dele. Você os registra na página do acordo.",
    )
    guarantees = TextAreaField(
        "Garantias aos titulares",
        [Length(max=LONG)],
        description="Medidas combinadas: pseudonimização, acesso restrito, vedação de novo uso (art. 6º, § 1º).",
    )
    subject_access = TextAreaField(
        "Acesso do titular às informações",
        [Length(max=LONG)],
        description="Onde e como o titular encontra as informações do tratamento (art. 6º, § 1º; LGPD, art. 9º).",
    )
    reviewed_on = DayField(
        "Última revisão dos dados",
        description="A revisão é feita ao menos a cada dois anos, para eliminar o que não é mais preciso (art. 6º, V).",
    )

    def processing(self) -> ProcessingData:
        """Return the plain values."""
        return ProcessingData(
            purpose=self.purpose.data or "",
            public_function=self.public_function.data or "",
            legal_basis=self.legal_basis.data or "",
            data_categories=tuple(DataCategory(each) for each in self.data_categories.data or ()),
            subject_groups=tuple(SubjectGroup(each) for each in self.subject_groups.data or ()),
            volume=VolumeBand(self.volume.data) if self.volume.data else None,
            sensitive=self.sensitive.data,
            children=self.children.data,
            judicial_secrecy=self.judicial_secrecy.data,
            international_transfer=self.international_transfer.data,
            transfer_countries=tuple((self.transfer_countries.data or "").replace(";", ",").split(",")),
            system_access=self.system_access.data,
            external_hosting=self.external_hosting.data,
            uses_sub_operators=self.uses_sub_operators.data,
            guarantees=self.guarantees.data or "",
            subject_access=self.subject_access.data or "",
            reviewed_on=self.reviewed_on.data,
        )


def processing_values(said: Said) -> dict[str, Any]:
    """Return what is on record as the form shows it."""
    names = [name for name in ProcessingData.__dataclass_fields__ if name != "transfer_countries"]
    return {name: getattr(said, name) for name in names} | {"transfer_countries": ", ".join(said.transfer_countries)}


class EditProcessingForm(ProcessingForm, Since):
    """A change of what is on record about the personal data."""


class DeadlinesForm(StaffForm, Since):
    """The terms that the instrument itself sets."""

    incident_term_hours = WholeField(
        "Comunicar incidentes, em horas",
        description="A Portaria diz “de imediato” (art. 14, XI). Deixe em branco se o instrumento não fixar horas.",
    )
    assistance_term_days = WholeField(
        "Auxiliar no atendimento a titulares e autoridades, em dias úteis",
        description="O órgão responde ao titular em 15 dias (art. 11); o prazo do operador deve caber nele.",
    )
    disposal_term_days = WholeField(
        "Provar o descarte, em dias corridos", description="Contados do fim do tratamento (art. 14, XII)."
    )


class SecrecyForm(StaffForm):
    """Whether parts of the agreement are protected."""

    secret = BooleanField(
        "Restringir o acesso aos arquivos deste acordo",
        description="Só os papéis que precisam deles os abrem, e cada abertura fica na trilha.",
    )
    secrecy_ground = TextAreaField(
        "Fundamento", [Length(max=LONG)], description="O sigilo legal ou a razão de segurança (art. 5º)."
    )


class PeopleForm(StaffForm):
    """Step three of a registration: the role, who answers on each side."""

    role = SlugRadioField(
        "Papel no tratamento",
        Role,
        blank="Decidir depois",
        description=(
            "A Portaria considera operador quem mantém contrato, convênio ou instrumento congênere com o órgão "
            "(art. 14). Outro papel pede justificativa e aprovação do Encarregado."
        ),
    )
    justification = TextAreaField(
        "Justificativa do papel", [Length(max=LONG)], description="Só se o papel não for o de operador (art. 13)."
    )
    gestor_name = StringField("Nome do gestor", [Length(max=200)], description="Quem administra o acordo no órgão.")
    gestor_email = EmailField("E-mail do gestor", [Length(max=254)], description="Recebe cópia dos avisos de prazo.")
    gestor_portaria = StringField("Portaria do gestor", [Length(max=120)], description="O ato que o designou.")
    fiscal_name = StringField("Nome do fiscal", [Length(max=200)], description="Quem acompanha a execução e confere.")
    fiscal_email = EmailField("E-mail do fiscal", [Length(max=254)], description="Recebe as respostas do operador.")
    fiscal_portaria = StringField("Portaria do fiscal", [Length(max=120)], description="O ato que o designou.")
    preposto_name = StringField(
        "Nome do preposto", [Length(max=200)], description="Quem responde pelo operador durante a execução."
    )
    preposto_email = EmailField(
        "E-mail para requisições",
        [Length(max=254)],
        description="Para onde vão as requisições e os lembretes. Prefira um endereço da entidade, não de uma pessoa.",
    )
    preposto_phone = TelField("Telefone do preposto", [Length(max=60)], description="Com DDD.")
    channel_name = StringField(
        "Canal de incidentes",
        [Length(max=200)],
        description="Nome da central ou da equipe. Se ficar em branco, o sistema o pedirá ao operador (art. 14, I).",
    )
    channel_email = EmailField("E-mail do canal de incidentes", [Length(max=254)], description="Lido a qualquer hora.")
    channel_phone = TelField(
        "Telefone do canal de incidentes", [Length(max=60)], description="Atendido a qualquer hora."
    )
    channel_always = YesNoField("O canal atende a qualquer hora?", description="Um incidente não espera o expediente.")


def seen_of(form: Since) -> int | None:
    """Return the revision that the form was filled in over."""
    return _number(form.seen.data)


# -- decisions --------------------------------------------------------------------------------------------------------


class RoleForm(StaffForm):
    """The role of the other party."""

    role = SlugRadioField(
        "Papel no tratamento",
        Role,
        validators=[InputRequired("Escolha o papel.")],
        description="Quem decide sobre o tratamento (art. 13).",
    )
    justification = TextAreaField(
        "Justificativa",
        [Length(max=LONG)],
        description="Os fatos que sustentam o papel. O Encarregado decide com base nela; para operador é dispensável.",
    )


class RoleDecisionForm(StaffForm):
    """The Encarregado's decision about a proposed role."""

    reason = TextAreaField(
        "Motivo", [Length(max=LONG)], description="Preciso só para não aprovar; fica no histórico do acordo."
    )


class DispensationForm(StaffForm):
    """Why no instrument, or no assessment, is asked for."""

    ground = SlugRadioField(
        "Fundamento",
        DispensationGround,
        validators=[InputRequired("Escolha o fundamento.")],
        description="Cada um dispensa coisas diferentes.",
    )
    detail = TextAreaField(
        "Fatos e dispositivo",
        [InputRequired("Explique em ao menos uma frase."), Length(max=LONG)],
        description="O que torna o fundamento aplicável. Aparece no boletim, ao lado de cada obrigação dispensada.",
    )
    decided_on = DayField(
        "Decidida em", [InputRequired("Informe o dia.")], description="A dispensa vale desde esse dia."
    )


class ReasonForm(StaffForm):
    """An act that needs only its reason."""

    reason = TextAreaField(
        "Motivo",
        [InputRequired("Diga em uma frase o motivo."), Length(max=280)],
        description="Fica no histórico do acordo.",
    )


class ExposureForm(ReasonForm):
    """A tier above what the sum gives."""

    tier = SlugRadioField(
        "Exposição",
        Exposure,
        blank="A que a soma dá",
        members=(Exposure.MEDIUM, Exposure.HIGH),
        description="Só pode ser elevada. A mais alta pede provas e auditorias com mais frequência.",
    )


class EndForm(ReasonForm):
    """The end of a bond before its term."""

    end_reason = SlugRadioField(
        "Por que terminou",
        EndReason,
        members=(EndReason.RESCISSION, EndReason.PURPOSE_MET),
        validators=[InputRequired("Escolha o motivo.")],
        description="O fim da vigência não precisa ser registrado: o sistema o conhece pela data.",
    )
    ended_on = DayField(
        "Último dia do vínculo",
        [InputRequired("Informe o dia.")],
        description="No dia seguinte o operador passa a dever a prova do descarte (art. 14, XII).",
    )


class StewardForm(StaffForm):
    """The gestor or a fiscal."""

    role = SlugField("Função", StewardRole, validators=[InputRequired("Escolha a função.")])
    name = StringField("Nome", [InputRequired("Informe o nome."), Length(max=200)])
    email = EmailField("E-mail", [Length(max=254)], description="Recebe avisos de prazo e respostas do operador.")
    portaria = StringField("Portaria de designação", [Length(max=120)], description="O ato que o designou.")
    since = DayField("Designado em", [InputRequired("Informe o dia.")])
    replaces = NumberSelectField("Substitui", blank="Ninguém", description="A designação anterior termina na véspera.")


class SubOperatorForm(StaffForm):
    """Who processes the data on the operator's behalf."""

    name = StringField(
        "Nome ou razão social",
        [InputRequired("Informe o nome."), Length(max=300)],
        description="Como o operador o indicou.",
    )
    cnpj = CnpjField("CNPJ", description="Com letras ou sem. Deixe em branco se for estrangeiro.")
    country = CountryField(description="Onde os dados são tratados. Fora do Brasil, é transferência internacional.")
    activity = StringField("O que faz", [Length(max=300)], description="A parte do tratamento que ele executa.")
    since = DayField("Participa desde")
    authorised_on = DayField(
        "Autorizado em", description="O dia da autorização do órgão. Em branco: ainda não autorizado."
    )
    parent = NumberSelectField("Contratado por", blank="O próprio operador", description="Quem o trouxe para a cadeia.")


class AuthoriseForm(StaffForm):
    """The day of an authorisation."""

    authorised_on = DayField(
        "Autorizado em", [InputRequired("Informe o dia.")], description="O dia da autorização do órgão, por escrito."
    )


# -- imports ----------------------------------------------------------------------------------------------------------


class UploadForm(StaffForm):
    """A file of agreements."""

    arquivo = FileField("Arquivo")
    include_empenhos = BooleanField(
        "Incluir notas de empenho com força de contrato",
        description="Elas substituem o contrato em compras de entrega imediata (Lei nº 14.133/2021, art. 95).",
    )

    def uploaded(self) -> Any:
        """Return the file that was sent, or ``None``."""
        file = request.files.get("arquivo")
        return file if file is not None and file.filename else None
