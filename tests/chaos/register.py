"""A fictional register for a run, in which it is known beforehand what must be asked of whom, and who will answer.

Nothing here asks the product what it would do: the periods follow from how each agreement was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from contracts.vocabulary import AgreementKind, ContactRole, DataCategory, Regime, StewardRole, SubjectGroup, UserRole
from tests.rig.cnpj import make_cnpj
from vendor_tracker import clock
from vendor_tracker.generating_rows import Writer
from vendor_tracker.store import tables
from vendor_tracker.store.search import folded
from vendor_tracker.usecases import accounts, judging
from vendor_tracker.usecases.work import Actor, act

START = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
"""Monday, 06:30 in São Paulo: the night's rounds are due, and nobody has done them."""

AFTER_JUMP = datetime(2026, 4, 6, 14, 0, tzinfo=UTC)
"""Three weeks later to the day, 11:00: the first terms end, and it is another month."""

BEFORE = START - timedelta(days=40)
SIGNED_ON = date(2026, 1, 5)
ENDS_EARLY_ON = date(2026, 3, 20)
BEGINS_LATE_ON = date(2026, 3, 18)

ENCARREGADO = "encarregado@orgao.example"
COMMITTEE = "comite@orgao.example"

ROLES: dict[str, int] = {
    "answers": 34,
    "answers twice at once": 14,
    "only drafts": 10,
    "answers late": 12,
    "answers late, by a new link": 4,
    "says nothing": 10,
    "says nothing, is given more time": 4,
    "is cancelled": 5,
    "ends early": 4,
    "begins late": 3,
}
"""How a vendor behaves, and how many of a hundred do."""

UNREACHABLE_SHARE = 0.03


@dataclass(frozen=True)
class Deal:
    """An agreement of the run: who answers under it, how, and who else is told."""

    agreement_id: int
    role: str
    preposto: str
    contacts: tuple[str, ...]
    stewards: tuple[str, ...]

    @property
    def expected_periods(self) -> tuple[str, ...]:
        """The periods that must have made one request each by the end of the run."""

        def key(cadence: str, period: str) -> str:
            return f"cadence:{self.agreement_id}:{cadence}:{period}"

        first = key("complete", SIGNED_ON.isoformat())
        match self.role:
            case "unreachable":
                return ()
            case "begins late":
                return (key("complete", BEGINS_LATE_ON.isoformat()),)
            case "ends early":
                return first, key("disposal", ENDS_EARLY_ON.isoformat())
            case "is cancelled":
                # What was asked in vain is missing still, and the month after asks for it.
                return first, key("renewal", "2026-04")
            case _:
                return (first,)


def deal_out(requests: int, random: Random) -> list[str]:
    """Deal out as many parts as there shall be first requests, each part at least once."""
    dealt = [role for role, share in ROLES.items() for _ in range(max(1, round(requests * share / 100)))]
    dealt += ["unreachable"] * max(1, round(requests * UNREACHABLE_SHARE))
    random.shuffle(dealt)
    return dealt


def fill(parts: Sequence[str], random: Random) -> list[Deal]:
    """Write an agreement for each part into the empty database of the present application, and judge them."""
    deals = []
    with clock.pretending(BEFORE):
        accounts.add_user(
            Actor("chaos"), email=ENCARREGADO, name="Helena Prado", role=UserRole.ENCARREGADO, password=None
        )
        with act(Actor("chaos")) as work:
            writer = Writer(work.session)
            operator = 0
            for number, role in enumerate(parts, 1):
                if number % 3 == 1:
                    operator = _operator(writer, number)
                deals.append(_deal(writer, operator, number, role, random))
            writer.finish()
            work.trail("chaos", "register", None, "Registro fictício da prova.")
    with clock.pretending(START - timedelta(hours=1)):
        judging.evaluate_register(actor=Actor("chaos"))
    return deals


def _operator(writer: Writer, number: int) -> int:
    name = f"Fornecedora Fictícia {number} Ltda."
    return writer.add(
        tables.Operator,
        cnpj=make_cnpj(number).value,
        name=name,
        search_name=folded(name),
        regime=Regime.PRIVATE,
        created_at=BEFORE,
        updated_at=BEFORE,
    )


def _deal(writer: Writer, operator: int, number: int, role: str, random: Random) -> Deal:
    begins = BEGINS_LATE_ON if role == "begins late" else SIGNED_ON
    agreement = writer.add(
        tables.Agreement,
        operator_id=operator,
        kind=AgreementKind.CONTRATO,
        number=f"{number:05}/2026",
        created_at=BEFORE,
        search_text=folded(f"{number:05}/2026"),
    )
    writer.add(
        tables.AgreementRevision,
        agreement_id=agreement,
        holds_from=SIGNED_ON,
        reason="Registrado",
        sei_process="01234/2026",
        object="Hospedagem de sistemas de informação",
        signed_on=SIGNED_ON,
        starts_on=begins,
        ends_on=ENDS_EARLY_ON if role == "ends early" else date(2030, 12, 31),
        purpose="Hospedagem dos sistemas do órgão",
        data_categories=[DataCategory.IDENTIFICATION.value, DataCategory.CONTACT.value],
        subject_groups=[SubjectGroup.STAFF.value],
        recorded_at=BEFORE,
    )
    preposto, contacts = "", []
    if role != "unreachable":
        preposto = f"preposto{number}@fornecedor.example"
        contacts.append((ContactRole.PREPOSTO, preposto))
    if random.random() < 0.6:
        contacts.append((ContactRole.ENCARREGADO, f"dados{number}@fornecedor.example"))
    for contact_role, email in contacts:
        writer.add(
            tables.Contact,
            operator_id=operator,
            agreement_id=agreement,
            role=contact_role,
            name="Renato Villar",
            email=email,
            since=SIGNED_ON,
            recorded_at=BEFORE,
        )
    stewards = [f"fiscal{number}@orgao.example"] if random.random() < 0.8 else []
    if random.random() < 0.5:
        stewards.append(f"gestor{number}@orgao.example")
    for email in stewards:
        writer.add(
            tables.Steward,
            agreement_id=agreement,
            role=StewardRole.FISCAL if email.startswith("fiscal") else StewardRole.GESTOR,
            name="Marta Leme",
            email=email,
            since=SIGNED_ON,
            recorded_at=BEFORE,
        )
    return Deal(agreement, role, preposto, tuple(email for _, email in contacts), tuple(stewards))
