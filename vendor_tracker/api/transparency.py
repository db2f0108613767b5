"""What the public portal shows, page by page: the same fields, held back and masked in the same way."""

from typing import Any

from marshmallow import fields

from contracts.vocabulary import AgreementKind, DataCategory, PublicField, SubjectGroup
from vendor_tracker.api.fields import Day, Page, PageQuery, Schema, Slug, Text, paged
from vendor_tracker.api.schemas import one_of
from vendor_tracker.api.subject import Subject
from vendor_tracker.usecases import transparency
from vendor_tracker.usecases.transparency import STAGES, PublicFilters

blueprint = Subject("api_transparency", "/transparency", "Transparência")


class TransparencyQuery(PageQuery):
    """Which agreements of the public portal."""

    q = Text(
        longest=100,
        load_default="",
        metadata={"description": "Palavras do nome, do CNPJ ou do número do instrumento."},
    )
    category = Slug(DataCategory, load_default=None)
    group = Slug(SubjectGroup, load_default=None)
    stage = fields.String(
        load_default=STAGES[0],
        validate=one_of(STAGES),
        metadata={"description": "Em vigor, encerrados ou todos."},
    )


class PublicAgreementOut(Schema):
    """An agreement as the public sees it; what is held back is null or empty, and its ground is in ``withheld``."""

    kind = Slug(AgreementKind, required=True, allow_none=True)
    instrument = fields.String(required=True, allow_none=True)
    party = fields.String(required=True, allow_none=True)
    party_id = fields.String(required=True, allow_none=True)
    purpose = fields.String(required=True, allow_none=True)
    legal_basis = fields.String(required=True, allow_none=True)
    data_categories = fields.List(Slug(DataCategory), required=True)
    subject_groups = fields.List(Slug(SubjectGroup), required=True)
    starts_on = Day(required=True, allow_none=True)
    ends_on = Day(required=True, allow_none=True)
    ended = fields.Boolean(required=True, allow_none=True)
    international_transfer = fields.Boolean(required=True, allow_none=True)
    transfer_countries = fields.List(fields.String(), required=True)
    withheld = fields.Dict(
        keys=Slug(PublicField),
        values=fields.String(),
        required=True,
        metadata={"description": "Os campos retidos, cada um com o fundamento legal."},
    )


class PublicAgreementPage(Page):
    """A page of the public list."""

    items = fields.List(fields.Nested(PublicAgreementOut), required=True)


@blueprint.get("")
@blueprint.arguments(TransparencyQuery, location="query")
@blueprint.response(200, PublicAgreementPage)
def index(query: dict[str, Any]) -> dict[str, Any]:
    """Lista os acordos do portal público, pelo nome da outra parte."""
    filters = PublicFilters(query["q"], query["category"], query["group"], query["stage"])
    found = transparency.public_list(filters=filters, number=query["page"], size=query["page_size"])
    items = [
        {
            "kind": item.kind,
            "instrument": item.instrument or None,
            "party": item.party or None,
            "party_id": item.party_id or None,
            "purpose": item.purpose or None,
            "legal_basis": item.legal_basis or None,
            "data_categories": item.data_categories,
            "subject_groups": item.subject_groups,
            "starts_on": item.starts_on,
            "ends_on": item.ends_on,
            "ended": item.ended,
            "international_transfer": item.international_transfer,
            "transfer_countries": item.transfer_countries,
            "withheld": item.withheld,
        }
        for item in found.items
    ]
    return paged(items, number=found.number, size=found.size, total=found.total)
