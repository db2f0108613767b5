"""The API as programs see it: who may call it, what it answers, and that it does what its description says."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import schemathesis
from docx import Document
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.rig.app import opened, prepare
from tests.rig.cnpj import make_cnpj

NAMES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class Program:
    """A client with a token, as another system would be."""

    def __init__(self, app: Any, token: str | None) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers, query_string=query)

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(f"/api/v1{path}", headers=self.headers, json=body)


@pytest.fixture
def program(app: Any, make: Any) -> Callable[..., Program]:
    """A function that gives a program the token of somebody of a role."""
    from vendor_tracker.usecases import accounts

    def enter(role: str = "admin") -> Program:
        actor = make.user(role)
        return Program(app, accounts.issue_token(actor, email=actor.name, name="teste"))

    return enter


def judged(agreement_id: int) -> None:
    from vendor_tracker.usecases import judging
    from vendor_tracker.usecases.work import Actor, act

    with act(Actor("tests")) as work:
        judging.rejudge(work, [agreement_id], cause="Teste")


# -- who may call ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer vt_inventado", "Basic dXN1YXJpbzpzZW5oYQ==", "vt_sem_esquema"])
def test_without_a_live_token_the_api_says_how_to_identify_oneself(app: Any, sent: str) -> None:
    answer = app.test_client().get("/api/v1/operators", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert answer.json["code"] == 401
    assert "Authorization" in answer.json["message"]


def test_a_signed_in_browser_is_not_a_program(client: Any, sign_in: Any) -> None:
    sign_in(client, "admin")
    assert client.plain.get("/api/v1/operators").status_code == 401
    assert client.plain.post("/api/v1/operators", json={"name": "Intrusa", "cnpj": "1"}).status_code == 401


def test_a_token_opens_no_page(app: Any, program: Any) -> None:
    answer = app.test_client().get("/acordos", headers=program().headers)
    assert answer.status_code in {303, 404}


def test_a_closed_account_closes_its_tokens(app: Any, make: Any) -> None:
    from contracts.vocabulary import UserRole
    from vendor_tracker.usecases import accounts

    boss, person = make.user("admin"), make.user("fiscal")
    token = accounts.issue_token(person, email=person.name, name="teste")
    assert Program(app, token).get("/operators").status_code == 200
    accounts.change_user(boss, user_id=person.user_id, role=UserRole.FISCAL, active=False, unit_id=None)
    assert Program(app, token).get("/operators").status_code == 401


@pytest.mark.parametrize("role", ["committee", "fiscal", "auditor"])
def test_a_role_that_only_reads_may_not_register(program: Any, role: str) -> None:
    reader = program(role)
    assert reader.get("/operators").status_code == 200
    refused = reader.post("/operators", name="Nuvem Serrana", cnpj=make_cnpj(1).value)
    assert refused.status_code == 403
    assert refused.json["message"] == "O papel da pessoa dona desta chave não permite este ato."


def test_an_address_that_does_not_exist_answers_in_the_same_shape(program: Any) -> None:
    for answer in (program().get("/nada"), program().get("/agreements/77"), program().get("/operators/99999999999999")):
        assert answer.status_code == 404
        assert answer.mimetype == "application/json"
        assert answer.json["status"] == "Não encontrado"


def test_a_method_that_is_not_accepted_names_those_that_are(app: Any) -> None:
    answer = app.test_client().put("/api/v1/agreements")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))
    assert answer.json["code"] == 405


# -- operators and agreements ------------------------------------------------------------------------------------------


def test_an_operator_that_a_program_registers_is_on_the_register(program: Any) -> None:
    writer = program("procurement")
    cnpj = make_cnpj(5, alphanumeric=True)
    made = writer.post("/operators", name="Farol Análise de Dados Ltda.", cnpj=cnpj.formatted, regime="private")
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == f"/api/v1/operators/{made.json['id']}"
    shown = writer.get(f"/operators/{made.json['id']}").json
    assert (shown["name"], shown["cnpj"], shown["regime"]) == ("Farol Análise de Dados Ltda.", cnpj.value, "private")
    again = writer.post("/operators", name="Farol", cnpj=cnpj.value)
    assert again.status_code == 409
    assert again.json["errors"] == {"cnpj": [again.json["message"]]}
    assert "Farol Análise de Dados Ltda." in again.json["message"]


def test_what_is_not_accepted_is_said_field_by_field_in_portuguese(program: Any) -> None:
    writer = program("procurement")
    wrong = writer.post("/operators", name="X", cnpj="12.345.678/0001-00")
    assert wrong.status_code == 422
    assert wrong.json["errors"] == {"cnpj": [wrong.json["message"]]}
    assert "dígitos verificadores" in wrong.json["message"]
    shape = writer.post("/operators", nome="X", regime="privado")
    assert shape.status_code == 422
    assert shape.json["errors"]["json"] == {
        "name": ["Informe este campo."],
        "nome": ["Este campo não existe."],
        "regime": ["Use um destes: private, public, foreign."],
    }
    query = writer.get("/operators", page=0, page_size=5000)
    assert query.json["errors"]["query"] == {
        "page": ["Use um número de 1 a 1000000."],
        "page_size": ["Use um número de 1 a 200."],
    }


def test_an_agreement_that_a_program_registers_is_judged_at_once(program: Any) -> None:
    writer = program("procurement")
    made = writer.post(
        "/agreements",
        kind="contrato",
        number="00012/2026",
        cnpj=make_cnpj(8).value,
        operator_name="Ribeira Gestão Documental S.A.",
        object="Guarda do acervo",
        signed_on="2026-01-10",
        starts_on="2026-01-15",
        ends_on="2028-01-14",
        value="1234567.80",
    )
    assert made.status_code == 201, made.text
    shown = writer.get(f"/agreements/{made.json['id']}").json
    assert shown["value"] == "1234567.80"
    assert shown["operator"] == "Ribeira Gestão Documental S.A."
    assert set(shown["verdicts"]) == set(NAMES)
    assert "role" in shown["missing"]
    twice = writer.post("/agreements", kind="contrato", number="00012/2026", cnpj=make_cnpj(8).value)
    assert twice.status_code == 409
    assert list(twice.json["errors"]) == ["number"]


def test_lists_come_page_by_page_in_a_stable_order(program: Any, make: Any) -> None:
    for number in range(5):
        make.operator(f"Operador {number}")
    reader = program()
    pages = [reader.get("/operators", page=page, page_size=2).json for page in (1, 2, 3, 4)]
    assert [len(page["items"]) for page in pages] == [2, 2, 1, 0]
    assert [item["name"] for page in pages for item in page["items"]] == [f"Operador {number}" for number in range(5)]
    assert {(page["total"], page["pages"], page["page_size"]) for page in pages} == {(5, 3, 2)}


def test_operators_are_found_by_words_and_by_cnpj(program: Any, make: Any) -> None:
    cnpj = make_cnpj(77)
    wanted = make.operator("Várzea Certificação Digital Ltda.", cnpj=cnpj.value)
    make.operator("Outra Companhia Ltda.")
    for words in ("varzea certificacao", cnpj.formatted, cnpj.value[:8]):
        assert [item["id"] for item in program().get("/operators", q=words).json["items"]] == [wanted]


def test_agreements_are_filtered_by_kind_and_stage(program: Any, make: Any) -> None:
    contract, covenant = make.agreement(), make.agreement(kind="convenio")
    for agreement in (contract, covenant):
        judged(agreement)
    reader = program()
    assert [item["id"] for item in reader.get("/agreements", kind="convenio").json["items"]] == [covenant]
    assert reader.get("/agreements", stage="in_force").json["total"] == 2
    assert reader.get("/agreements", stage="closed").json["total"] == 0


# -- judgement ---------------------------------------------------------------------------------------------------------


def test_an_assessment_is_that_of_the_day_asked_for(program: Any, make: Any) -> None:
    from datetime import UTC, datetime

    today = datetime.now(UTC).date()
    agreement = make.agreement(
        recorded_at=datetime.now(UTC) - timedelta(days=100),
        signed_on=today - timedelta(days=300),
        starts_on=today - timedelta(days=300),
        ends_on=today - timedelta(days=40),
        data_categories=["identification"],
    )
    reader = program()
    verdicts = {}
    for on in (today - timedelta(days=60), today):
        found = reader.get(f"/agreements/{agreement}/assessment", on=on.isoformat()).json
        assert found["on"] == on.isoformat()
        assert [finding["inciso"] for finding in found["findings"]] == list(NAMES)
        assert all(finding["reasons"] for finding in found["findings"])
        verdicts[on] = {finding["inciso"]: finding["verdict"] for finding in found["findings"]}
    assert verdicts[today - timedelta(days=60)]["XII"] == "not_due"
    assert verdicts[today]["XII"] == "breached"
    unknown_then = reader.get(f"/agreements/{agreement}/assessment", on=(today - timedelta(days=200)).isoformat())
    assert unknown_then.status_code == 404
    before_the_norm = reader.get(f"/agreements/{agreement}/assessment", on="2025-10-19")
    assert before_the_norm.status_code == 422


def test_a_scorecard_shows_the_worst_of_each_inciso_and_the_lowest_score(program: Any, make: Any) -> None:
    from vendor_tracker.usecases import agreements

    operator = make.operator("Umbu Telecomunicações Ltda.")
    today = date.today()
    running = make.agreement(operator)
    over = make.agreement(operator, ends_on=today - timedelta(days=200), data_categories=["identification"])
    make.operator("Sem acordo Ltda.")
    for agreement in (running, over):
        judged(agreement)
    [card] = program().get("/scorecards").json["items"]
    assert (card["id"], card["name"]) == (operator, "Umbu Telecomunicações Ltda.")
    assert [item["id"] for item in card["agreements"]] == [running, over]
    assert card["agreements"][0]["verdicts"]["XII"] == "not_due"
    assert card["agreements"][1]["verdicts"]["XII"] == "breached"
    assert card["verdicts"]["XII"] == "breached"
    assert set(card["verdicts"]) == set(NAMES)
    pages = [agreements.show(agreement_id=each).judgement for each in (running, over)]
    scores = [page.score.value for page in pages if page.score.value is not None]
    assert card["score"] == min(scores)


# -- documents ---------------------------------------------------------------------------------------------------------


def test_a_document_is_issued_and_its_file_is_the_one_that_was_issued(program: Any, make: Any) -> None:
    writer = program("legal")
    agreement = make.agreement()
    made = writer.post(f"/agreements/{agreement}/documents", kind="anexo")
    assert made.status_code == 201, made.text
    assert made.json["missing"] > 0
    file = writer.get(made.json["file_url"].removeprefix("/api/v1"))
    assert file.status_code == 200
    assert sha256(file.data).hexdigest() == made.json["sha256"]
    assert len(file.data) == made.json["size"]
    assert file.headers["Content-Disposition"].startswith("attachment; ")
    assert any(made.json["code"] in paragraph.text for paragraph in _footer(file.data))
    listed = writer.get(f"/agreements/{agreement}/documents").json
    assert (listed["total"], listed["items"][0]["id"]) == (1, made.json["id"])
    assert writer.get(f"/documents/{made.json['id']}").json == made.json


def _footer(data: bytes) -> Iterator[Any]:
    for section in Document(BytesIO(data)).sections:
        yield from section.footer.paragraphs


def test_a_document_that_cannot_be_drafted_is_refused_with_the_reason(program: Any, make: Any) -> None:
    refused = program("legal").post(f"/agreements/{make.agreement()}/documents", kind="termo-aditivo")
    assert refused.status_code == 422
    assert refused.json["message"].startswith("Nenhum instrumento assinado")


def test_a_paper_about_a_record_is_issued_by_the_id_of_the_record(app: Any, program: Any, make: Any) -> None:
    from vendor_tracker.usecases import conduct
    from vendor_tracker.usecases.work import Actor

    agreement, other = make.agreement(), make.agreement()
    person = conduct.record(
        Actor("fiscal"),
        app.extensions["vendor_tracker.files"],
        agreement_id=agreement,
        slug="pessoa",
        values={"label": "A.B.", "access_from": date(2026, 1, 5)},
    )
    writer = program("legal")
    asked = {"kind": "compromisso-individual", "subject_id": person}
    made = writer.post(f"/agreements/{agreement}/documents", **asked)
    assert made.status_code == 201, made.text
    assert made.json["kind"] == "compromisso-individual"
    assert writer.post(f"/agreements/{other}/documents", **asked).status_code == 404
    assert writer.post(f"/agreements/{agreement}/documents", kind="compromisso-individual").status_code == 422
    assert writer.post(f"/agreements/{agreement}/documents", kind="anexo", subject_id=person).status_code == 422


def test_a_document_of_a_protected_agreement_is_handed_only_to_who_needs_it(program: Any, make: Any) -> None:
    agreement = make.agreement(secret=True, secrecy_ground="Segurança institucional")
    made = program("legal").post(f"/agreements/{agreement}/documents", kind="anexo").json
    path = made["file_url"].removeprefix("/api/v1")
    assert program("legal").get(path).status_code == 200
    assert program("procurement").get(path).status_code == 404


@pytest.fixture(scope="module")
def described(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API's own description, over a small fictional register, called with the token of an administrator."""
    from contracts.vocabulary import UserRole
    from vendor_tracker import generating
    from vendor_tracker.usecases import accounts
    from vendor_tracker.usecases.work import SYSTEM

    with (
        databases.fresh("sqlite", prepared_by=prepare) as url,
        opened(url, tmp_path_factory.mktemp("api")) as app,
    ):
        generating.generate(app.extensions["vendor_tracker.files"], agreements=40, years=2, seed=7, snapshots=False)
        accounts.add_user(SYSTEM, email="chefe@orgao.example", name="Chefe", role=UserRole.ADMIN)
        token = accounts.issue_token(SYSTEM, email="chefe@orgao.example", name="teste")
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app), {"Authorization": f"Bearer {token}"}


