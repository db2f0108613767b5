"""What the public reads of the agreements, what is held back, with whom data are shared, and the biennial review."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.publication import SECRET_GROUND
from contracts.vocabulary import DataCategory, PublicField, Role, SubjectGroup

TODAY = date.today()


@pytest.fixture
def share(app: Any, make: Any) -> Callable[..., int]:
    """A function that makes a judged agreement which the rule lets into the public portal; fields may be changed."""
    from vendor_tracker.usecases import judging

    def one(name: str = "Nuvem Serrana Hospedagem S.A.", *, operator: dict[str, Any] | None = None, **said: Any) -> int:
        values = {
            "role": Role.OPERATOR,
            "purpose": "Manter os sistemas processuais disponíveis.",
            "legal_basis": "Art. 7º, III, da LGPD.",
            "data_categories": ["identification", "health"],
            "subject_groups": ["staff", "judges"],
            "international_transfer": False,
            "transfer_countries": [],
            **said,
        }
        agreement = int(make.agreement(make.operator(name, **(operator or {})), **values))
        with app.app_context():
            judging.evaluate_register()
        return agreement

    assert app
    return one


def published(client: Any, query: str = "") -> list[dict[str, Any]]:
    return list(json.loads(client.plain.get(f"/transparencia.json{query}").text)["agreements"])


def test_the_public_list_needs_no_sign_in_and_says_the_same_on_the_page_and_in_its_files(
    client: Any, share: Any
) -> None:
    share("Marisol Planos de Saúde S.A.")
    answer = client.get("/transparencia")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    for words in ("Marisol Planos de Saúde S.A.", "Identificação e saúde", "Servidores e magistrados", "Não há"):
        assert words in answer.words
    assert client.plain.get("/transparencia", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    (line,) = csv.DictReader(io.StringIO(client.plain.get("/transparencia.csv").text.lstrip("\ufeff")), delimiter=";")
    assert line["Categorias de dados"] == "Identificação e saúde"
    (record,) = published(client)
    assert record["data_categories"] == ["identification", "health"]
    assert not {"id", "score", "verdicts", "exposure"} & record.keys()


@pytest.mark.parametrize(
    "said",
    [
        {"role": None},
        {"role": Role.JOINT_CONTROLLER},
        {"role": Role.NO_PERSONAL_DATA, "role_approved_on": TODAY},
        {"purpose": None},
        {"purpose": "   "},
        {"data_categories": None},
        {"subject_groups": []},
        {"starts_on": TODAY + timedelta(days=30), "signed_on": TODAY},
    ],
    ids=str,
)
def test_what_is_not_confirmed_or_has_no_personal_data_stays_out_and_the_staff_are_told_why(
    app: Any, client: Any, share: Any, said: dict[str, Any]
) -> None:
    from vendor_tracker.usecases import transparency

    agreement = share(**said)
    assert published(client, "?vigencia=todos") == []
    with app.app_context():
        page = transparency.as_public_page(agreement_id=agreement)
    assert not page.published
    assert [condition.holds for condition in page.conditions].count(False) == 1


def test_a_natural_person_is_masked_everywhere(client: Any, share: Any) -> None:
    share(
        "Joana Fictícia 52998224725",
        purpose="Perícia de João, CPF 111.444.777-35, contato joao@pessoa.example ou (61) 99999-1234.",
    )
    for path in ("/transparencia", "/transparencia.csv", "/transparencia.json"):
        text = client.plain.get(path).text
        for secret in ("52998224725", "111.444.777-35", "joao@", "99999-1234"):
            assert secret not in text, (path, secret)
        assert "***.982.247-**" in text


def test_a_restricted_agreement_shows_the_ground_in_the_place_of_what_describes_the_data(
    app: Any, client: Any, share: Any, make: Any
) -> None:
    from vendor_tracker.usecases import transparency

    agreement = share(secret=True, secrecy_ground="Investigação sobre o servidor Fulano")
    (record,) = published(client)
    assert record["purpose"] is None
    assert record["data_categories"] == []
    assert set(record["withheld"].values()) == {SECRET_GROUND}
    assert "Fulano" not in client.get("/transparencia").text
    assert published(client, "?dados=health") == [], "what is held back must not be found by its value"
    with app.app_context():
        assert transparency.decide_field(
            make.user("legal"), agreement_id=agreement, field=PublicField.DATA_CATEGORIES, held_back=False,
            ground="As categorias constam do extrato publicado no PNCP.",
        )  # fmt: skip
    (record,) = published(client, "?dados=health")
    assert record["data_categories"] == ["identification", "health"]
    assert "PNCP" not in json.dumps(record), "the reason for showing stays with the staff"


def test_a_field_is_held_back_with_its_ground_and_the_party_is_not_found_by_its_name(
    client: Any, share: Any, sign_in: Any
) -> None:
    agreement = share("Zênite Segurança Ltda.")
    share("Aurora Serviços Ltda.")
    sign_in(client, "legal")
    address = f"/acordos/{agreement}/transparencia/outra-parte"
    refused = client.post(address, {"held_back": "reter", "ground": ""})
    assert refused.status_code == 422
    ground = "Art. 23, VIII, da Lei nº 12.527/2011."
    assert client.post(address, {"held_back": "reter", "ground": ground}).status_code == 303
    assert "retido por decisão" in client.get(f"/acordos/{agreement}/transparencia").words
    client.plain.delete_cookie("session")
    page = client.get("/transparencia").words
    assert "Zênite" not in page
    assert f"Não publicado. Fundamento: {ground}" in page
    assert page.index("Aurora") < page.index("Outra parte não publicada"), "the place in the list tells no name"
    assert published(client, "?texto=zenite") == []
    assert len(published(client, "?texto=aurora")) == 1


def test_decisions_about_a_field_are_versions_of_one_fact_and_leave_a_trail(app: Any, share: Any, make: Any) -> None:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from vendor_tracker.store.base import db
    from vendor_tracker.store.tables import PublicityDecision, TrailEntry
    from vendor_tracker.usecases import transparency

    agreement, actor = share(), make.user("encarregado")

    def decide(held_back: bool, ground: str) -> bool:
        return transparency.decide_field(
            actor, agreement_id=agreement, field=PublicField.PURPOSE, held_back=held_back, ground=ground
        )

    with app.app_context():
        assert not decide(False, "Já é mostrado."), "to show what is shown decides nothing"
        assert decide(True, "Segredo de justiça.")
        assert not decide(True, "Segredo de justiça.")
        assert decide(False, "O segredo terminou.")
        with Session(db.engine) as session:
            rows = session.scalars(select(PublicityDecision).order_by(PublicityDecision.id)).all()
            assert [(row.held_back, row.superseded_at is None) for row in rows] == [(True, False), (False, True)]
            assert len({row.lineage for row in rows}) == 1
            acts = session.scalars(select(TrailEntry.act).where(TrailEntry.act == "publicity_decided")).all()
            assert len(acts) == 2
        taken = transparency.as_public_page(agreement_id=agreement).decisions
        assert [(each.held_back, each.stands) for each in taken] == [(False, True), (True, False)]


def test_the_public_list_costs_the_same_queries_whatever_it_holds(app: Any, share: Any, count_queries: Any) -> None:
    from vendor_tracker.usecases import transparency
    from vendor_tracker.usecases.transparency import PublicFilters

    costs = []
    for number in (1, 4):
        for each in range(number):
            share(f"Operador {number} {each} Ltda.")
        with app.app_context(), count_queries() as queries:
            page = transparency.public_page(filters=PublicFilters())
        costs.append(int(queries))
    assert page.total == 5
    assert costs[0] == costs[1]


def test_the_api_gives_what_the_portal_shows(app: Any, client: Any, share: Any, make: Any) -> None:
    from vendor_tracker.usecases import accounts

    share()
    with app.app_context():
        admin = make.user("admin")
        made = accounts.issue_token(admin, email=admin.name, name="ensaio")
    answer = client.plain.get(
        "/api/v1/transparency?category=health", headers={"Authorization": f"Bearer {getattr(made, 'token', made)}"}
    )
    assert answer.status_code == 200, answer.text
    assert [item["party"] for item in answer.json["items"]] == ["Nuvem Serrana Hospedagem S.A."]
    assert client.plain.get("/api/v1/transparency").status_code == 401


def test_a_data_subject_is_told_who_holds_that_kind_of_data_and_nothing_that_is_held_back(
    app: Any, client: Any, share: Any, make: Any, sign_in: Any
) -> None:
    from vendor_tracker import clock
    from vendor_tracker.store.tables import SubOperator
    from vendor_tracker.usecases import transparency

    health = share("Marisol Planos de Saúde S.A.")
    hidden = share("Zênite Segurança Ltda.", subject_groups=["staff"])
    share("Guarda Papel Ltda.", data_categories=["procedural"], subject_groups=["parties"])
    share("Sem Dados Registrados Ltda.", data_categories=None)
    make.add(
        SubOperator(
            agreement_id=health,
            name="Clínica Boa Ltda.",
            country="BR",
            activity="",
            recorded_at=clock.now(),
        )
    )
    actor = sign_in(client, "encarregado")
    with app.app_context():
        transparency.decide_field(
            actor, agreement_id=hidden, field=PublicField.PARTY, held_back=True, ground="Segurança institucional."
        )
    page = client.get("/titulares/compartilhamentos?dados=health&titulares=staff")
    assert "2 operadores, 2 acordos" in page.words
    assert "Guarda Papel" not in page.words
    assert "1 acordo em vigor ainda não tem" in page.words
    (text,) = page.tree.xpath("//textarea/text()")
    assert "1. Marisol Planos de Saúde S.A. (CNPJ" in text
    assert "suboperadores: Clínica Boa Ltda." in text
    assert "Entidade não identificada. Fundamento: Segurança institucional." in text
    assert "Zênite" not in text
    assert "Zênite" in page.words, "the staff see whom the answer leaves unnamed"


def test_a_review_falls_due_after_two_years_enters_the_queue_once_and_leaves_it_when_recorded(
    app: Any, client: Any, share: Any, make: Any, sign_in: Any
) -> None:
    from vendor_tracker.usecases import reviews

    old = share("Arquivo Vivo Ltda.", reviewed_on=TODAY - timedelta(days=800))
    share("Em Dia Ltda.", reviewed_on=TODAY - timedelta(days=20))
    share(
        "Sem Dados Ltda.", role=Role.NO_PERSONAL_DATA, role_approved_on=TODAY, reviewed_on=TODAY - timedelta(days=900)
    )
    with app.app_context():
        assert reviews.open_due() == reviews.Opened(1, 0)
        assert reviews.open_due() == reviews.Opened(0, 0)
    sign_in(client, "procurement")
    page = client.get("/revisoes")
    assert "Arquivo Vivo" in page.words
    assert "na fila desde" in page.words
    assert "Em Dia" not in page.words
    assert "Em Dia" in client.get("/revisoes?lista=a-vencer").words
    address = f"/acordos/{old}/revisoes/nova"
    assert client.post(address, {"reviewed_on": TODAY.isoformat(), "reviewed": "", "kept": ""}).status_code == 422
    said = {
        "reviewed_on": TODAY.isoformat(),
        "reviewed": "Fichas funcionais no sistema de pessoal.",
        "kept": "Fichas de servidores ativos, pela vigência do vínculo.",
        "eliminated": "Cópias de exames admissionais: finalidade cumprida.",
        "minimisation": "O operador deixa de receber o endereço.",
        "destination": "Eliminação ao fim do vínculo.",
    }
    assert client.post(address, said).status_code == 303
    shown = client.get(f"/acordos/{old}/revisoes").words
    assert f"Última revisão em {TODAY:%d/%m/%Y}" in shown
    assert "Cópias de exames admissionais" in shown
    assert "Nenhuma revisão vencida" in client.get("/revisoes").words
    assert "Cópias de exames" in client.get("/revisoes?lista=feitas").words
    with app.app_context():
        assert reviews.open_due() == reviews.Opened(0, 0)
        (line,) = reviews.of_agreement(agreement_id=old).done
    fixed = {**said, "eliminated": "Nada além das cópias de exames."}
    assert client.post(f"/acordos/{old}/revisoes/{line.lineage}/corrigir", fixed).status_code == 303
    with app.app_context():
        (line,) = reviews.of_agreement(agreement_id=old).done
    assert line.data.eliminated == "Nada além das cópias de exames."


def test_a_review_older_than_the_last_one_does_not_set_the_agreement_back(app: Any, share: Any, make: Any) -> None:
    from vendor_tracker.usecases import reviews

    last = TODAY - timedelta(days=5)
    agreement = share(reviewed_on=last)
    older = reviews.ReviewData(TODAY - timedelta(days=30), "Tudo o que havia.", "Tudo: ainda em uso.", "", "", "")
    with app.app_context():
        reviews.record_review(make.user("fiscal"), agreement_id=agreement, data=older)
        page = reviews.of_agreement(agreement_id=agreement)
    assert page.reviewed_on == last
    assert len(page.done) == 1


def test_the_extract_for_the_register_of_operations_shows_its_gaps_on_the_page_and_in_its_files(
    app: Any, client: Any, share: Any, sign_in: Any
) -> None:
    import openpyxl

    from vendor_tracker.reports import ropa as report
    from vendor_tracker.usecases import ropa

    share("Completa S.A.", legal_basis=None, guarantees="Cifragem.", sensitive=True, children=False)
    share("Vazia S.A.", role=None, purpose=None, data_categories=None, subject_groups=None, legal_basis="=1+1")
    sign_in(client, "fiscal")
    with app.app_context():
        lines = list(ropa.operations())
        page = ropa.ropa_page()
    assert page.total == 2
    counted = {words: sum(key in report.gaps(line) for line in lines) for key, words in report.GAPS.items()}
    assert dict(page.lacking) == counted, "the page counts in the database what the files count line by line"
    assert "I, base legal" in client.get("/ropa").words
    table = list(csv.reader(io.StringIO(client.plain.get("/ropa.csv").text.lstrip("\ufeff")), delimiter=";"))
    assert table[1][6] == "não informado"
    assert table[1][-1].startswith("I, base legal")
    assert table[2][6] == "'=1+1"
    book = openpyxl.load_workbook(io.BytesIO(client.plain.get("/ropa.xlsx").data))
    rows = list(book["Operações"].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["Outra parte", "Completa S.A.", "Vazia S.A."]
    assert rows[2][6] == "=1+1"
    assert len(rows[0]) == len(report.COLUMNS)


def test_the_answer_reaches_only_what_was_asked(app: Any, share: Any) -> None:
    from vendor_tracker.usecases import sharing

    share("A Ltda.", data_categories=["health"], subject_groups=["staff"])
    share("B Ltda.", data_categories=["health"], subject_groups=["judges"])
    with app.app_context():
        one = sharing.sharing_page(categories=[DataCategory.HEALTH], groups=[SubjectGroup.JUDGES])
        both = sharing.sharing_page(categories=[DataCategory.HEALTH])
        nothing = sharing.sharing_page()
    assert [operator.name for operator in one.operators] == ["B Ltda."]
    assert len(both.operators) == 2
    assert not nothing.asked
    assert nothing.operators == ()


def test_the_lists_say_the_same_on_each_database(app_on_each_database: Any, make: Any) -> None:
    from vendor_tracker.usecases import judging, reviews, ropa, sharing, transparency
    from vendor_tracker.usecases.transparency import PublicFilters

    known = {"role": Role.OPERATOR, "purpose": "Guardar fichas.", "legal_basis": "Art. 7º, II, da LGPD."}
    held = {"data_categories": ["health"], "subject_groups": ["staff"]}
    make.agreement(make.operator("Zênite Ltda."), **known, **held, reviewed_on=TODAY - timedelta(days=900))
    make.agreement(make.operator("Aurora Ltda."), **known, **held, secret=True, secrecy_ground="Sigilo.")
    make.agreement(make.operator("Vazia Ltda."), **known)
    with app_on_each_database.app_context():
        judging.evaluate_register()
        shown = transparency.public_page(filters=PublicFilters())
        assert [agreement.party for agreement in shown.agreements] == ["Aurora Ltda.", "Zênite Ltda."]
        found = transparency.public_page(filters=PublicFilters(words="zenite", category=DataCategory.HEALTH))
        assert found.total == 1
        assert len(list(transparency.every_public(filters=PublicFilters(stage="all")))) == 2
        answer = sharing.sharing_page(categories=[DataCategory.HEALTH], groups=[SubjectGroup.STAFF])
        assert (answer.total, answer.unanswered) == (2, 1)
        assert dict(ropa.ropa_page().lacking)["II, categorias de dados"] == 1
        assert reviews.reviews_page().due_total == 1
        assert reviews.open_due() == reviews.Opened(1, 0)
