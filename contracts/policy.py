"""Administrative parameters: the numbers that the Portaria leaves open, dated and each with the person who decides it.

The numbers live in ``policy.toml``, beside this file. None of them is law, and pages say so. An administrator may
override any of them from a day on; nothing is ever overwritten, so that a past day keeps the numbers it was judged by.
A question that has no answer (unknown key, day before the first value) is an error, never a silent default.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType

from contracts.vocabulary import INCISOS, EvidenceKind, Exposure, FindingSeverity

UNITS: tuple[str, ...] = (
    "horas corridas",
    "dias corridos",
    "dias úteis",
    "meses",
    "pontos",
    "peso",
    "por cento",
    "sim ou não",
    "vezes",
)
"""Every unit a parameter may carry. "sim ou não" is 1 or 0."""

KEY_SETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "EvidenceKind": tuple(kind.value for kind in EvidenceKind),
        "Exposure": tuple(tier.value for tier in Exposure),
        "FindingSeverity": tuple(severity.value for severity in FindingSeverity),
        "Inciso": INCISOS,
    }
)
"""The closed lists that a table may be keyed by; such a table answers for every member, no more and no less."""


class PolicyError(ValueError):
    """Something about the parameters is wrong; the message is Portuguese and says what to do."""


class PolicyFileError(PolicyError):
    """The parameters file is malformed."""


class UnknownParameterError(PolicyError):
    """No parameter has this key."""


class NoValueError(PolicyError):
    """The parameter has no value yet on the day asked about."""


class OverrideError(PolicyError):
    """An override does not fit the parameter it names."""


class Group(StrEnum):
    """The part of the work that a parameter belongs to; the pages list parameters by it."""

    EVIDENCE = "evidence"
    TERMS = "terms"
    REQUESTS = "requests"
    INCIDENTS = "incidents"
    EXPOSURE = "exposure"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is worth from a day on: a whole number, or a table of whole numbers."""

    since: date
    value: int | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Override:
    """An administrator's decision: this parameter is worth this from this day on. A table is given whole."""

    key: str
    since: date
    value: int | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One administrative parameter with its whole history, oldest value first.

    ``minimum`` and ``maximum`` bound every number, inclusive. ``keyed_by`` names the closed list that keys a table
    (see ``KEY_SETS``); a table with keys of its own has their Portuguese labels in ``entries`` instead.
    """

    key: str
    label: str
    unit: str
    decided_by: str
    note: str
    values: tuple[Value, ...]
    group: Group
    minimum: int
    maximum: int
    keyed_by: str | None = None
    entries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def table_keys(self) -> tuple[str, ...]:
        """The keys of the table, in order; empty when the parameter is a single number."""
        return KEY_SETS[self.keyed_by] if self.keyed_by else tuple(self.entries)

    @property
    def is_table(self) -> bool:
        """Whether the value is a table of numbers."""
        return bool(self.table_keys)

    def on(self, day: date) -> Value:
        """The value in force on ``day``.

        Raises:
            NoValueError: ``day`` is before the first value.
        """
        for value in reversed(self.values):
            if value.since <= day:
                return value
        first = self.values[0].since
        raise NoValueError(
            f"O parâmetro “{self.label}” só tem valor a partir de {first:%d/%m/%Y}; "
            f"não é possível avaliar {day:%d/%m/%Y}. Escolha um dia a partir dessa data."
        )

    def check(self, value: object) -> int | Mapping[str, int]:
        """Return ``value`` frozen, when it fits this parameter.

        Raises:
            PolicyError: wrong shape, missing or extra keys, a number out of bounds, or entries that contradict each
                other; the message says which.
        """
        if self.is_table:
            if not isinstance(value, Mapping):
                raise PolicyError(f"“{self.label}” é uma tabela: informe um número para cada linha.")
            if missing := [key for key in self.table_keys if key not in value]:
                raise PolicyError(f"“{self.label}”: falta o valor de {', '.join(missing)}.")
            if extra := sorted(str(key) for key in value if key not in self.table_keys):
                raise PolicyError(f"“{self.label}”: não existe a linha {', '.join(extra)}.")
            table = {key: self._check_number(value[key]) for key in self.table_keys}
            self._check_order(table)
            return MappingProxyType(table)
        return self._check_number(value)

    def _check_number(self, number: object) -> int:
        if not isinstance(number, int) or isinstance(number, bool):
            raise PolicyError(f"“{self.label}”: informe um número inteiro.")
        if not self.minimum <= number <= self.maximum:
            raise PolicyError(
                f"“{self.label}”: {number} está fora do intervalo de {self.minimum} a {self.maximum} ({self.unit})."
            )
        return number

    def _check_order(self, table: Mapping[str, int]) -> None:
        """Refuse numbers that are each possible and together absurd."""
        numbers = list(table.values())
        if self.key in _INCREASING and any(a >= b for a, b in pairwise(numbers)):
            raise PolicyError(f"“{self.label}”: cada valor deve ser maior que o da linha anterior.")
        if self.key == "score_weights" and not any(numbers):
            raise PolicyError(f"“{self.label}”: ao menos um inciso precisa ter peso maior que zero.")


_INCREASING = frozenset({"exposure_bands", "reminder_steps_days", "incident_severity_bands"})


@dataclass(frozen=True, slots=True)
class PolicyOn:
    """The parameters as they stand on one day."""

    policy: "Policy"
    day: date

    def parameter(self, key: str) -> Parameter:
        """The parameter with its label, unit and history.

        Raises:
            UnknownParameterError: no parameter has this key.
        """
        return self.policy.parameter(key)

    def value(self, key: str) -> Value:
        """The value in force on the day, with the day it holds from.

        Raises:
            UnknownParameterError: no parameter has this key.
            NoValueError: the day is before the first value.
        """
        return self.policy.parameter(key).on(self.day)

    def number(self, key: str) -> int:
        """The number in force on the day, in the parameter's own unit.

        Raises:
            UnknownParameterError: no parameter has this key.
            NoValueError: the day is before the first value.
            PolicyError: the parameter is a table.
        """
        value = self.value(key).value
        if isinstance(value, int):
            return value
        raise PolicyError(f"O parâmetro “{key}” é uma tabela; consulte-o linha a linha.")

    def table(self, key: str) -> Mapping[str, int]:
        """The table in force on the day, read-only, in the parameter's own unit.

        Raises:
            UnknownParameterError: no parameter has this key.
            NoValueError: the day is before the first value.
            PolicyError: the parameter is a single number.
        """
        value = self.value(key).value
        if isinstance(value, int):
            raise PolicyError(f"O parâmetro “{key}” é um número só; não tem linhas.")
        return value


@dataclass(frozen=True, slots=True)
class Policy:
    """All parameters: those of the file, and the administrator's overrides laid over them."""

    base: tuple[Parameter, ...]
    overrides: tuple[Override, ...] = ()
    _effective: Mapping[str, Parameter] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the overrides over the file, checking each."""
        by_key = {parameter.key: parameter for parameter in self.base}
        decided: dict[str, dict[date, Value]] = {}
        for override in self.overrides:
            parameter = by_key.get(override.key)
            if parameter is None:
                raise OverrideError(f"Não existe o parâmetro “{override.key}”.")
            decided.setdefault(override.key, {})[override.since] = _checked_override(parameter, override)
        for key, values in decided.items():
            by_key[key] = _overlaid(by_key[key], values)
        object.__setattr__(self, "_effective", MappingProxyType(by_key))

    @staticmethod
    def load() -> "Policy":
        """Read ``policy.toml`` (once a process).

        Raises:
            PolicyFileError: the file is malformed.
        """
        return _load()

    def with_overrides(self, overrides: Iterable[Override]) -> "Policy":
        """A new policy with these decisions added.

        From its day on an override wins over the file for good, until another override: a new edition of the file
        never undoes an administrator's decision. Of two for the same parameter and day, the later given wins.

        Raises:
            OverrideError: unknown parameter, value that does not fit, or a day before the parameter's first value.
        """
        return Policy(self.base, (*self.overrides, *overrides))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter with its history, overrides included, in the file's order."""
        return tuple(self._effective.values())

    def parameter(self, key: str) -> Parameter:
        """One parameter with its history, overrides included.

        Raises:
            UnknownParameterError: no parameter has this key.
        """
        try:
            return self._effective[key]
        except KeyError:
            raise UnknownParameterError(f"Não existe o parâmetro “{key}”. Confira o nome em policy.toml.") from None

    def on(self, day: date) -> PolicyOn:
        """The parameters as they stand on ``day``."""
        return PolicyOn(self, day)


