"""Facts for tests: an agreement with everything in order, and what a case changes in it.

``base_facts()`` is an agreement of low exposure, from 05/01/2026 to 31/12/2028, that on 15/06/2026 meets eleven
obligations; XII is not yet due. A case says only what matters, as nested tables over that base:

* a plain field replaces the base's: ``ends_on = 2026-06-30``;
* every list of records is a table by name: ``evidence.log_policy.received_on = 2025-01-10`` changes one field,
  ``evidence.log_policy = false`` takes the record away, and a new name adds one (with every field it needs);
* ``false`` where a day, a number or a slug is expected, and ``"unknown"`` anywhere, is ``None``: nobody has told us;
* ``people = false`` leaves the list of people unknown;
* ``readings`` of a paper are written ``readings.XI = "missing"``, or as a table with quote, place and missing idea.

A name or field that does not exist is an error, never ignored.
"""

import enum
import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from contracts import facts as f
from contracts.evaluation import Assessment, evaluate
from contracts.policy import Override, Policy
from contracts.vocabulary import INCISOS, Formality
from contracts.workdays import Workdays

DAY = date(2026, 6, 15)
"""A Monday on which the base has everything in order."""

WORKDAYS = Workdays(frozenset({date(2026, 6, 4), date(2026, 7, 1)}), "CNJ")
"""Monday to Friday, less Corpus Christi of 2026 and one local closed day."""

LISTS: Mapping[str, tuple[type, str]] = {
    "sub_operators": (f.SubOperatorFact, "sub_operator"),
    "contacts": (f.ContactFact, "contact"),
    "instruments": (f.InstrumentFact, "instrument"),
    "evidence": (f.EvidenceFact, "evidence"),
    "requests": (f.RequestFact, "request"),
    "audits": (f.AuditFact, "audit"),
    "corrective_actions": (f.CorrectiveActionFact, "corrective_action"),
    "deviations": (f.DeviationFact, "deviation"),
    "incidents": (f.IncidentFact, "incident"),
    "instructions": (f.InstructionFact, "instruction"),
    "assistance": (f.AssistanceFact, "assistance"),
    "people": (f.PersonFact, "person"),
    "calendar": (f.DeliveryFact, "calendar"),
    "channel_tests": (f.ChannelTestFact, "channel_test"),
    "proposals": (f.ProposalFact, "proposal"),
}


def _proof(kind: str, inciso: str, label: str, **more: Any) -> dict[str, Any]:
    return {
        "label": label,
        "kind": kind,
        "incisos": [inciso],
        "received_on": date(2026, 5, 4),
        "decision": "accepted",
        "decided_on": date(2026, 5, 6),
        **more,
    }


BASE: Mapping[str, Any] = {
    "id": 1,
    "label": "Contrato nº 12/2026",
    "kind": "contrato",
    "regime": "private",
    "signed_on": date(2025, 12, 20),
    "starts_on": date(2026, 1, 5),
    "ends_on": date(2028, 12, 31),
    "purpose": "Suporte ao sistema de gestão de pessoas",
    "public_function": "Gestão de pessoas do Poder Judiciário",
    "guarantees": "Sigilo, controle de acesso e eliminação ao fim",
    "subject_access": "Aviso publicado no portal",
    "reviewed_on": date(2026, 2, 2),
    "data_categories": ["identification", "contact", "functional"],
    "subject_groups": ["staff"],
    "sensitive": False,
    "children": False,
    "judicial_secrecy": False,
    "volume": "up_to_1k",
    "international_transfer": False,
    "system_access": False,
    "external_hosting": False,
    "uses_sub_operators": False,
    "contacts": {
        "incident_channel": {
            "label": "Central de incidentes",
            "role": "incident_channel",
            "since": date(2026, 1, 5),
            "reachable_always": True,
        },
        "preposto": {"label": "Preposto", "role": "preposto", "since": date(2026, 1, 5)},
    },
    "instruments": {
        "contrato": {
            "label": "Contrato nº 12/2026",
            "kind": "original",
            "signed_on": date(2025, 12, 20),
            "signed_by_both": True,
            "in_force_from": date(2026, 1, 5),
            "published_on": date(2026, 1, 2),
            "readings": dict.fromkeys((*INCISOS, *(point.value for point in Formality)), "covered"),
        }
    },
    "evidence": {
        "incident_channel": _proof("incident_channel", "I", "Ficha de comunicação de incidentes"),
        "log_policy": _proof("log_policy", "II", "Política de registros"),
        "log_sample": _proof("log_sample", "II", "Amostra de registros"),
        "penetration_test": _proof("penetration_test", "V", "Teste de intrusão", covers_service=True),
        "processing_record": _proof("processing_record", "VI", "Registro de operações"),
        "directives": _proof("directives_acknowledgement", "VII", "Ciência das diretrizes"),
        "own_use": _proof("own_use_declaration", "VII", "Declaração de não uso"),
        "access_review": _proof("access_review", "VIII", "Revisão de acessos"),
        "assistance": _proof("assistance_procedure", "X", "Procedimento de auxílio"),
    },
    "audits": {
        "first": {
            "label": "Auditoria nº 3/2026",
            "planned_on": date(2026, 5, 18),
            "performed_on": date(2026, 5, 19),
            "concluded_on": date(2026, 5, 20),
        }
    },
    "people": {
        "ana": {
            "label": "Analista 1",
            "has_need": True,
            "committed_on": date(2026, 1, 5),
            "access_from": date(2026, 1, 5),
        },
        "bia": {
            "label": "Analista 2",
            "has_need": True,
            "committed_on": date(2026, 1, 5),
            "access_from": date(2026, 1, 5),
        },
    },
    "calendar": {
        "logs": {
            "label": "Envio combinado: registros de acesso",
            "what": "Registros de acesso",
            "months": 3,
            "agreed_on": date(2026, 1, 12),
            "reviewed_on": date(2026, 1, 12),
            "last_delivered_on": date(2026, 4, 13),
            "next_due_on": date(2026, 7, 13),
        }
    },
}


