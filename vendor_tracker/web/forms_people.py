"""The forms of who answers for an agreement on each side, and of the operator's chain."""

from wtforms import EmailField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.vocabulary import Role, StewardRole
from vendor_tracker.usecases.agreements import PeopleData, Person
from vendor_tracker.web.forms import CnpjField, DayField, SlugField, StaffForm, YesNoField
from vendor_tracker.web.forms_register import LONG, CountryField, NumberSelectField, SlugRadioField


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

    def people(self) -> PeopleData:
        """Return the plain values."""
        return PeopleData(
            role=Role(self.role.data) if self.role.data else None,
            justification=self.justification.data or "",
            gestor=Person(
                self.gestor_name.data or "", self.gestor_email.data or "", document=self.gestor_portaria.data or ""
            ),
            fiscal=Person(
                self.fiscal_name.data or "", self.fiscal_email.data or "", document=self.fiscal_portaria.data or ""
            ),
            preposto=Person(
                self.preposto_name.data or "", self.preposto_email.data or "", self.preposto_phone.data or ""
            ),
            channel=Person(
                self.channel_name.data or "",
                self.channel_email.data or "",
                self.channel_phone.data or "",
                reachable_always=self.channel_always.data,
            ),
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
