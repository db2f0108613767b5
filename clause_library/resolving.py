"""Fills the placeholders: what an agreement says in a document's words, and what it does not say yet."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from clause_library import phrases
from clause_library.conditions import Situation
from clause_library.description import AgreementDescription, AuditDescription, DisposalDescription, Subject
from clause_library.draft import Blank, Inline, MissingField, Text
from clause_library.placeholders import PlaceholderError, Placeholders
from clause_library.subjects import FACTS_OF_SUBJECTS, LISTS_OF_SUBJECTS, Listing, list_of
from clause_library.values import Value, day_words, stripped
from contracts.vocabulary import SENSITIVE_CATEGORIES, AgreementKind, DataCategory, Regime, Role, SubjectGroup

_REGIMES: Mapping[Regime, str] = {
    Regime.PRIVATE: "Direito privado",
    Regime.PUBLIC: "Direito público",
    Regime.FOREIGN: "Pessoa jurídica estrangeira",
}


def role_of(description: AgreementDescription) -> Role:
    """The role that the document is drafted for: an operator, unless somebody decided otherwise (art. 14, caput)."""
    return description.role or Role.OPERATOR


def situation_of(description: AgreementDescription, subject: Subject | None = None) -> Situation:
    """The situation that chooses the clauses; what nobody has told us is taken as the case that needs protection."""
    role = role_of(description)
    audit = subject if isinstance(subject, AuditDescription) else None
    manner = subject.manner if isinstance(subject, DisposalDescription) else None
    return Situation(
        sensitive=_sensitive(description) is not False,
        children=_children(description) is not False,
        judicial_secrecy=description.judicial_secrecy is not False,
        international_transfer=description.international_transfer is not False,
        sub_operators=description.sub_operators is None or bool(description.sub_operators),
        public_body=description.operator.regime is Regime.PUBLIC,
        joint_controllers=role is Role.JOINT_CONTROLLER,
        independent_controller=role is Role.INDEPENDENT_CONTROLLER,
        audit_performed=audit is not None and audit.refused_on is None,
        audit_refused=audit is not None and audit.refused_on is not None,
        audit_noticed=audit is not None and audit.noticed_on is not None,
        audit_checked=audit is not None and audit.refused_on is None and bool(audit.seen),
        audit_findings=audit is not None and bool(audit.findings),
        findings=audit is not None and bool(audit.actions),
        data_returned=manner == "return",
        data_disposed=manner == "disposal",
    )


def _sensitive(description: AgreementDescription) -> bool | None:
    """A sensitive category on the list says more than a box left unticked."""
    if set(description.categories or ()) & SENSITIVE_CATEGORIES:
        return True
    return description.sensitive


def _children(description: AgreementDescription) -> bool | None:
    if SubjectGroup.CHILDREN in (description.subject_groups or ()):
        return True
    return description.children


class Resolver:
    """Turns placeholders into words and keeps, in order, the list of what is missing.

    Raises:
        PlaceholderError: a parameter that no document uses, or a number that a document may not carry.
    """

    def __init__(
        self,
        description: AgreementDescription,
        *,
        parameters: Mapping[str, int],
        placeholders: Placeholders,
        amendment_number: int | None = None,
        subject: Subject | None = None,
        document_name: str = "",
        on: date | None = None,
    ) -> None:
        self._description = description
        self._placeholders = placeholders
        self._subject = subject
        self._of_this_document: Mapping[str, Value] = {
            "aditivo.ordinal": None if amendment_number is None else phrases.ordinal(amendment_number),
            "documento.nome": document_name or None,
            "documento.data": day_words(on),
        }
        self._missing: dict[str, MissingField] = {}
        self._numbers: dict[str, int] = {}
        for key, number in parameters.items():
            name = f"parametro.{key}"
            if name not in placeholders.parameters:
                raise PlaceholderError(f"Nenhuma cláusula usa o parâmetro “{key}”.")
            self._numbers[name] = placeholders.parameters[name].check(number)

    @property
    def missing(self) -> tuple[MissingField, ...]:
        """What the lines resolved so far ask for, each once, in the order of the document."""
        return tuple(self._missing.values())

    def members(self, prefix: str) -> tuple[Any, ...]:
        """The members of the list that a row or an item is repeated for; one unknown member when none is known."""
        if prefix == _CHAIN:
            return self._description.sub_operators or (None,)
        return LISTS_OF_SUBJECTS[prefix].members(self._subject) or (None,)

    def resolve(self, name: str, member: Any = None) -> tuple[Inline, ...]:
        """The words of a placeholder. ``member`` is who the row or the item is repeated for."""
        if name.startswith("parametro."):
            if name not in self._numbers:
                return (self._blank(name),)
            return (Text(phrases.quantity(self._numbers[name], self._placeholders.parameters[name].unit)),)
        value = self._value(name, member)
        parts = value if isinstance(value, tuple) else (value,)
        inlines: list[Inline] = []
        for part in parts:
            words = _words(part)
            inlines.append(Text(words) if words else self._blank(name))
        if name in _ASSUMED and FACTS[_ASSUMED[name]](self._description) is None:
            self._note(_ASSUMED[name])
        return tuple(inlines)

    def _value(self, name: str, member: Any) -> Value:
        if name in self._of_this_document:
            return self._of_this_document[name]
        prefix = list_of(name) or (_CHAIN if name.startswith(f"{_CHAIN}.") else "")
        if prefix:
            listing = SUB_OPERATORS if prefix == _CHAIN else LISTS_OF_SUBJECTS[prefix]
            return None if member is None else listing.values[name.removeprefix(f"{prefix}.")](member)
        if name in FACTS_OF_SUBJECTS:
            return FACTS_OF_SUBJECTS[name](self._subject)
        return FACTS[name](self._description)

    def _blank(self, name: str) -> Blank:
        return Blank(name, self._note(name).label)

    def _note(self, name: str) -> MissingField:
        if name not in self._missing:
            if name in self._placeholders.parameters:
                parameter = self._placeholders.parameters[name]
                label = f"{parameter.label}, em {parameter.unit}"
                self._missing[name] = MissingField(name, label, f"parameters.{name.removeprefix('parametro.')}")
            else:
                fact = self._placeholders.facts[name]
                self._missing[name] = MissingField(name, fact.label, fact.field)
        return self._missing[name]


def _words(part: str | None) -> str:
    """Clean the text; the edges' single spaces are kept, because they join it to what stands beside."""
    if part is None:
        return ""
    cleaned = phrases.clean(part)
    if not cleaned:
        return ""
    return (" " if part[0] == " " else "") + cleaned + (" " if part[-1] == " " else "")