def base_facts(changes: Mapping[str, Any] | None = None) -> f.AgreementFacts:
    """Build the base with ``changes`` laid over it; see the module's docstring for how they are written."""
    return build(merged(BASE, changes or {}))


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``changes`` over ``base``, table by table."""
    result = dict(base)
    for key, value in changes.items():
        held = result.get(key)
        result[key] = merged(held, value) if isinstance(held, Mapping) and isinstance(value, Mapping) else value
    return result


def build(tables: Mapping[str, Any]) -> f.AgreementFacts:
    """Turn plain tables into facts, converting slugs to enumerations by the type each field declares."""
    values: dict[str, Any] = {}
    ids = iter(range(1, 10_000))
    for key, value in tables.items():
        if key in LISTS:
            if value is False:
                values[key] = None
                continue
            cls, kind = LISTS[key]
            values[key] = tuple(
                _record(cls, kind, next(ids), name, item) for name, item in value.items() if item is not False
            )
        elif key == "disposal":
            values[key] = None if value is False else _record(f.DisposalFact, "disposal", next(ids), "disposal", value)
        elif key in {"role", "dispensation"}:
            values[key] = (
                None if value is False else _plain({"role": f.RoleDecision, "dispensation": f.Dispensation}[key], value)
            )
        else:
            values[key] = _converted(_hints(f.AgreementFacts)[key], value)
    return f.AgreementFacts(**values)


def _record(cls: type, kind: str, id: int, name: str, item: Mapping[str, Any]) -> Any:
    rest = {key: value for key, value in item.items() if key != "label"}
    if cls is f.InstrumentFact:
        rest.setdefault("signed_by_both", None)
        rest.setdefault("signed_on", None)
        rest.setdefault("in_force_from", None)
    if cls is f.IncidentFact:
        rest.setdefault("suspected_at", None)
        rest.setdefault("reported_at", None)
    if cls is f.PersonFact:
        rest.setdefault("has_need", None)
        rest.setdefault("committed_on", None)
    if cls in {f.AuditFact, f.SubOperatorFact}:
        rest.setdefault("planned_on" if cls is f.AuditFact else "authorised_on", None)
    if cls is f.EvidenceFact:
        rest.setdefault("decision", None)
    if cls is f.InstructionFact:
        rest.setdefault("due_on", None)
    if cls is f.DeliveryFact:
        rest.setdefault("months", None)
    return _plain(cls, {"record": f.Record(kind, id, item.get("label", name)), **rest})


def _plain(cls: type, item: Mapping[str, Any]) -> Any:
    hints = _hints(cls)
    unknown = item.keys() - {field.name for field in fields(cls)}
    if unknown:
        raise KeyError(f"{cls.__name__} has no field {sorted(unknown)}")
    return cls(**{key: _converted(hints[key], value) for key, value in item.items()})


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _converted(hint: Any, value: Any) -> Any:
    if isinstance(value, Mapping) and typing.get_origin(hint) is Mapping:
        if typing.get_args(hint)[1] is not f.CoverageFact:
            return dict(value)
        return {point: _reading(point, reading) for point, reading in value.items() if reading is not False}
    if value == "unknown":
        return None
    if value is False and type(None) in typing.get_args(hint) and bool not in typing.get_args(hint):
        return None
    for option in _options(hint):
        if isinstance(option, type) and issubclass(option, enum.Enum) and isinstance(value, str):
            return option(value)
        if typing.get_origin(option) is frozenset and isinstance(value, list):
            (member,) = typing.get_args(option)
            return frozenset(_converted(member, item) for item in value)
        if typing.get_origin(option) is tuple and isinstance(value, list):
            return tuple(value)
    return value


def _options(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


def _reading(point: str, reading: Any) -> f.CoverageFact:
    given = {"coverage": reading} if isinstance(reading, str) else dict(reading)
    return _plain(f.CoverageFact, {"point": point, **given})


def policy_with(changes: Mapping[str, Any], policy: Policy | None = None) -> Policy:
    """Return the parameters with some numbers changed from the first day on; a table may be given in part."""
    policy = policy or Policy.load()
    if not changes:
        return policy
    overrides = []
    for key, value in changes.items():
        first = policy.parameter(key).values[0]
        whole = {**first.value, **value} if isinstance(first.value, Mapping) else value
        overrides.append(Override(key, first.since, whole))
    return policy.with_overrides(overrides)


def judged(
    changes: Mapping[str, Any] | None = None,
    on: date = DAY,
    *,
    parameters: Mapping[str, Any] | None = None,
    policy: Policy | None = None,
    **more: Any,
) -> Assessment:
    """Judge the base with ``changes`` on a day; ``more`` goes to :func:`contracts.evaluation.evaluate`."""
    return evaluate(base_facts(changes), on, policy=policy_with(parameters or {}, policy), workdays=WORKDAYS, **more)
