"""The register: operators, agreements and who answers for them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import (
    AgreementKind,
    ContactRole,
    DispensationGround,
    EndReason,
    Exposure,
    Regime,
    Role,
    StewardRole,
    VolumeBand,
)
from vendor_tracker.store.base import Identified, Model, Moment, Recorded, Slug, Versioned


class Operator(Identified, Model):
    """Who holds personal data of the court: a company, a body, a foreign entity."""

    __tablename__ = "operator"

    cnpj: Mapped[str | None] = mapped_column(String(14), unique=True)
    """Fourteen characters, upper case, without mask."""
    foreign_id: Mapped[str | None] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    search_name: Mapped[str] = mapped_column(String(300), index=True)
    """The name without accents and in lower case, for search."""
    regime: Mapped[Regime | None] = mapped_column(Slug(Regime))
    country: Mapped[str] = mapped_column(String(2), default="BR")
    address: Mapped[str] = mapped_column(String(400), default="")
    source: Mapped[str] = mapped_column(String(40), default="manual")
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Agreement(Identified, Model):
    """An instrument under which personal data are entrusted. What it says is in its revisions."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("kind", "number", "operator_id"),)

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    kind: Mapped[AgreementKind] = mapped_column(Slug(AgreementKind))
    number: Mapped[str] = mapped_column(String(60))
    """As printed on the instrument, e.g. ``00004/2023``."""
    pncp_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Identity in another source (Contratos.gov.br), prefixed by the source."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    source: Mapped[str] = mapped_column(String(40), default="manual")
    source_hash: Mapped[str] = mapped_column(String(64), default="")
    """Fingerprint of what the source last said, so that an unchanged row is recognised."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    current_revision_id: Mapped[int | None] = mapped_column(Integer, index=True)
    """The revision that lists show; kept by :func:`vendor_tracker.store.register.add_revision`.

    There is no constraint behind it, because the revision already points back here.
    """
    search_text: Mapped[str] = mapped_column(Text, default="")


class AgreementRevision(Recorded, Model):
    """What is known of an agreement from a day on: a whole picture, never changed; the next one replaces it."""

    __tablename__ = "agreement_revision"
    __table_args__ = (Index("ix_agreement_revision_lookup", "agreement_id", "holds_from", "id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    holds_from: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it was recorded: "Importado do PNCP", "1º termo aditivo", "Dados completados"."""

    sei_process: Mapped[str] = mapped_column(String(60), default="")
    object: Mapped[str] = mapped_column(Text, default="")
    signed_on: Mapped[date | None] = mapped_column(Date)
    published_on: Mapped[date | None] = mapped_column(Date)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date, index=True)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[EndReason | None] = mapped_column(Slug(EndReason))
    value: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))

    role: Mapped[Role | None] = mapped_column(Slug(Role))
    role_justification: Mapped[str] = mapped_column(Text, default="")
    role_approved_by: Mapped[str] = mapped_column(String(200), default="")
    role_approved_on: Mapped[date | None] = mapped_column(Date)
    dispensation_ground: Mapped[DispensationGround | None] = mapped_column(Slug(DispensationGround))
    dispensation_detail: Mapped[str] = mapped_column(Text, default="")
    dispensation_by: Mapped[str] = mapped_column(String(200), default="")
    dispensation_on: Mapped[date | None] = mapped_column(Date)

    purpose: Mapped[str | None] = mapped_column(Text)
    public_function: Mapped[str | None] = mapped_column(Text)
    legal_basis: Mapped[str | None] = mapped_column(Text)
    guarantees: Mapped[str | None] = mapped_column(Text)
    subject_access: Mapped[str | None] = mapped_column(Text)
    reviewed_on: Mapped[date | None] = mapped_column(Date, index=True)
    data_categories: Mapped[list[str] | None] = mapped_column(JSON)
    subject_groups: Mapped[list[str] | None] = mapped_column(JSON)
    sensitive: Mapped[bool | None] = mapped_column(Boolean)
    children: Mapped[bool | None] = mapped_column(Boolean)
    judicial_secrecy: Mapped[bool | None] = mapped_column(Boolean)
    volume: Mapped[VolumeBand | None] = mapped_column(Slug(VolumeBand))
    international_transfer: Mapped[bool | None] = mapped_column(Boolean)
    transfer_countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    system_access: Mapped[bool | None] = mapped_column(Boolean)
    external_hosting: Mapped[bool | None] = mapped_column(Boolean)
    uses_sub_operators: Mapped[bool | None] = mapped_column(Boolean)
    nobody_has_access: Mapped[bool | None] = mapped_column(Boolean)
    """True when it is on record that no person of the operator has access to the data (inciso VIII)."""
    raised_exposure: Mapped[Exposure | None] = mapped_column(Slug(Exposure))
    raised_exposure_reason: Mapped[str] = mapped_column(Text, default="")

    incident_term_hours: Mapped[int | None] = mapped_column(Integer)
    assistance_term_days: Mapped[int | None] = mapped_column(Integer)
    disposal_term_days: Mapped[int | None] = mapped_column(Integer)

    secret: Mapped[bool] = mapped_column(Boolean, default=False)
    """Parts are protected (art. 5º): files of the agreement open only to the roles that need them."""
    secrecy_ground: Mapped[str] = mapped_column(Text, default="")


class AgreementTerm(Recorded, Model):
    """An aditivo, apostilamento or rescission that the source lists for an agreement."""

    __tablename__ = "agreement_term"
    __table_args__ = (UniqueConstraint("agreement_id", "kind", "number"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    """``aditivo``, ``apostilamento`` or ``rescisao``."""
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date | None] = mapped_column(Date)
    new_ends_on: Mapped[date | None] = mapped_column(Date)
    object: Mapped[str] = mapped_column(Text, default="")


class Contact(Versioned, Model):
    """Who answers for an operator, for all its agreements or for one."""

    __tablename__ = "contact"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    role: Mapped[ContactRole] = mapped_column(Slug(ContactRole))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    document: Mapped[str] = mapped_column(String(200), default="")
    """What formalised the appointment."""
    reachable_always: Mapped[bool | None] = mapped_column(Boolean)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class Steward(Versioned, Model):
    """The gestor or fiscal of an agreement on the court's side, by portaria."""

    __tablename__ = "steward"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    role: Mapped[StewardRole] = mapped_column(Slug(StewardRole))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    portaria: Mapped[str] = mapped_column(String(120), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class SubOperator(Versioned, Model):
    """A sub-operator in the chain of an agreement."""

    __tablename__ = "sub_operator"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    parent_lineage: Mapped[int | None] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(300))
    cnpj: Mapped[str | None] = mapped_column(String(14))
    country: Mapped[str] = mapped_column(String(2), default="BR")
    activity: Mapped[str] = mapped_column(String(300), default="")
    authorised_on: Mapped[date | None] = mapped_column(Date)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    bound_on: Mapped[date | None] = mapped_column(Date)
    """The day of the instrument by which it took on the operator's duties."""
    bound_by: Mapped[str | None] = mapped_column(String(300))
    """That instrument, as whoever engaged it named it."""
    bound_incisos: Mapped[list[str] | None] = mapped_column(JSON)
    """The incisos of art. 14 whose duties it carries on; null when nobody has said."""


class ImportBatch(Recorded, Model):
    """A file that was read for import: its preview, and what applying it did."""

    __tablename__ = "import_batch"

    source: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    preview: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[dict[str, object] | None] = mapped_column(JSON)