def _designation(description: AgreementDescription) -> Value:
    if description.kind is AgreementKind.NONE:
        return phrases.WITHOUT_INSTRUMENT
    return (f"{phrases.KINDS[description.kind]} nº ", stripped(description.number))


def _identification(description: AgreementDescription) -> Value:
    operator = description.operator
    if stripped(operator.cnpj):
        return f"CNPJ {phrases.cnpj_in_full(str(operator.cnpj))}"
    return f"registro estrangeiro {operator.foreign_id}" if stripped(operator.foreign_id) else None


def _sentence_case(text: str) -> str | None:
    """The text as it begins a table cell; ``None`` when there is none."""
    return text[0].upper() + text[1:] if text else None


def _categories(description: AgreementDescription) -> Value:
    chosen = set(description.categories or ())
    return _sentence_case(
        phrases.enumeration(phrases.CATEGORIES[category] for category in DataCategory if category in chosen)
    )


def _subject_groups(description: AgreementDescription) -> Value:
    chosen = set(description.subject_groups or ())
    return _sentence_case(
        phrases.enumeration(phrases.SUBJECT_GROUPS[group] for group in SubjectGroup if group in chosen)
    )


def _yes_or_none(answer: bool | None) -> Value:
    if answer is None:
        return None
    return "Há, e aplicam-se as salvaguardas da cláusula própria" if answer else "Não há"


def _sensitive_words(description: AgreementDescription) -> Value:
    answer = _sensitive(description)
    named = phrases.enumeration(
        phrases.CATEGORIES[category]
        for category in DataCategory
        if category in SENSITIVE_CATEGORIES and category in (description.categories or ())
    )
    return f"Há: {named}" if answer and named else _yes_or_none(answer)


def _transfer(description: AgreementDescription) -> Value:
    if not description.international_transfer:
        return None if description.international_transfer is None else "Não há"
    countries = _countries(description)
    return f"Há, para {countries}" if isinstance(countries, str) else "Há, na forma da cláusula própria"


def _countries(description: AgreementDescription) -> Value:
    return phrases.enumeration(country for country in description.transfer_countries or () if country.strip()) or None


def _sub_operators(description: AgreementDescription) -> Value:
    if description.sub_operators is None:
        return None
    return phrases.enumeration(member.name for member in description.sub_operators) or "Não há"


