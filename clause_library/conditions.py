"""When a clause applies: a tiny closed vocabulary, and the frozen situation that it is read against."""

from dataclasses import dataclass, fields


class ConditionError(ValueError):
    """A condition uses a name or a shape that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decides which clauses an agreement needs. Each field is the name of a condition.

    Whoever builds it has already chosen the protective answer for what nobody has told us.
    """

    sensitive: bool = False
    children: bool = False
    judicial_secrecy: bool = False
    international_transfer: bool = False
    sub_operators: bool = False
    public_body: bool = False
    joint_controllers: bool = False
    independent_controller: bool = False

    # What the record that a document is about adds; no clause of an instrument depends on it.
    audit_performed: bool = False
    audit_refused: bool = False
    audit_noticed: bool = False
    audit_checked: bool = False
    audit_findings: bool = False
    findings: bool = False
    data_returned: bool = False
    data_disposed: bool = False


ALWAYS = "always"
NAMES: frozenset[str] = frozenset({ALWAYS, *(field.name for field in fields(Situation))})


@dataclass(frozen=True, slots=True)
class Condition:
    """``operator`` is "name", "all", "any" or "not"; a name has ``name``, the others have ``parts``."""

    operator: str
    name: str = ""
    parts: tuple["Condition", ...] = ()

    def holds(self, situation: Situation) -> bool:
        """Tell whether the clause applies in the situation."""
        if self.operator == "name":
            return self.name == ALWAYS or bool(getattr(situation, self.name))
        if self.operator == "not":
            return not self.parts[0].holds(situation)
        results = (part.holds(situation) for part in self.parts)
        return all(results) if self.operator == "all" else any(results)

    @property
    def is_always(self) -> bool:
        """Whether the clause stands in every document."""
        return self.operator == "name" and self.name == ALWAYS


def parse_condition(raw: object) -> Condition:
    """Read a condition from TOML: a name, or a table with exactly one of ``all``, ``any``, ``not``.

    Raises:
        ConditionError: an unknown name, an empty list, or another shape.
    """
    if isinstance(raw, str):
        if raw not in NAMES:
            raise ConditionError(f"unknown condition {raw!r}; the names are {', '.join(sorted(NAMES))}")
        return Condition("name", raw)
    if isinstance(raw, dict) and len(raw) == 1:
        operator, operand = next(iter(raw.items()))
        if operator == "not":
            return Condition("not", parts=(parse_condition(operand),))
        if operator in {"all", "any"} and isinstance(operand, list) and operand:
            return Condition(operator, parts=tuple(parse_condition(part) for part in operand))
    raise ConditionError(f"a condition is a name, or one of all, any and not: {raw!r}")
