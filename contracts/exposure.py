"""Exposure: points for what makes an agreement riskier, summed to baixa, média or alta.

Points and bands are administrative parameters (``exposure_points``, ``exposure_bands``). What nobody has told us counts
nothing and is listed as unknown. A person may raise the tier with a reason, never lower it.
"""

from dataclasses import dataclass

from contracts.facts import AgreementFacts
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
    if facts.data_categories and facts.data_categories & SENSITIVE_CATEGORIES:
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


_VOLUMES = {
    VolumeBand.UP_TO_1K: ("até mil titulares", ""),
    VolumeBand.UP_TO_10K: ("de mil a 10 mil titulares", "volume_up_to_10k"),
    VolumeBand.UP_TO_100K: ("de 10 mil a 100 mil titulares", "volume_up_to_100k"),
    VolumeBand.OVER_100K: ("mais de 100 mil titulares", "volume_over_100k"),
}


def exposure_of(facts: AgreementFacts, policy: PolicyOn) -> ExposureResult:
    """Sum the points of one agreement and name its tier, with every line of the arithmetic."""
    points = policy.table("exposure_points")
    bands = policy.table("exposure_bands")
    sub_operators = [sub.name for sub in facts.sub_operators]
    lines: list[tuple[str, str, bool | None, str]] = [
        ("sensitive", "Dados pessoais sensíveis", is_sensitive(facts), ""),
        ("children", "Crianças e adolescentes", involves_children(facts), ""),
        ("judicial_secrecy", "Segredo de justiça", facts.judicial_secrecy, ""),
        ("international_transfer", "Transferência internacional", facts.international_transfer,
         ", ".join(facts.transfer_countries)),
        ("sub_operators", "Suboperadores", uses_sub_operators(facts), ", ".join(sub_operators)),
        ("system_access", "Acesso a sistemas do CNJ", facts.system_access, ""),
        ("external_hosting", "Hospedagem fora do CNJ", facts.external_hosting, ""),
    ]
    factors = [
        Factor(slug, label, present, _said(present, detail), points[slug] if present else 0)
        for slug, label, present, detail in lines
    ]
    if facts.volume is None:
        factors.insert(3, Factor("volume", "Quantidade de titulares", None, _said(None, ""), 0))
    else:
        words, key = _VOLUMES[facts.volume]
        worth = points[key] if key else 0
        factors.insert(3, Factor("volume", "Quantidade de titulares", True, words, worth))
    total = sum(factor.points for factor in factors)
    computed = _tier(total, bands["medium_from"], bands["high_from"])
    order = (Exposure.LOW, Exposure.MEDIUM, Exposure.HIGH)
    raised = facts.raised_exposure
    tier = raised if raised is not None and order.index(raised) > order.index(computed) else computed
    return ExposureResult(
        tier=tier,
        points=total,
        factors=tuple(factors),
        computed_tier=computed,
        medium_from=bands["medium_from"],
        high_from=bands["high_from"],
        raised_reason=facts.raised_exposure_reason if tier is not computed else "",
    )


def _said(present: bool | None, detail: str) -> str:
    if present is None:
        return "não informado"
    if not present:
        return "não"
    return f"sim: {detail}" if detail else "sim"


def _tier(points: int, medium_from: int, high_from: int) -> Exposure:
    if points >= high_from:
        return Exposure.HIGH
    return Exposure.MEDIUM if points >= medium_from else Exposure.LOW
