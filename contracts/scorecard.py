"""The score of a boletim: weights × values over what is due, with every number of the arithmetic kept.

Weights and values are administrative parameters; the Portaria gives the obligations no weight. What is not due or does
not apply leaves the sum. Percentages are whole numbers rounded half up, so that 68,75 becomes 69 on any machine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from contracts.policy import PolicyOn
from contracts.vocabulary import INCISOS, Verdict

SCORED: tuple[Verdict, ...] = (Verdict.MET, Verdict.PARTIAL, Verdict.UNPROVEN, Verdict.BREACHED)
"""The verdicts that enter the sum, in the order in which the arithmetic is shown."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The obligations with one verdict: which, their weights, what each point of weight is worth, what they add."""

    verdict: Verdict
    incisos: tuple[str, ...]
    weights: tuple[int, ...]
    value_percent: int | None
    """``None`` for verdicts that are left out of the sum."""

    @property
    def weight(self) -> int:
        """Return the sum of the weights."""
        return sum(self.weights)

    @property
    def earned(self) -> Fraction:
        """Return what the line adds to the numerator."""
        return Fraction(self.weight * (self.value_percent or 0), 100)


@dataclass(frozen=True, slots=True)
class Score:
    """A number from 0 to 100, or ``None`` when nothing is due, and the lines that made it."""

    value: int | None
    lines: tuple[ScoreLine, ...]

    @property
    def weight(self) -> int:
        """Return the weight of what is due: the denominator."""
        return sum(line.weight for line in self.lines if line.value_percent is not None)

    @property
    def earned(self) -> Fraction:
        """Return the numerator."""
        return sum((line.earned for line in self.lines if line.value_percent is not None), Fraction(0))


def score_of(verdicts: Mapping[str, Verdict], policy: PolicyOn) -> Score:
    """Score the verdicts of one agreement; unknown incisos (obligations of the organisation) do not score."""
    weights = policy.table("score_weights")
    values = policy.table("score_values_percent")
    lines = []
    for verdict in (*SCORED, Verdict.NOT_DUE, Verdict.NOT_APPLICABLE):
        incisos = tuple(inciso for inciso in INCISOS if verdicts.get(inciso) is verdict)
        lines.append(
            ScoreLine(
                verdict=verdict,
                incisos=incisos,
                weights=tuple(weights[inciso] for inciso in incisos),
                value_percent=values[verdict.value] if verdict in SCORED else None,
            )
        )
    due = sum(line.weight for line in lines if line.value_percent is not None)
    percents = sum(line.weight * line.value_percent for line in lines if line.value_percent is not None)
    return Score(value=None if due == 0 else half_up(Fraction(percents, due)), lines=tuple(lines))


def half_up(number: Fraction) -> int:
    """Round to the nearest whole number, halves upwards."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def operator_score(scores: Iterable[int | None]) -> int | None:
    """Return an operator's score: that of its worst agreement, because duties are owed under each one."""
    known = [score for score in scores if score is not None]
    return min(known) if known else None


WORST_FIRST: tuple[Verdict, ...] = (
    Verdict.BREACHED,
    Verdict.UNPROVEN,
    Verdict.PARTIAL,
    Verdict.MET,
    Verdict.NOT_DUE,
    Verdict.NOT_APPLICABLE,
)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of the verdicts; ``ValueError`` when there is none."""
    return min(verdicts, key=WORST_FIRST.index)
