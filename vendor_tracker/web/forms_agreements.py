"""The forms of an agreement's record: the instrument, the personal data, the terms, the secrecy."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.vocabulary import AgreementKind, DataCategory, Regime, SubjectGroup, VolumeBand
from vendor_tracker.usecases.agreements import InstrumentData, ProcessingData, Said
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
    number_of,
)
from vendor_tracker.web.forms_register import CNPJ_HELP, LONG, CountryField, SlugRadioField

HOLDS_HELP = "O dia em que isto passou a ser verdade. Se você só está completando o que faltava, deixe como está."
REASON_HELP = "Fica no histórico do acordo. Exemplos: “Dados completados”, “1º termo aditivo”."


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
    starts_on = DayField("Início da vigência", description="Antes dele nada é requisitado ao operador.")
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


def seen_of(form: Since) -> int | None:
    """Return the revision that the form was filled in over."""
    return number_of(form.seen.data)
