"""Exposure: points for what makes an agreement riskier, summed to baixa, média or alta.

Points and bands are administrative parameters (``exposure_points``, ``exposure_bands``). What nobody has told us counts
nothing and is listed as unknown. A person may raise the tier with a reason, never lower it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.facts import AgreementFacts
from contracts.obligation import Numbers
from contracts.policy import PolicyOn
from contracts.vocabulary import SENSITIVE_CATEGORIES, Exposure, SubjectGroup, VolumeBand


@dataclass(frozen=True, slots=True)
class Factor:
    """One line of the arithmetic. ``present`` is None when nobody has told us."""

    slug: str
    label: str
    present: bool | None
    detail: str
    points: int


@dataclass(frozen=True, slots=True)
class ExposureResult:
    """The tier and how it was reached."""

    tier: Exposure
    points: int
    factors: tuple[Factor, ...]
    computed_tier: Exposure
    medium_from: int
    high_from: int
    raised_reason: str = ""

    @property
    def unknown(self) -> tuple[Factor, ...]:
        """Return the factors that nobody has told us about."""
        return tuple(factor for factor in self.factors if factor.present is None)


def is_sensitive(facts: AgreementFacts) -> bool | None:
    """Tell whether sensitive data are entrusted: as declared, or because a category says so (LGPD, art. 5º, II)."""
    if facts.data_categories and not facts.data_categories.isdisjoint(SENSITIVE_CATEGORIES):
        return True
    return facts.sensitive


def involves_children(facts: AgreementFacts) -> bool | None:
    """Tell whether data of children and adolescents are entrusted: as declared, or because a group says so."""
    if facts.subject_groups and SubjectGroup.CHILDREN in facts.subject_groups:
        return True
    return facts.children


def uses_sub_operators(facts: AgreementFacts) -> bool | None:
    """Tell whether sub-operators take part: on the list, or as declared."""
    return True if facts.sub_operators else facts.uses_sub_operators


_LABELS: Mapping[str, str] = {
    "sensitive": "Dados pessoais sensíveis",
    "children": "Crianças e adolescentes",
    "judicial_secrecy": "Segredo de justiça",
    "volume": "Quantidade de titulares",
    "international_transfer": "Transferência internacional",
    "sub_operators": "Suboperadores",
    "system_access": "Acesso a sistemas do tribunal",
    "external_hosting": "Hospedagem fora do tribunal",
}

_VOLUMES: Mapping[VolumeBand, tuple[str, str]] = {
    VolumeBand.UP_TO_1K: ("até mil titulares", "volume_up_to_1k"),
    VolumeBand.UP_TO_10K: ("de mil a dez mil titulares", "volume_up_to_10k"),
    VolumeBand.UP_TO_100K: ("de dez mil a cem mil titulares", "volume_up_to_100k"),
    VolumeBand.OVER_100K: ("mais de cem mil titulares", "volume_over_100k"),
}


def _presence(facts: AgreementFacts) -> tuple[tuple[str, bool | None, str], ...]:
    """Return each factor's slug, whether it is there, and the key of its points."""
    volume = facts.volume
    return (
        ("sensitive", is_sensitive(facts), "sensitive"),
        ("children", involves_children(facts), "children"),
        ("judicial_secrecy", facts.judicial_secrecy, "judicial_secrecy"),
        ("volume", None, "") if volume is None else ("volume", True, _VOLUMES[volume][1]),
        ("international_transfer", facts.international_transfer, "international_transfer"),
        ("sub_operators", uses_sub_operators(facts), "sub_operators"),
        ("system_access", facts.system_access, "system_access"),
        ("external_hosting", facts.external_hosting, "external_hosting"),
    )


def tier_of(facts: AgreementFacts, numbers: Numbers) -> Exposure:
    """Return the tier alone, which is all that a judgement needs; see :func:`exposure_of` for the arithmetic."""
    points, bands = numbers["exposure_points"], numbers["exposure_bands"]
    if isinstance(points, int) or isinstance(bands, int):  # A malformed policy: let it say so itself.
        return exposure_of(facts, numbers.policy).tier
    # The same questions as _presence asks, without its table: this is done for every agreement of the register.
    total = 0 if facts.volume is None else points[_VOLUMES[facts.volume][1]]
    if is_sensitive(facts):
        total += points["sensitive"]
    if involves_children(facts):
        total += points["children"]
    if facts.judicial_secrecy:
        total += points["judicial_secrecy"]
    if facts.international_transfer:
        total += points["international_transfer"]
    if facts.sub_operators or facts.uses_sub_operators:
        total += points["sub_operators"]
    if facts.system_access:
        total += points["system_access"]
    if facts.external_hosting:
        total += points["external_hosting"]
    tier = _tier(total, bands["medium_from"], bands["high_from"])
    return tier if facts.raised_exposure is None else _raised(tier, facts.raised_exposure)


def exposure_of(facts: AgreementFacts, policy: PolicyOn) -> ExposureResult:
    """Sum the points of one agreement and name its tier, with every line of the arithmetic."""
    points = policy.table("exposure_points")
    bands = policy.table("exposure_bands")
    details = {
        "volume": _VOLUMES[facts.volume][0] if facts.volume else "",
        "international_transfer": ", ".join(facts.transfer_countries),
        "sub_operators": ", ".join(sub.name for sub in facts.sub_operators),
    }
    factors = tuple(
        Factor(slug, _LABELS[slug], present, _said(slug, present, details.get(slug, "")), points[key] if present else 0)
        for slug, present, key in _presence(facts)
    )
    total = sum(factor.points for factor in factors)
    computed = _tier(total, bands["medium_from"], bands["high_from"])
    tier = _raised(computed, facts.raised_exposure)
    return ExposureResult(
        tier=tier,
        points=total,
        factors=factors,
        computed_tier=computed,
        medium_from=bands["medium_from"],
        high_from=bands["high_from"],
        raised_reason=facts.raised_exposure_reason if tier is not computed else "",
    )


def _said(slug: str, present: bool | None, detail: str) -> str:
    if present is None:
        return "não informado"
    if not present:
        return "não"
    if slug == "volume":
        return detail
    return f"sim: {detail}" if detail else "sim"


_ORDER = (Exposure.LOW, Exposure.MEDIUM, Exposure.HIGH)


def _raised(computed: Exposure, raised: Exposure | None) -> Exposure:
    """Return the tier a person raised it to, unless that would lower it."""
    return raised if raised is not None and _ORDER.index(raised) > _ORDER.index(computed) else computed


def _tier(points: int, medium_from: int, high_from: int) -> Exposure:
    if points >= high_from:
        return Exposure.HIGH
    return Exposure.MEDIUM if points >= medium_from else Exposure.LOW