# -- lists over a whole register ---------------------------------------------------------------------------------------


def test_requests_evidence_and_incidents_are_listed_and_filtered(described: Any) -> None:
    schema, headers = described
    reader = Program(schema.app, None)
    reader.headers = headers
    requests = reader.get("/requests").json
    assert requests["total"] == len(requests["items"]) > 3
    first = requests["items"][0]
    shown = reader.get(f"/requests/{first['id']}").json
    assert {key: shown[key] for key in first} == first
    assert [item["position"] for item in shown["items"]] == list(range(1, len(shown["items"]) + 1))
    assert shown["events"]
    own = reader.get("/requests", agreement_id=first["agreement_id"]).json["items"]
    assert {item["agreement_id"] for item in own} == {first["agreement_id"]}

    pages = [reader.get("/evidence", page_size=100, page=page).json for page in (1, 2, 3)]
    proofs = [item for page in pages for item in page["items"]]
    assert pages[0]["total"] == len({item["id"] for item in proofs}) > 100
    waiting = reader.get("/evidence", waiting="true", page_size=200).json["items"]
    assert waiting == [item for item in proofs if item["decision"] is None]
    served = reader.get("/evidence", agreement_id=1, page_size=200).json["items"]
    assert served == [item for item in proofs if 1 in item["agreements"]]

    incidents = reader.get("/incidents").json
    assert incidents["total"] == len(incidents["items"])
    assert [item["learned_at"] for item in incidents["items"]] == sorted(
        (item["learned_at"] for item in incidents["items"]), reverse=True
    )


