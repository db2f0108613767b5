"""What the API takes and gives: days in ISO 8601, moments in UTC, money as a string, closed lists as English slugs."""

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from contracts.vocabulary import (
    INCISOS,
    AgreementKind,
    ContactRole,
    Coverage,
    DataCategory,
    EvidenceKind,
    Exposure,
    IncidentSource,
    LegState,
    Regime,
    RequestKind,
    RequestState,
    ReviewDecision,
    Role,
    SubjectGroup,
    Verdict,
    VolumeBand,
)
from vendor_tracker.api.fields import (
    LARGEST_ID,
    Day,
    Money,
    Page,
    PageQuery,
    Schema,
    Slug,
    Text,
    country,
    identity,
    judged_day,
)
from vendor_tracker.usecases.document_kinds import KIND_NAMES

STAGES = ("in_force", "ending", "closed", "future")
STANDINGS = ("waiting", "late", "review", "closed")
DOCUMENTS = tuple(KIND_NAMES)


def one_of(choices: tuple[str, ...]) -> validate.OneOf:
    """Return the check that a text is one of a few."""
    return validate.OneOf(choices, error="Use um destes: {choices}.")


# -- operators --------------------------------------------------------------------------------------------------------


class OperatorQuery(PageQuery):
    """Which operators."""

    q = Text(longest=100, load_default="", metadata={"description": "Palavras do nome, CNPJ ou documento estrangeiro."})
    regime = Slug(Regime, load_default=None)
    order = fields.String(load_default="name", validate=one_of(("name", "worst")))