def _term(description: AgreementDescription) -> Value:
    if stripped(description.processing_term):
        return description.processing_term
    if description.starts_on and description.ends_on:
        start, end = phrases.day_in_full(description.starts_on), phrases.day_in_full(description.ends_on)
        return f"Vigência do Instrumento, de {start} a {end}, e prorrogações"
    return None


def _role_name(table: Mapping[Role, str]) -> Callable[[AgreementDescription], Value]:
    return lambda description: table[description.role] if description.role else None


FACTS: Mapping[str, Callable[[AgreementDescription], Value]] = {
    "orgao.nome": lambda d: d.body.name,
    "orgao.sigla": lambda d: d.body.acronym,
    "orgao.cnpj": lambda d: phrases.cnpj_in_full(d.body.cnpj) if d.body.cnpj else None,
    "orgao.endereco": lambda d: d.body.address,
    "orgao.signatario_nome": lambda d: d.body.signatory_name,
    "orgao.signatario_cargo": lambda d: d.body.signatory_position,
    "orgao.papel": lambda d: phrases.COURT_ROLES[role_of(d)],
    "orgao.encarregado_nome": lambda d: d.body.encarregado_name,
    "orgao.encarregado_contato": lambda d: d.body.encarregado_contact,
    "orgao.canal_incidentes": lambda d: d.body.incident_channel,
    "orgao.canal_titulares": lambda d: d.body.data_subject_channel,
    "operador.nome": lambda d: d.operator.name,
    "operador.identificacao": _identification,
    "operador.endereco": lambda d: d.operator.address,
    "operador.representante_nome": lambda d: d.operator.representative_name,
    "operador.representante_cargo": lambda d: d.operator.representative_position,
    "operador.preposto_nome": lambda d: d.operator.preposto_name,
    "operador.preposto_email": lambda d: d.operator.preposto_email,
    "operador.canal_incidentes": lambda d: d.operator.incident_channel,
    "operador.regime": lambda d: _REGIMES[d.operator.regime] if d.operator.regime else None,
    "parte.termo": lambda d: phrases.PARTY_TERMS[role_of(d)],
    "parte.papel": _role_name(phrases.PARTY_ROLES),
    "instrumento.designacao": _designation,
    "instrumento.processo": lambda d: d.process,
    "instrumento.objeto": lambda d: d.object,
    "instrumento.assinatura": lambda d: day_words(d.signed_on),
    "instrumento.inicio": lambda d: day_words(d.starts_on),
    "instrumento.fim": lambda d: day_words(d.ends_on),
    "instrumento.unidade": lambda d: d.unit,
    "instrumento.gestor": lambda d: d.gestor,
    "instrumento.fiscal": lambda d: d.fiscal,
    "instrumento.fundamento_alteracao": lambda d: d.amendment_ground,
    "tratamento.finalidade": lambda d: d.purpose,
    "tratamento.funcao_publica": lambda d: d.public_function,
    "tratamento.base_legal": lambda d: d.legal_basis,
    "tratamento.categorias": _categories,
    "tratamento.titulares": _subject_groups,
    "tratamento.sensiveis": _sensitive_words,
    "tratamento.criancas": lambda d: _yes_or_none(_children(d)),
    "tratamento.sigilo": lambda d: _yes_or_none(d.judicial_secrecy),
    "tratamento.transferencia": _transfer,
    "tratamento.paises": _countries,
    "tratamento.mecanismo_transferencia": lambda d: d.transfer_mechanism,
    "tratamento.suboperadores": _sub_operators,
    "tratamento.volume": lambda d: _sentence_case(phrases.VOLUMES[d.volume]) if d.volume else None,
    "tratamento.hospedagem": lambda d: d.hosting,
    "tratamento.prazo": _term,
    "tratamento.garantias": lambda d: (d.guarantees or "").strip().removesuffix(".") or None,
    "compromisso.foro": lambda _: None,
}
"""How each fact of the agreement is said. Lists, subjects and the document itself are filled by their own means."""

_CHAIN = "suboperador"
SUB_OPERATORS = Listing(
    lambda description: description.sub_operators,
    {
        "nome": lambda member: member.name,
        "identificacao": lambda member: member.identification and phrases.cnpj_in_full(member.identification),
        "servico": lambda member: member.service,
        "pais": lambda member: member.country,
    },
)

_ASSUMED: Mapping[str, str] = {"parte.termo": "parte.papel"}
"""Words that are printed on an assumption -> the placeholder whose absence must then be told."""
