"""The closed list of placeholders: what each is called, where its value comes from, and its bounds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from clause_library.phrases import UNITS
from contracts.policy import PolicyOn
from contracts.vocabulary import Exposure

_EXPOSURE_ROW = "exposure"


class PlaceholderError(ValueError):
    """The list of placeholders is malformed, or a parameter does not fit its placeholder."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A placeholder filled from the agreement. ``field`` is its place in ``AgreementDescription``."""

    name: str
    label: str
    field: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A placeholder filled from an administrative parameter; ``unit`` is one of ``phrases.UNITS``.

    ``policy`` is the key in ``contracts/policy.toml``; ``row`` the line of its table, or "" when it is one number.
    """

    name: str
    label: str
    unit: str
    policy: str
    row: str = ""
    maximum: int | None = None

    def check(self, number: object) -> int:
        """Return the number when a document may carry it.

        Raises:
            PlaceholderError: not a whole number from zero, or above what a norm allows.
        """
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise PlaceholderError(f"“{self.label}” deve ser um número inteiro, a partir de zero.")
        if self.maximum is not None and number > self.maximum:
            raise PlaceholderError(f"“{self.label}” não pode passar de {self.maximum} {self.unit}.")
        return number


@dataclass(frozen=True, slots=True)
class Placeholders:
    """Every placeholder by name."""

    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]

    @property
    def names(self) -> frozenset[str]:
        """The names that clauses and documents may use."""
        return frozenset(self.facts) | frozenset(self.parameters)


def parse_placeholders(text: str) -> Placeholders:
    """Read the list, refusing whatever it does not know.

    Raises:
        PlaceholderError: not TOML, an unknown or missing key, a wrong type, an unknown unit, a misplaced name.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlaceholderError(f"placeholders file is not valid TOML: {error}") from error
    if document.keys() != {"facts", "parameters"}:
        raise PlaceholderError("placeholders file must have exactly the sections facts and parameters")
    facts = {}
    for name, raw in document["facts"].items():
        _check_keys(name, raw, {"label", "field"})
        if name.startswith("parametro."):
            raise PlaceholderError(f"{name}: a name that begins with parametro. belongs to the section parameters")
        facts[name] = Fact(name, raw["label"], raw["field"])
    parameters = {}
    for name, raw in document["parameters"].items():
        _check_keys(name, raw, {"label", "unit", "policy"}, {"row", "maximum"})
        if not name.startswith("parametro."):
            raise PlaceholderError(f"{name}: the name of a parameter begins with parametro.")
        if raw["unit"] not in UNITS:
            raise PlaceholderError(f"{name}: unknown unit {raw['unit']!r}")
        parameters[name] = Parameter(name, **raw)
    return Placeholders(MappingProxyType(facts), MappingProxyType(parameters))


def _check_keys(name: str, raw: object, required: set[str], optional: frozenset[str] | set[str] = frozenset()) -> None:
    if not isinstance(raw, dict):
        raise PlaceholderError(f"{name}: must be a section")
    if wrong := (raw.keys() - required - optional) | (required - raw.keys()):
        raise PlaceholderError(f"{name}: unknown or missing key {', '.join(sorted(wrong))}")
    for key, value in raw.items():
        if not isinstance(value, int if key == "maximum" else str):
            raise PlaceholderError(f"{name}: {key} has the wrong type")


@cache
def load_placeholders() -> Placeholders:
    """The list of the product, read once a process."""
    return parse_placeholders(files("clause_library").joinpath("placeholders.toml").read_text(encoding="utf-8"))


def document_parameters(policy: PolicyOn, exposure: Exposure) -> dict[str, int]:
    """The numbers of every ``parametro.`` placeholder, by its name without the prefix, for ``drafting``.

    A parameter that the policy does not have is left out: the document then asks for it, and invents nothing.
    """
    known = {parameter.key for parameter in policy.policy.parameters}
    numbers = {}
    for placeholder in load_placeholders().parameters.values():
        if placeholder.policy not in known:
            continue
        if placeholder.row:
            row = exposure.value if placeholder.row == _EXPOSURE_ROW else placeholder.row
            number = policy.table(placeholder.policy)[row]
        else:
            number = policy.number(placeholder.policy)
        numbers[placeholder.name.removeprefix("parametro.")] = number
    return numbers