def test_every_list_is_the_same_on_each_database(app_on_each_database: Any, make: Any) -> None:
    from vendor_tracker import generating
    from vendor_tracker.usecases import accounts

    app = app_on_each_database
    generating.generate(app.extensions["vendor_tracker.files"], agreements=8, years=1, seed=4, snapshots=False)
    actor = make.user("auditor")
    reader = Program(app, accounts.issue_token(actor, email=actor.name, name="teste"))
    for path, query in (
        ("/operators", {"q": "a", "order": "worst"}),
        ("/agreements", {"q": "00003", "stage": ""}),
        ("/requests", {"standing": "late"}),
        ("/evidence", {"waiting": "true", "operator_id": 1, "agreement_id": 1}),
        ("/incidents", {"operator_id": 1, "agreement_id": 1}),
        ("/agreements/3/documents", {}),
    ):
        assert reader.get(path, **query).status_code == 200, path
    cards = reader.get("/scorecards").json
    assert cards["total"] == len(cards["items"]) > 0
    for stands in (each for card in cards["items"] for each in card["agreements"]):
        assert reader.get(f"/agreements/{stands['id']}/assessment").json["score"] == stands["score"]


@pytest.mark.parametrize("path", ["/scorecards", "/operators", "/agreements", "/evidence", "/requests", "/incidents"])
def test_a_list_costs_the_same_number_of_queries_however_long_it_is(described: Any, path: str) -> None:
    from sqlalchemy import event

    from vendor_tracker.store.base import db

    schema, headers = described
    reader = Program(schema.app, None)
    reader.headers = headers
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    counts = []
    reader.get(path)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for size in (1, 200):
            seen.clear()
            assert reader.get(path, page_size=size).status_code == 200
            counts.append(len(seen))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= 9


# -- the description ---------------------------------------------------------------------------------------------------


def test_the_description_is_open_and_names_every_resource(app: Any) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json["openapi"].startswith("3.1")
    assert answer.json["security"] == [{"token": []}]
    assert {
        "/api/v1/operators",
        "/api/v1/operators/{operator_id}",
        "/api/v1/agreements",
        "/api/v1/agreements/{agreement_id}",
        "/api/v1/agreements/{agreement_id}/assessment",
        "/api/v1/agreements/{agreement_id}/documents",
        "/api/v1/documents/{document_id}/file",
        "/api/v1/requests",
        "/api/v1/requests/{request_id}",
        "/api/v1/evidence",
        "/api/v1/incidents",
        "/api/v1/scorecards",
    } <= set(answer.json["paths"])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_api_does_what_its_description_says(described: Any, mode: GenerationMode) -> None:
    schema, headers = described
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: Any) -> None:
            for name, value in case.path_parameters.items():
                if mode is GenerationMode.POSITIVE and value > 40:
                    case.path_parameters[name] = value % 45  # Few enough that most of them exist.
            # Data of the right shape may still be refused (a CNPJ with wrong digits, an end before its start).
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        call()
        tried.append(operation.label)
    assert len(tried) >= 15