def _checked_override(parameter: Parameter, override: Override) -> Value:
    first = parameter.values[0].since
    if override.since < first:
        raise OverrideError(f"“{parameter.label}” não pode ser alterado com efeito antes de {first:%d/%m/%Y}.")
    try:
        return Value(override.since, parameter.check(override.value))
    except PolicyError as error:
        raise OverrideError(str(error)) from error


def _overlaid(parameter: Parameter, decided: Mapping[date, Value]) -> Parameter:
    """Keep the file's values up to the first decision, then only the decisions."""
    first = min(decided)
    kept = [value for value in parameter.values if value.since < first]
    values = (*kept, *(decided[since] for since in sorted(decided)))
    return Parameter(
        parameter.key,
        parameter.label,
        parameter.unit,
        parameter.decided_by,
        parameter.note,
        values,
        parameter.group,
        parameter.minimum,
        parameter.maximum,
        parameter.keyed_by,
        parameter.entries,
    )


@cache
def _load() -> Policy:
    return parse_policy(files("contracts").joinpath("policy.toml").read_text(encoding="utf-8"))


_REQUIRED = frozenset({"label", "unit", "decided_by", "note", "group", "minimum", "maximum", "values"})
_OPTIONAL = frozenset({"keyed_by", "entries"})


def parse_policy(text: str) -> Policy:
    """Read a parameters file: one TOML table a parameter, refusing whatever it does not know.

    Raises:
        PolicyFileError: not TOML, unknown or missing fields, a value that does not fit, or days out of order.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyFileError(f"O arquivo de parâmetros não é TOML válido: {error}.") from error
    return Policy(tuple(_parse_parameter(key, raw) for key, raw in document.items()))


def _parse_parameter(key: str, raw: object) -> Parameter:
    if not isinstance(raw, dict):
        raise PolicyFileError(f"“{key}” deve ser uma seção do arquivo, com rótulo, unidade e valores.")
    if unknown := sorted(raw.keys() - _REQUIRED - _OPTIONAL):
        raise PolicyFileError(f"Parâmetro “{key}”: campo desconhecido: {', '.join(unknown)}.")
    if missing := sorted(_REQUIRED - raw.keys()):
        raise PolicyFileError(f"Parâmetro “{key}”: falta o campo {', '.join(missing)}.")
    for name in ("label", "unit", "decided_by", "note"):
        if not isinstance(raw[name], str) or not raw[name].strip():
            raise PolicyFileError(f"Parâmetro “{key}”: o campo {name} deve ser um texto.")
    if raw["unit"] not in UNITS:
        raise PolicyFileError(f"Parâmetro “{key}”: unidade desconhecida: {raw['unit']}.")
    if raw["group"] not in set(Group):
        raise PolicyFileError(f"Parâmetro “{key}”: grupo desconhecido: {raw['group']}.")
    keyed_by, entries = raw.get("keyed_by"), raw.get("entries", {})
    if keyed_by is not None and keyed_by not in KEY_SETS:
        raise PolicyFileError(f"Parâmetro “{key}”: lista desconhecida em keyed_by: {keyed_by}.")
    if keyed_by is not None and entries:
        raise PolicyFileError(f"Parâmetro “{key}”: use keyed_by ou entries, não os dois.")
    if not isinstance(entries, dict) or not all(isinstance(label, str) and label for label in entries.values()):
        raise PolicyFileError(f"Parâmetro “{key}”: entries deve dar um rótulo a cada linha da tabela.")
    if any(type(raw[name]) is not int for name in ("minimum", "maximum")):
        raise PolicyFileError(f"Parâmetro “{key}”: minimum e maximum devem ser números inteiros.")
    bare = Parameter(
        key,
        raw["label"],
        raw["unit"],
        raw["decided_by"],
        raw["note"],
        (),
        Group(raw["group"]),
        raw["minimum"],
        raw["maximum"],
        keyed_by,
        MappingProxyType(dict(entries)),
    )
    return _overlaid(bare, _parse_values(bare, raw["values"]))


def _parse_values(parameter: Parameter, raw: object) -> dict[date, Value]:
    if not isinstance(raw, list) or not raw:
        raise PolicyFileError(f"Parâmetro “{parameter.key}”: values deve listar ao menos um valor com a sua data.")
    values: dict[date, Value] = {}
    for item in raw:
        if not isinstance(item, dict) or item.keys() != {"since", "value"}:
            raise PolicyFileError(f"Parâmetro “{parameter.key}”: cada valor tem exatamente since e value.")
        since = item["since"]
        if not isinstance(since, date) or isinstance(since, datetime):
            raise PolicyFileError(f"Parâmetro “{parameter.key}”: since deve ser um dia (AAAA-MM-DD).")
        if values and since <= max(values):
            raise PolicyFileError(f"Parâmetro “{parameter.key}”: os valores devem vir em ordem de data, sem repetir.")
        try:
            values[since] = Value(since, parameter.check(item["value"]))
        except PolicyError as error:
            raise PolicyFileError(str(error)) from error
    return values
