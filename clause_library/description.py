"""What a document needs to know about an agreement. ``None`` always means *nobody has told us*, never "no"."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary import (
    AgreementKind,
    Coverage,
    DataCategory,
    Regime,
    Role,
    SubjectGroup,
    VolumeBand,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The court: the body that entrusts the data. Its acronym is read as masculine ("o CNJ", "o TRT")."""

    name: str
    acronym: str
    cnpj: str | None = None
    address: str | None = None
    signatory_name: str | None = None
    signatory_position: str | None = None
    encarregado_name: str | None = None
    encarregado_contact: str | None = None
    incident_channel: str | None = None
    data_subject_channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The other party. A foreign one has ``foreign_id`` instead of a CNPJ."""

    name: str
    regime: Regime | None = None
    cnpj: str | None = None
    foreign_id: str | None = None
    address: str | None = None
    representative_name: str | None = None
    representative_position: str | None = None
    preposto_name: str | None = None
    preposto_email: str | None = None
    incident_channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubOperator:
    """Somebody who processes the entrusted data on the operator's behalf."""

    name: str
    identification: str | None = None
    service: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDescription:
    """One agreement as a document describes it.

    An empty tuple of ``sub_operators`` says that there are none; an empty tuple of categories, groups or countries
    says nothing, and is asked for like ``None``.
    """

    body: Body
    operator: Operator
    kind: AgreementKind
    number: str | None = None
    process: str | None = None
    object: str | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    unit: str | None = None
    gestor: str | None = None
    fiscal: str | None = None
    amendment_ground: str | None = None
    """The provision that allows the instrument to be amended, as the legal staff write it."""
    role: Role | None = None
    """The other party's role; ``None`` is drafted as operator, which is what art. 14, caput, presumes."""
    purpose: str | None = None
    public_function: str | None = None
    legal_basis: str | None = None
    categories: tuple[DataCategory, ...] | None = None
    subject_groups: tuple[SubjectGroup, ...] | None = None
    sensitive: bool | None = None
    children: bool | None = None
    judicial_secrecy: bool | None = None
    international_transfer: bool | None = None
    transfer_countries: tuple[str, ...] | None = None
    transfer_mechanism: str | None = None
    sub_operators: tuple[SubOperator, ...] | None = None
    volume: VolumeBand | None = None
    hosting: str | None = None
    processing_term: str | None = None
    """How long the data are processed; ``None`` is drafted from the days of the agreement, when known."""
    guarantees: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A point that the signed instruments do not cover, or cover in part, as a person confirmed.

    ``point`` is an inciso ("XI"), the slug of a ``Formality`` ("purpose"), or the code of an obligation of the
    organisation, which the library has no clause for.

    Raises:
        ValueError: the reading is only proposed, not confirmed.
    """

    point: str
    coverage: Coverage
    missing_idea: str = ""

    def __post_init__(self) -> None:
        """Refuse a reading that nobody has confirmed."""
        if self.coverage is Coverage.POSSIBLE:
            raise ValueError(
                f"A leitura do ponto {self.point} ainda não foi confirmada. "
                "Confirme se o instrumento o cobre, cobre em parte ou não cobre, antes de redigir o termo aditivo."
            )
