"""The base of every staff form and the few fields that Brazilian data need."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import Choice
from wtforms.fields.core import UnboundField
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from contracts.cnpj import Cnpj, CnpjError
from vendor_tracker.usecases import accounts
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.wording.labels import label


class StaffForm(FlaskForm):
    """A form whose messages are Portuguese and that can carry a refusal that belongs to no field."""

    class Meta(FlaskForm.Meta):
        """WTForms' own words in Portuguese; those a reader sees are ours anyway."""

        locales = ("pt_BR", "pt")

    form_errors: list[str]

    def refuse(self, sentence: str) -> None:
        """Say why the form as a whole was refused; the error summary prints it."""
        self.form_errors = [*self.form_errors, sentence]


def field_labels(blueprint: str) -> dict[str, str]:
    """Return the label of each field name that the forms use, for a page that has the names and no form.

    A name that several forms use is labelled as the forms of ``blueprint`` do; where they do not use it either, or
    differ among themselves, it is left out.
    """
    own: dict[str, set[str]] = {}
    every: dict[str, set[str]] = {}
    waiting = list(StaffForm.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name in dir(form):
            text = _label_of(getattr(form, name))
            if text:
                every.setdefault(name, set()).add(text)
                if blueprint in form.__module__.split("."):
                    own.setdefault(name, set()).add(text)
    return {name: min(texts) for name, texts in {**every, **own}.items() if len(texts) == 1}


def _label_of(field: object) -> str:
    """Return the label of a field of a form's class, before any form is made of it."""
    if not isinstance(field, UnboundField):
        return ""
    return str(field.kwargs.get("label") or (field.args[0] if field.args else "") or "")


def place_error(form: StaffForm, error: UseCaseError) -> None:
    """Put a use case's refusal beside its field, or on top when it has none."""
    if error.field and error.field in form:
        target = form[error.field]
        target.errors = [*target.errors, error.message]
    else:
        form.refuse(error.message)


class DayField(DateField):
    """A day: the browser's own control; typed dd/mm/aaaa is understood too. The data are a ``date`` or ``None``."""

    data: Any

    def __init__(self, text: str | None = None, validators: Any = None, **options: Any) -> None:
        """Accept both ways of writing a day."""
        super().__init__(text, validators, format=["%Y-%m-%d", "%d/%m/%Y"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; an impossible one says how to write it."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            self.data = None
            message = "Informe um dia que exista, por exemplo 31/12/2026."
            raise ValueError(message) from None
        if self.data is not None and not date(1950, 1, 1) <= self.data <= date(2150, 12, 31):
            self.data = None
            message = "Confira o ano: a data está fora do período esperado."
            raise ValueError(message)


class MoneyField(StringField):
    """An amount in reais, typed and shown the Brazilian way; the data are a ``Decimal`` with two places or ``None``."""

    data: Any

    widget = TextInput()

    def __init__(self, text: str | None = None, validators: Any = None, **options: Any) -> None:
        """Offer the numeric keyboard on phones."""
        options.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(text, validators, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read ``1.234.567,89``, with or without R$."""
        text = (valuelist[0] if valuelist else "").replace("R$", "").replace("\u00a0", " ").strip()
        self.data = None
        if not text:
            return
        try:
            amount = parse_decimal(text, locale="pt_BR", strict=True)
        except NumberFormatError:
            message = "Informe o valor como 1.234.567,89."
            raise ValueError(message) from None
        if not 0 <= amount < Decimal("1e14"):
            message = "Informe um valor positivo."
            raise ValueError(message)
        self.data = amount.quantize(Decimal("0.01"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_decimal(self.data, "#,##0.00", locale="pt_BR")


class CnpjField(StringField):
    """A CNPJ, classic or alphanumeric; the data are fourteen characters without mask, or ``None``."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read and check the number; the message says what is wrong with it."""
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if text:
            try:
                self.data = Cnpj.parse(text).value
            except CnpjError as error:
                raise ValueError(str(error)) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return Cnpj.parse(self.data).formatted if self.data else ""


class WholeField(IntegerField):
    """A whole number with a Portuguese message."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        text = valuelist[0].strip()
        if not text.isdecimal() or len(text) > 9:
            self.data = None
            message = "Informe um número inteiro, sem pontos."
            raise ValueError(message)
        self.data = int(text)


class YesNoField(RadioField):
    """Sim, não or não sei; the data are ``True``, ``False`` or ``None``."""

    data: Any

    def __init__(self, text: str | None = None, validators: Any = None, **options: Any) -> None:
        """Offer the three answers."""
        options.setdefault(
            "choices",
            [SelectChoice("sim", "Sim"), SelectChoice("nao", "Não"), SelectChoice("", "Ainda não sei")],
        )
        super().__init__(text, validators, coerce=_yes_no, validate_choice=False, **options)

    def process_data(self, value: Any) -> None:
        """Show what is on record."""
        self.data = value

    def iter_choices(self) -> Any:
        """Mark the present answer."""
        here = {True: "sim", False: "nao", None: ""}[self.data]
        for choice in self.choices or ():
            yield Choice(choice.value, choice.label, choice.value == here, {})

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the answer."""
        self.data = _yes_no(valuelist[0]) if valuelist else None


def _yes_no(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    return {"sim": True, "nao": False}.get(str(value))


def slug_choices(members: Iterable[StrEnum], *, blank: str | None = None) -> list[SelectChoice]:
    """Return choices for enumeration members, each with its Portuguese label."""
    first = [SelectChoice("", blank)] if blank is not None else []
    return first + [SelectChoice(member.value, label(member)) for member in members]


class SlugField(SelectField):
    """One member of an enumeration; the data are the member or ``None``."""

    data: Any

    def __init__(
        self,
        text: str | None,
        enumeration: type[StrEnum],
        *,
        blank: str | None = None,
        members: Any = None,
        **options: Any,
    ) -> None:
        """List the members with their labels; ``blank`` is what choosing none says."""
        self.enumeration = enumeration
        validators = options.pop("validators", None)
        super().__init__(
            text,
            validators,
            choices=slug_choices(members or enumeration, blank=blank),
            coerce=lambda value: enumeration(value) if value else None,
            validate_choice=False,
            **options,
        )

    def process_data(self, value: Any) -> None:
        """Show what is on record."""
        self.data = self.enumeration(value) if value else None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the member; an invented one is refused."""
        text = valuelist[0] if valuelist else ""
        try:
            self.data = self.enumeration(text) if text else None
        except ValueError:
            self.data = None
            message = "Escolha uma das opções da lista."
            raise ValueError(message) from None

    def iter_choices(self) -> Any:
        """Mark the present member."""
        here = self.data.value if self.data else ""
        for choice in self.choices or ():
            yield Choice(choice.value, choice.label, choice.value == here, {})


class SlugsField(SelectMultipleField):
    """Several members of an enumeration, as check boxes; the data are a list of members."""

    data: Any

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, text: str | None, enumeration: type[StrEnum], **options: Any) -> None:
        """List the members with their labels."""
        self.enumeration = enumeration
        validators = options.pop("validators", None)
        super().__init__(
            text,
            validators,
            choices=slug_choices(enumeration),
            coerce=enumeration,
            validate_choice=False,
            **options,
        )

    def process_data(self, value: Any) -> None:
        """Show what is on record."""
        self.data = [self.enumeration(slug) for slug in value or ()]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the members; an invented one is refused."""
        try:
            self.data = [self.enumeration(text) for text in valuelist]
        except ValueError:
            self.data = []
            message = "Escolha entre as opções da lista."
            raise ValueError(message) from None

    def iter_choices(self) -> Any:
        """Mark the present members."""
        here = {member.value for member in self.data or ()}
        for choice in self.choices or ():
            yield Choice(choice.value, choice.label, choice.value in here, {})


class UnitField(SelectField):
    """A unit of the court; the data are its id or ``None``."""

    data: Any

    def __init__(self, text: str | None, **options: Any) -> None:
        """Start without choices: they come from the register when the form is shown."""
        validators = options.pop("validators", None)
        super().__init__(text, validators, choices=[], coerce=number_of, validate_choice=False, **options)

    def process_data(self, value: Any) -> None:
        """Show what is on record."""
        self.data = value

    def iter_choices(self) -> Any:
        """List the active units."""
        yield Choice("", "Não informada", self.data is None, {})
        for unit_id, name in accounts.unit_options():
            yield Choice(str(unit_id), name, unit_id == self.data, {})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes it
        """Refuse a unit that is not on the list."""
        if self.data is not None and self.data not in {unit_id for unit_id, _ in accounts.unit_options()}:
            message = "Escolha uma das unidades da lista."
            raise ValueError(message)


def number_of(value: Any) -> int | None:
    """Return the id that a field or an address carries, or ``None``."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


__all__ = [
    "CnpjField",
    "DayField",
    "Field",
    "MoneyField",
    "SlugField",
    "SlugsField",
    "StaffForm",
    "UnitField",
    "WholeField",
    "YesNoField",
    "number_of",
    "place_error",
    "slug_choices",
]