class OperatorLine(Schema):
    """An operator in a list."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    cnpj = fields.String(required=True, allow_none=True, metadata={"description": "14 caracteres, sem pontuação."})
    foreign_id = fields.String(required=True, allow_none=True)
    regime = Slug(Regime, required=True, allow_none=True)
    agreements = fields.Integer(required=True)
    in_force = fields.Integer(required=True)
    breached = fields.Integer(required=True, metadata={"description": "Obrigações descumpridas, em todos os acordos."})
    worst_score = fields.Integer(required=True, allow_none=True)
    exposure = Slug(Exposure, required=True, allow_none=True)


class OperatorPage(Page):
    """A page of operators."""

    items = fields.List(fields.Nested(OperatorLine), required=True)


class ContactOut(Schema):
    """Who answers for an operator."""

    role = Slug(ContactRole, required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True)
    agreement_id = fields.Integer(required=True, allow_none=True)
    since = Day(required=True)
    until = Day(required=True, allow_none=True)


class OperatorsAgreement(Schema):
    """An agreement of an operator."""

    id = fields.Integer(required=True)
    kind = Slug(AgreementKind, required=True)
    number = fields.String(required=True)
    object = fields.String(required=True)
    starts_on = Day(required=True, allow_none=True)
    ends_on = Day(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    exposure = Slug(Exposure, required=True, allow_none=True)
    breached = fields.Integer(required=True)
    stage = fields.String(required=True)
    next_due_on = Day(required=True, allow_none=True)


class OperatorOut(Schema):
    """An operator."""

    id = fields.Integer(required=True)
    name = fields.String(required=True, attribute="title")
    cnpj = fields.String(required=True, allow_none=True)
    foreign_id = fields.String(required=True, allow_none=True)
    regime = Slug(Regime, required=True, allow_none=True)
    country = fields.String(required=True)
    address = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    contacts = fields.List(fields.Nested(ContactOut), required=True)
    agreements = fields.List(fields.Nested(OperatorsAgreement), required=True)


class NewOperator(Schema):
    """An operator to register: by CNPJ, or by the identification of a foreign entity."""

    cnpj = Text(longest=18, load_default=None, metadata={"description": "Com ou sem pontuação."})
    foreign_id = Text(longest=60, load_default=None)
    name = Text(longest=300, shortest=1, required=True)
    regime = Slug(Regime, load_default=None)
    country = country()
    address = Text(longest=400, load_default="")


# -- agreements -------------------------------------------------------------------------------------------------------


class AgreementQuery(PageQuery):
    """Which agreements."""

    q = Text(longest=100, load_default="", metadata={"description": "Número, processo, número do PNCP, objeto, nome."})
    kind = Slug(AgreementKind, load_default=None)
    exposure = Slug(Exposure, load_default=None)
    stage = fields.String(load_default="", validate=one_of(("", *STAGES)))


class AgreementLine(Schema):
    """An agreement in a list."""

    id = fields.Integer(required=True)
    kind = Slug(AgreementKind, required=True)
    number = fields.String(required=True)
    operator_id = fields.Integer(required=True)
    operator = fields.String(required=True)
    unit = fields.String(required=True)
    object = fields.String(required=True)
    starts_on = Day(required=True, allow_none=True)
    ends_on = Day(required=True, allow_none=True)
    ended_on = Day(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    exposure = Slug(Exposure, required=True, allow_none=True)
    breached = fields.Integer(required=True)
    stage = fields.String(required=True)


class AgreementPage(Page):
    """A page of agreements."""

    items = fields.List(fields.Nested(AgreementLine), required=True)


class AgreementOut(Schema):
    """An agreement: what is on record, and how it stands today."""

    id = fields.Integer(required=True)
    label = fields.String(required=True)
    kind = Slug(AgreementKind, required=True)
    number = fields.String(required=True)
    pncp_id = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True)
    operator_id = fields.Integer(required=True)
    operator = fields.String(required=True)
    cnpj = fields.String(required=True, allow_none=True)
    sei_process = fields.String(required=True)
    object = fields.String(required=True)
    signed_on = Day(required=True, allow_none=True)
    published_on = Day(required=True, allow_none=True)
    starts_on = Day(required=True, allow_none=True)
    ends_on = Day(required=True, allow_none=True, metadata={"description": "Último dia, com as prorrogações."})
    ended_on = Day(required=True, allow_none=True)
    value = Money(required=True, allow_none=True)
    role = Slug(Role, required=True, allow_none=True)
    role_approved_on = Day(required=True, allow_none=True)
    purpose = fields.String(required=True, allow_none=True)
    legal_basis = fields.String(required=True, allow_none=True)
    data_categories = fields.List(Slug(DataCategory), required=True, allow_none=True)
    subject_groups = fields.List(Slug(SubjectGroup), required=True, allow_none=True)
    volume = Slug(VolumeBand, required=True, allow_none=True)
    sensitive = fields.Boolean(required=True, allow_none=True)
    children = fields.Boolean(required=True, allow_none=True)
    judicial_secrecy = fields.Boolean(required=True, allow_none=True)
    international_transfer = fields.Boolean(required=True, allow_none=True)
    stage = fields.String(required=True)
    score = fields.Integer(required=True, allow_none=True)
    exposure = Slug(Exposure, required=True)
    verdicts = fields.Dict(keys=fields.String(), values=Slug(Verdict), required=True)
    missing = fields.List(fields.String(), required=True, metadata={"description": "O que ninguém informou ainda."})


class NewAgreement(Schema):
    """An agreement to register, with its operator, who is registered too when new."""

    kind = Slug(AgreementKind, required=True)
    number = Text(longest=60, shortest=1, required=True)
    cnpj = Text(longest=18, load_default=None)
    foreign_id = Text(longest=60, load_default=None)
    operator_name = Text(longest=300, load_default="")
    regime = Slug(Regime, load_default=None)
    country = country()
    sei_process = Text(longest=60, load_default="")
    pncp_id = Text(longest=40, load_default="")
    object = Text(longest=5000, load_default="")
    signed_on = Day(load_default=None)
    published_on = Day(load_default=None)
    starts_on = Day(load_default=None)
    ends_on = Day(load_default=None)
    value = Money(load_default=None)


class AssessmentQuery(Schema):
    """On which day."""

    on = judged_day("Dia da avaliação, com o que se sabia então; sem ele, hoje.")


class FindingOut(Schema):
    """How one obligation stands."""

    inciso = fields.String(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf([verdict.value for verdict in Verdict]))
    legs = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.OneOf([state.value for state in LegState])),
        required=True,
        metadata={"description": "Aspectos: instrument (Previsto), evidence (Demonstrado), conduct (Cumprido)."},
    )
    reasons = fields.List(fields.String(), required=True)
    next_action = fields.String(required=True)


class AssessmentOut(Schema):
    """How an agreement stands on a day."""

    agreement = fields.Integer(required=True)
    on = fields.String(required=True, metadata={"format": "date"})
    score = fields.Integer(required=True, allow_none=True)
    exposure = fields.String(required=True, validate=validate.OneOf([tier.value for tier in Exposure]))
    findings = fields.List(fields.Nested(FindingOut), required=True)


# -- documents --------------------------------------------------------------------------------------------------------


class NewDocument(Schema):
    """A document to issue."""

    kind = fields.String(required=True, validate=one_of(DOCUMENTS))
    number = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(min=1, max=99, error="Use um número de 1 a 99."),
        metadata={"description": "Número de ordem do termo aditivo; sem ele, o seguinte ao último conhecido."},
    )
    subject_id = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(min=1, max=LARGEST_ID),
        metadata={
            "description": (
                "Do que o documento trata além do acordo: a requisição, ou o registro de auditoria, incidente, "
                "devolução ou descarte, ou pessoa autorizada. Só para os documentos que tratam de um deles."
            )
        },
    )


class DocumentOut(Schema):
    """An issued document."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "Código de verificação."})
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Em bytes."})
    issued_at = fields.AwareDateTime(required=True)
    issued_by = fields.String(required=True)
    agreement_id = fields.Integer(required=True)
    missing = fields.Integer(required=True, metadata={"description": "Quantos fatos faltam no documento."})
    file_url = fields.String(required=True)


