"""The forms of operators and of who answers for them."""

from wtforms import EmailField, StringField, TelField
from wtforms.validators import InputRequired, Length

from contracts.vocabulary import ContactRole, Regime
from vendor_tracker.web.forms import CnpjField, DayField, SlugField, StaffForm, YesNoField
from vendor_tracker.web.forms_register import CNPJ_HELP, CountryField, NumberSelectField, SlugRadioField


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
