"""What the forms of the register share: how one is answered, its kinds of field, its words."""

from collections.abc import Callable
from typing import Any

from wtforms import SelectChoice, SelectField
from wtforms.fields.choices import Choice
from wtforms.validators import InputRequired
from wtforms.widgets import ListWidget, RadioInput

from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.forms import DayField, SlugField, StaffForm, number_of, place_error
from vendor_tracker.web.shell import settings
from vendor_tracker.wording.labels import REGIME_HELP, role_help
from vendor_tracker.wording.register import countries

LONG = 8_000
CNPJ_HELP = (
    "Serve para encontrar os acordos da mesma entidade e não registrá-la duas vezes. São 14 caracteres; desde julho de "
    "2026, novos CNPJ podem ter letras. Exemplo: 12.ABC.345/01DE-35."
)


REGIME_HINTS = {regime.value: text for regime, text in REGIME_HELP.items()}


def role_hints() -> dict[str, str]:
    """Return the sentence beside each choice of papel, in the name of the body that runs the product."""
    return {role.value: text for role, text in role_help(settings().body.acronym).items()}


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
        super().__init__(text, coerce=number_of, choices=[SelectChoice("", blank)], validate_choice=False, **options)

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
            yield Choice(choice.value, choice.label, number_of(choice.value) == self.data, {})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes it
        """Refuse what is not on the list."""
        if self.data is not None and str(self.data) not in {choice.value for choice in self.choices or ()}:
            message = "Escolha uma das opções da lista."
            raise ValueError(message)


class CountryField(SelectField):
    """A country, Brazil first; the data are its two letters."""

    def __init__(self, text: str = "País", **options: Any) -> None:
        """List the countries in Portuguese."""
        super().__init__(
            text, choices=[SelectChoice(code, name) for code, name in countries()], default="BR", **options
        )


class UntilForm(StaffForm):
    """The last day of something."""

    until = DayField(
        "Último dia", [InputRequired("Informe o último dia.")], description="O registro anterior continua no histórico."
    )