class DocumentPage(Page):
    """A page of issued documents."""

    items = fields.List(fields.Nested(DocumentOut), required=True)


# -- requests ---------------------------------------------------------------------------------------------------------


class RequestQuery(PageQuery):
    """Which requests."""

    q = Text(longest=100, load_default="", metadata={"description": "Número da requisição, operador ou acordo."})
    standing = fields.String(load_default="", validate=one_of(("", *STANDINGS)))
    kind = Slug(RequestKind, load_default=None)
    operator_id = identity(load_default=None)
    agreement_id = identity(load_default=None)


class RequestLine(Schema):
    """A request in a list."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    kind = Slug(RequestKind, required=True)
    state = Slug(RequestState, required=True)
    operator_id = fields.Integer(required=True)
    operator = fields.String(required=True)
    agreement_id = fields.Integer(required=True)
    agreement = fields.String(required=True)
    opened_on = Day(required=True)
    due_on = Day(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)


class RequestPage(Page):
    """A page of requests."""

    items = fields.List(fields.Nested(RequestLine), required=True)


class FileOut(Schema):
    """A file that the vendor sent."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Em bytes."})
    sha256 = fields.String(required=True)


class AnswerOut(Schema):
    """One round's answer to an item."""

    round = fields.Integer(required=True)
    text = fields.String(required=True)
    cannot_deliver = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    decision = fields.String(required=True)
    decision_reason = fields.String(required=True)
    files = fields.List(fields.Nested(FileOut), required=True)


class ItemOut(Schema):
    """One question of a request."""

    position = fields.Integer(required=True)
    inciso = fields.String(required=True)
    title = fields.String(required=True)
    question = fields.String(required=True)
    evidence_id = fields.Integer(required=True, allow_none=True)
    answers = fields.List(fields.Nested(AnswerOut), required=True)


class EventOut(Schema):
    """Something that happened to a request."""

    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    note = fields.String(required=True)
    who = fields.String(required=True)
    due_on = Day(required=True)


