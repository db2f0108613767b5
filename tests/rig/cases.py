"""The case books: what each inciso's verdict is, in cases a jurist can read and write (``tests/cases/*.toml``).

A case has a Portuguese ``name``, the day ``on``, the ``facts`` that differ from the base (see ``tests/rig/facts.py``)
and the ``verdict``. It may also say: ``eve`` (the verdict on the day before), ``legs``, ``reason_contains``,
``next_action`` (and what its sentence contains, its day, the proofs it asks for), ``exposure``, ``parameters``, and the
``editions`` of the clauses (the days of newer texts, by clause). ``comum.toml`` is run for all twelve, with INCISO replaced; the ``[shared]`` table of a book
is laid under each of its cases.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from contracts.evaluation import evaluate
from contracts.facts import AgreementFacts
from contracts.obligation import Finding
from contracts.obligations import BY_INCISO, TWELVE
from contracts.policy import Policy
from contracts.vocabulary import INCISOS
from tests.rig.facts import WORKDAYS, base_facts, merged, policy_with

FOLDER = Path(__file__).parents[1] / "cases"

_CASE_FIELDS = {
    "name",
    "on",
    "facts",
    "verdict",
    "eve",
    "legs",
    "reason_contains",
    "next_action",
    "next_contains",
    "due_on",
    "asks_for",
    "exposure",
    "parameters",
    "editions",
}
_COMMON_FIELDS = {"except", "verdicts", "eve_verdicts"}


@dataclass(frozen=True)
class Case:
    """One case of one inciso."""

    inciso: str
    name: str
    on: date
    verdict: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    eve: str | None = None
    legs: Mapping[str, str] = field(default_factory=dict)
    reason_contains: tuple[str, ...] = ()
    next_action: str | None = None
    next_contains: str = ""
    due_on: date | None = None
    asks_for: tuple[str, ...] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    editions: Mapping[str, tuple[date, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.inciso}: {self.name}"

    @cached_property
    def agreement(self) -> AgreementFacts:
        """Return the facts the case is about, built once."""
        return base_facts(self.facts)

    def finding(self, on: date | None = None, policy: Policy | None = None, **more: Any) -> Finding:
        """Judge the case on its day, or on another, by these parameters or by other ones."""
        # IV asks which other incisos are in force, so it needs the whole book; the others are judged alone, for speed.
        more.setdefault("obligations", TWELVE if self.inciso == "IV" else (BY_INCISO[self.inciso],))
        return evaluate(
            self.agreement,
            on or self.on,
            policy=policy_with(self.parameters, policy),
            workdays=WORKDAYS,
            clause_editions=self.editions,
            **more,
        ).finding(self.inciso)

    def still_decided(self, policy: Policy) -> bool:
        """Tell whether other parameters lead to the same verdicts, on the day and on its eve."""
        if self.finding(policy=policy).verdict != self.verdict:
            return False
        return self.eve is None or self.finding(self.on - timedelta(days=1), policy).verdict == self.eve


@cache
def all_cases() -> tuple[Case, ...]:
    """Read every book, refusing fields it does not know."""
    common = tomllib.loads((FOLDER / "comum.toml").read_text(encoding="utf-8"))["case"]
    cases = []
    for inciso in INCISOS:
        book = tomllib.loads((FOLDER / f"{inciso.lower()}.toml").read_text(encoding="utf-8"))
        shared = book.get("shared", {})
        for raw in (*common, *book["case"]):
            if unknown := raw.keys() - _CASE_FIELDS - (_COMMON_FIELDS if raw in common else set()):
                raise KeyError(f"{inciso}: {raw['name']}: unknown {sorted(unknown)}")
            if inciso in raw.get("except", ()):
                continue
            cases.append(_case(inciso, _about(inciso, raw), shared))
    return tuple(cases)


def cases_of(inciso: str) -> tuple[Case, ...]:
    """Return the cases of one inciso."""
    return tuple(case for case in all_cases() if case.inciso == inciso)


def _about(inciso: str, value: Any) -> Any:
    """Put the inciso where a common case says INCISO."""
    if isinstance(value, str):
        return value.replace("INCISO", inciso)
    if isinstance(value, list):
        return [_about(inciso, item) for item in value]
    if isinstance(value, dict):
        return {_about(inciso, key): _about(inciso, item) for key, item in value.items()}
    return value


def _case(inciso: str, raw: Mapping[str, Any], shared: Mapping[str, Any]) -> Case:
    facts = merged(shared, raw.get("facts", {}))
    if "exposure" in raw:
        facts |= {"raised_exposure": raw["exposure"], "raised_exposure_reason": "Caso de teste"}
    return Case(
        inciso=inciso,
        name=raw["name"],
        on=raw["on"],
        verdict=raw.get("verdicts", {}).get(inciso, raw["verdict"]),
        facts=facts,
        eve=raw.get("eve_verdicts", {}).get(inciso, raw.get("eve")),
        legs=raw.get("legs", {}),
        reason_contains=tuple(raw.get("reason_contains", ())),
        next_action=raw.get("next_action"),
        next_contains=raw.get("next_contains", ""),
        due_on=raw.get("due_on"),
        asks_for=tuple(raw["asks_for"]) if "asks_for" in raw else None,
        parameters=raw.get("parameters", {}),
        editions={clause: tuple(days) for clause, days in raw.get("editions", {}).items()},
    )
