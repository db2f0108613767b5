"""The painel from other sides: what changed, by obligation, who stands behind, saved filters, and the file to take."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import pairwise
from random import Random

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import select

from contracts.vocabulary import Verdict
from tests.rig.app import Inspector
from tests.rig.judged import NOON, moment
from vendor_tracker.store.tables import FindingChange, SavedView, SubOperator, TrailEntry
from vendor_tracker.usecases import changes
from vendor_tracker.usecases.painel import Filters
from vendor_tracker.usecases.work import look


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def register(make, records):
    """Two agreements, one of them with a breach that a record made, and a sub-operator that both use."""
    good_operator, bad_operator = make.operator("Trilha Educação Ltda."), make.operator("=1+1 Biometria S.A.")
    good = make.agreement(good_operator, recorded_at=moment("2026-02-01"), kind="convenio", number="00001/2026")
    bad = make.agreement(bad_operator, recorded_at=moment("2026-02-01"), number="00002/2026")
    records.instrument(good)
    records.judge(good, bad)
    records.action(bad, due="2026-06-14")
    records.judge(good, bad, cause="Ação corretiva vencida")
    for agreement in (good, bad):
        make.add(
            SubOperator(agreement_id=agreement, name="Nimbus Nuvem", country="NL", recorded_at=moment("2026-02-01"))
        )
    return {"good": good, "bad": bad, "good_operator": good_operator}


def rows_of(answer):
    return [" ".join(" ".join(row.itertext()).split()) for row in answer.tree.xpath("//main//table/tbody/tr")]


def test_what_changed_says_from_what_to_what_and_links_to_the_record(client, sign_in, register):
    sign_in(client, "encarregado")
    answer = client.get("/painel/mudancas?de=2026-06-01&ate=2026-06-15")
    changed = [row for row in rows_of(answer) if "Biometria" in row]
    assert len(changed) == 1
    assert "IX" in changed[0]
    assert "Descumprida" in changed[0]
    assert "Ação corretiva vencida" in changed[0]
    assert answer.tree.xpath(f"//main//table//a[starts-with(@href, '/acordos/{register['bad']}/boletim#ix')]")
    assert not rows_of(client.get("/painel/mudancas?de=2026-06-01&ate=2026-06-15&inciso=II"))
    assert not rows_of(client.get("/painel/mudancas?de=2026-01-01&ate=2026-06-14")), "nothing had changed by then"
    assert client.get("/painel/mudancas?de=ontem&ate=9999-12-31&pagina=900").status_code == 200


def test_the_net_change_is_the_verdict_at_the_end_against_the_one_at_the_beginning(app_on_each_database, make):
    """Random histories, against going through them by hand; steps are those between, in their order."""
    dice, first = Random(14), date(2026, 3, 1)
    operator = make.operator()
    agreements = [
        make.agreement(operator, recorded_at=moment("2026-02-01"), number=f"{number:05}/2026") for number in range(4)
    ]
    history = {}
    for agreement in agreements:
        for inciso in ("I", "IX"):
            course = [dice.choice(list(Verdict))]
            days = sorted(dice.choices(range(60), k=dice.randint(0, 7)))
            for _ in days:
                course.append(dice.choice([each for each in Verdict if each is not course[-1]]))
            said = []
            for day, (before, after) in zip(days, pairwise(course), strict=True):
                on = first + timedelta(days=day)
                make.add(
                    FindingChange(
                        agreement_id=agreement,
                        inciso=inciso,
                        at=moment(on.isoformat()),
                        on=on,
                        before=before,
                        after=after,
                        reason=f"{before} > {after}",
                        cause="Sorteio",
                        record=None,
                    )
                )
                said.append((on, before, after))
            history[agreement, inciso] = said
    for _ in range(12):
        since, until = sorted(first + timedelta(days=dice.randint(-2, 62)) for _ in range(2))
        expected = {}
        for key, said in history.items():
            inside = [(before, after) for on, before, after in said if since < on <= until]
            if inside:
                expected[key] = (inside[0][0], inside[-1][1], len(inside))
        page = changes.changes_page(since=since, until=until, filters=Filters(), returned=True)
        found = {
            (row.net.agreement_id, row.net.inciso): (row.net.before, row.net.after, len(row.steps) or 1)
            for row in page.rows
        }
        assert found == expected
        moved = {key for key, (before, after, _) in expected.items() if before is not after}
        net = changes.changes_page(since=until, until=since, filters=Filters())
        assert {(row.net.agreement_id, row.net.inciso) for row in net.rows} == moved
        assert (net.total, page.came_back) == (len(moved), len(expected) - len(moved))
        assert net.worse + net.better + net.other == net.total
        assert net.swapped is (since != until)


def test_by_obligation_each_number_leads_to_the_agreements_that_it_counts(client, sign_in, register):
    sign_in(client, "committee")
    answer = client.get("/painel/incisos")
    rows = rows_of(answer)
    assert len(rows) == 12
    assert rows[0].startswith("IX ")
    assert "Biometria" in rows[0]
    link = answer.tree.xpath("//main//table/tbody/tr[1]//a[contains(@href, 'situacao=breached')]/@href")[0]
    assert rows_of(client.get(link.partition("#")[0]))[0].startswith("=1+1 Biometria")


def test_who_stands_behind_several_operators_is_named_with_its_agreements(client, sign_in, register):
    sign_in(client, "encarregado")
    answer = client.get("/painel/cadeia")
    party, country = rows_of(answer)
    assert party.startswith("Nimbus Nuvem reunido pelo nome, sem CNPJ; Países Baixos")
    assert "Trilha Educação" in party
    assert country.startswith("Países Baixos")
    assert answer.tree.xpath(f"//main//a[@href='/operadores/{register['good_operator']}']")


def test_the_trend_of_an_operator_waits_for_two_months(client, sign_in, register):
    sign_in(client, "encarregado")
    assert "Ainda não há evolução" in client.get("/painel/evolucao").words
    assert "Trilha Educação" in client.get(f"/painel/evolucao?operador={register['good_operator']}").words
    assert client.get("/painel/evolucao?operador=999999").status_code == 404


def test_the_file_holds_what_the_filters_leave_in_the_order_of_the_page_and_no_formula(client, sign_in, register):
    sign_in(client, "fiscal")
    with client.get("/painel/planilha.csv") as answer:
        head, *lines = list(csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert head[4:16] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    assert [line[0] for line in lines] == ["'=1+1 Biometria S.A.", "Trilha Educação Ltda."]
    assert lines[0][12] == "Descumprida"
    with client.get("/painel/planilha.xlsx?situacao=breached") as answer:
        book = load_workbook(BytesIO(answer.data))
    rows = list(book["Painel"].iter_rows(min_row=2))
    assert [row[0].value for row in rows] == ["=1+1 Biometria S.A."]
    assert rows[0][0].data_type == "s", "a name is a text, not a formula"
    about = {row[0].value: row[1].value for row in book["Filtros"].iter_rows()}
    assert (about["Acordos"], about["Com ao menos uma obrigação"]) == (1, "Descumprida")


def test_filters_are_saved_opened_with_renamed_and_withdrawn_by_their_owner_alone(app, client, sign_in, register):
    sign_in(client, "encarregado")
    saved = client.post("/painel/filtros", {"name": "Só convênios", "query": "instrumento=convenio&pagina=3&x=1"})
    assert saved.status_code == 303
    assert saved.location == "/painel?instrumento=convenio", "only filters are kept"
    again = client.post("/painel/filtros", {"name": "SO CONVENIOS", "query": "instrumento=contrato"})
    assert again.status_code == 422
    assert "Você já tem filtros salvos com o nome" in again.words
    assert client.post("/painel/filtros", {"name": "Tudo", "query": ""}).status_code == 422
    with look() as session:
        view = session.scalars(select(SavedView)).one().id
    assert client.get("/painel").status_code == 200
    client.post(f"/painel/filtros/{view}/abrir", {"abrir": "1"})
    assert client.get("/painel").location == "/painel?instrumento=convenio"
    assert client.get("/painel?todos=1").status_code == 200, "there is a way to see everything"
    client.post(f"/painel/filtros/{view}/nome", {"name": "Convênios"})
    assert "Convênios" in client.get("/painel/filtros").words
    other = Inspector(app)
    sign_in(other, "auditor")
    assert other.get("/painel").status_code == 200
    assert other.post(f"/painel/filtros/{view}/retirar", {}).status_code == 404
    with look() as session:
        assert session.get(SavedView, view).withdrawn_at is None


def test_what_is_withdrawn_stays_on_record_and_is_offered_no_more(client, sign_in, register):
    sign_in(client, "encarregado")
    client.post("/painel/filtros", {"name": "Só convênios", "query": "instrumento=convenio"})
    with look() as session:
        view = session.scalars(select(SavedView)).one().id
    client.post(f"/painel/filtros/{view}/abrir", {"abrir": "1"})
    client.post(f"/painel/filtros/{view}/retirar", {})
    assert client.get("/painel").status_code == 200
    assert "Você ainda não salvou filtros" in client.get("/painel/filtros").words
    with look() as session:
        assert session.get(SavedView, view).withdrawn_at is not None
        acts = list(session.scalars(select(TrailEntry.act).where(TrailEntry.subject_kind == "saved_view")))
    assert acts == ["view_saved", "view_default_set", "view_withdrawn"]
    assert client.post("/painel/filtros", {"name": "Só convênios", "query": "inciso=I"}).status_code == 303


def test_the_pages_ask_the_database_as_often_for_many_as_for_few(client, sign_in, register, count_queries):
    sign_in(client, "encarregado")
    for path, most in (("/painel/mudancas", 8), ("/painel/incisos", 7), ("/painel/cadeia", 7), ("/painel/evolucao", 7)):
        with count_queries() as asked:
            assert client.get(path).status_code == 200
        assert int(asked) <= most, path