class ReceiptOut(Schema):
    """A receipt given to the vendor."""

    protocol = fields.String(required=True)
    round = fields.Integer(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    submitted_by = fields.String(required=True)
    sha256 = fields.String(required=True)


class RequestOut(RequestLine):
    """A request with its questions, answers, history and receipts."""

    reason = fields.String(required=True)
    items = fields.List(fields.Nested(ItemOut), required=True)
    events = fields.List(fields.Nested(EventOut), required=True)
    receipts = fields.List(fields.Nested(ReceiptOut), required=True)


# -- scorecards, proofs, incidents ------------------------------------------------------------------------------------


class AgreementScoreOut(Schema):
    """An agreement of a scorecard."""

    id = fields.Integer(required=True)
    label = fields.String(required=True)
    score = fields.Integer(required=True, allow_none=True)
    exposure = Slug(Exposure, required=True)
    stage = fields.String(required=True)
    verdicts = fields.Dict(keys=fields.String(), values=Slug(Verdict), required=True)
    next_due_on = Day(required=True, allow_none=True)
    judged_on = Day(required=True)


class ScorecardOut(Schema):
    """One operator: of each inciso the worst situação of its agreements, the lowest score, the highest exposure."""

    id = fields.Integer(required=True, metadata={"description": "Id do operador."})
    name = fields.String(required=True)
    cnpj = fields.String(required=True, allow_none=True)
    foreign_id = fields.String(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    exposure = Slug(Exposure, required=True)
    verdicts = fields.Dict(keys=fields.String(), values=Slug(Verdict), required=True)
    agreements = fields.List(fields.Nested(AgreementScoreOut), required=True)


class ScorecardPage(Page):
    """A page of scorecards."""

    items = fields.List(fields.Nested(ScorecardOut), required=True)


class EvidenceQuery(PageQuery):
    """Which proofs."""

    operator_id = identity(load_default=None)
    agreement_id = identity(load_default=None)
    waiting = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={"description": "Só as que aguardam conferência."},
    )


class EvidenceOut(Schema):
    """A proof on file."""

    id = fields.Integer(required=True)
    operator_id = fields.Integer(required=True)
    operator = fields.String(required=True)
    kind = Slug(EvidenceKind, required=True)
    title = fields.String(required=True)
    received_on = Day(required=True)
    decision = Slug(ReviewDecision, required=True, allow_none=True)
    decided_on = Day(required=True, allow_none=True)
    valid_from = Day(required=True, allow_none=True)
    valid_until = Day(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
    incisos = fields.List(fields.String(), required=True)
    agreements = fields.List(fields.Integer(), required=True)


class EvidencePage(Page):
    """A page of proofs."""

    items = fields.List(fields.Nested(EvidenceOut), required=True)


class IncidentQuery(PageQuery):
    """Which incidents."""

    operator_id = identity(load_default=None)
    agreement_id = identity(load_default=None)


class IncidentOut(Schema):
    """An incident on record."""

    id = fields.Integer(required=True)
    agreement_id = fields.Integer(required=True)
    agreement = fields.String(required=True)
    operator_id = fields.Integer(required=True)
    operator = fields.String(required=True)
    title = fields.String(required=True)
    suspected_at = fields.AwareDateTime(required=True, allow_none=True)
    learned_at = fields.AwareDateTime(required=True)
    reported_at = fields.AwareDateTime(required=True, allow_none=True)
    source = Slug(IncidentSource, required=True)


class IncidentPage(Page):
    """A page of incidents."""

    items = fields.List(fields.Nested(IncidentOut), required=True)


# -- signed instruments ------------------------------------------------------------------------------------------------


class CheckFiles(Schema):
    """The file to read."""

    file = Upload(required=True, metadata={"description": "O instrumento assinado, em PDF, DOCX ou texto."})


class CheckedPointOut(Schema):
    """What the file says about one inciso."""

    coverage = Slug(
        Coverage,
        required=True,
        metadata={
            "description": "Proposta da máquina, a confirmar por uma pessoa; possible é “talvez: leia este trecho”."
        },
    )
    quote = fields.String(required=True, metadata={"description": "O trecho do arquivo, ou vazio."})
    place = fields.String(required=True, metadata={"description": "Cláusula e página, ou parágrafo."})
    missing = fields.List(
        fields.String(), required=True, metadata={"description": "As ideias que faltam ou que vêm mais estreitas."}
    )
    confidence = fields.Float(required=True, metadata={"description": "De 0 a 1."})


class InstrumentCheckOut(Schema):
    """What a signed file says about the twelve incisos of art. 14."""

    file = fields.String(required=True, metadata={"description": "O nome do arquivo."})
    sha256 = fields.String(required=True)
    pages = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Nulo onde o formato não tem páginas."}
    )
    provisions = fields.Integer(required=True, metadata={"description": "Em quantas disposições o texto foi dividido."})
    incisos = fields.Dict(
        keys=fields.String(validate=validate.OneOf(INCISOS)), values=fields.Nested(CheckedPointOut), required=True
    )
