"""Deciding what the twelve are judged by: parameters, calendars, further obligations."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from contracts.vocabulary import INCISOS, EvidenceKind, Exposure, Leg, UserRole, Verdict
from tests.rig.judged import NOON, moment
from vendor_tracker.store.tables import FindingChange, FindingRow, Standing, TrailEntry
from vendor_tracker.usecases import parameters
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, look

ADMIN = Actor("admin@orgao.example", role=UserRole.ADMIN)
TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


def decide(key="exposure_bands", value=None, since=TODAY, decided_by="CGLGPD, ata 3/2026", reason="Reunião de junho"):
    value = {"medium_from": 2, "high_from": 3} if value is None else value
    return parameters.decide_parameter(ADMIN, key=key, since=since, value=value, decided_by=decided_by, reason=reason)


def one(query):
    with look() as session:
        return session.scalars(query).one()


def test_a_decision_counts_at_once_and_leaves_its_trail(app_on_each_database, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"), system_access=True, external_hosting=True)
    records.judge(agreement_id)
    assert one(select(Standing)).exposure is Exposure.LOW
    decide()
    assert one(select(Standing)).exposure is Exposure.HIGH
    line = one(select(TrailEntry).where(TrailEntry.act == "decide_parameter"))
    assert line.summary == "Parâmetro “Faixas de exposição” alterado a partir de 15/06/2026."
    page = parameters.parameter_page(key="exposure_bands")
    assert page.line.own
    assert (page.history[0].since, page.history[0].decided_by) == (TODAY, "CGLGPD, ata 3/2026")
    assert page.history[-1].recorded_at is None


def test_a_decision_for_a_later_day_waits_for_it(app_on_each_database, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"), system_access=True, external_hosting=True)
    records.judge(agreement_id)
    decide(since=TODAY + timedelta(days=1))
    assert one(select(Standing)).exposure is Exposure.LOW
    line = parameters.parameter_page(key="exposure_bands").line
    assert not line.own
    assert line.ahead == ((date(2026, 6, 16), {"medium_from": 2, "high_from": 3}),)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        records.judge(agreement_id)
        assert one(select(Standing)).exposure is Exposure.HIGH


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"since": TODAY - timedelta(days=1)}, "since", "de hoje em diante"),
        ({"value": {"medium_from": 5, "high_from": 5}}, "value", "maior que o da linha anterior"),
        ({"value": {"medium_from": 5}}, "value", "falta o valor"),
        ({"key": "request_answer_days", "value": 91}, "value", "fora do intervalo"),
        ({"decided_by": "  "}, "decided_by", "quem decidiu"),
        ({"reason": ""}, "reason", "motivo"),
    ],
)
def test_a_decision_that_cannot_stand_says_why(app, changes, field, sentence):
    with pytest.raises(UseCaseError, match=sentence) as refused:
        decide(**changes)
    assert refused.value.field == field


def test_deciding_what_already_holds_is_a_conflict_and_an_unknown_parameter_is_not_found(app):
    with pytest.raises(ConflictError):
        decide(value={"medium_from": 4, "high_from": 9})
    with pytest.raises(NotFoundError):
        decide(key="nada", value=1)
    with pytest.raises(NotFoundError):
        parameters.parameter_page(key="nada")


def test_the_last_of_two_decisions_for_a_day_wins(app):
    decide(key="request_answer_days", value=15)
    decide(key="request_answer_days", value=10)
    page = parameters.parameter_page(key="request_answer_days")
    assert page.line.value == 10
    assert [entry.value for entry in page.history] == [10, 15, 20]


def test_a_day_is_closed_and_opened_by_an_act(app_on_each_database):
    day = date(2026, 6, 22)

    def closed():
        return [line.own for line in parameters.calendar_page(year=2026).days if line.day == day]

    assert closed() == []
    values = {"calendar": "cnj", "day": day, "name": "Ponto facultativo", "source": "Portaria fictícia nº 1"}
    parameters.set_day(ADMIN, closed=True, **values)
    assert closed() == [True]
    with pytest.raises(ConflictError, match="já está sem expediente"):
        parameters.set_day(ADMIN, closed=True, **values)
    parameters.set_day(ADMIN, closed=False, **values)
    assert closed() == []
    page = parameters.calendar_page(year=2026)
    assert [entry.closed for entry in page.entries] == [False, True]
    assert parameters.calendar_page(calendar="federal", year=2026).entries == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": date(2026, 6, 20)}, "day"),
        ({"day": date(1999, 6, 21)}, "day"),
        ({"source": " "}, "source"),
        ({"name": ""}, "name"),
        ({"calendar": "outro"}, "calendar"),
    ],
)
def test_a_day_without_its_act_or_on_a_weekend_is_refused(app, changes, field):
    values = {"calendar": "cnj", "day": date(2026, 6, 22), "closed": True, "name": "Ponto", "source": "Ato", **changes}
    with pytest.raises(UseCaseError) as refused:
        parameters.set_day(ADMIN, **values)
    assert refused.value.field == field


def test_unknown_years_and_calendars_are_not_found(app):
    for wanted in ({"year": 1999}, {"year": 2061}, {"calendar": "lunar"}):
        with pytest.raises(NotFoundError):
            parameters.calendar_page(**wanted)


def further(**changes):
    values = {
        "code": "seguro-1",
        "title": "Seguro cibernético.",
        "text": "Manter apólice de seguro cibernético durante a vigência.",
        "since": TODAY,
        "needs_clause": True,
        "evidence_kinds": (EvidenceKind.INSURANCE,),
        "decided_by": "CGLGPD",
        "decided_on": TODAY,
        **changes,
    }
    return parameters.add_further(ADMIN, **values)


def test_a_further_obligation_is_data_judged_beside_the_twelve_until_it_ends(app_on_each_database, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"))
    records.judge(agreement_id)
    lineage = further()
    finding = select(FindingRow).where(FindingRow.inciso == "SEGURO-1")
    assert one(finding).verdict is Verdict.UNPROVEN
    [entry] = parameters.book_page().further
    assert (entry.inciso, entry.title) == ("SEGURO-1", "Seguro cibernético")
    assert all(entry.requirements[leg] for leg in Leg)
    parameters.end_further(ADMIN, lineage=lineage, until=TODAY, decided_by="CGLGPD")
    assert parameters.further_row(lineage=lineage).until == TODAY
    records.judge(agreement_id)
    assert one(finding).verdict is Verdict.UNPROVEN, "the last day still counts"
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        records.judge(agreement_id)
        with look() as session:
            assert session.scalars(finding).all() == []
            assert session.scalars(select(FindingChange)).all() == []
    assert parameters.book_page().twelve[0].inciso == "I"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "XII"}, "code"),
        ({"code": "é"}, "code"),
        ({"code": "A" * 21}, "code"),
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"since": date(2025, 10, 19)}, "since"),
        ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
        ({"needs_clause": False, "evidence_kinds": ()}, "needs_clause"),
    ],
)
def test_a_further_obligation_that_could_not_be_judged_is_refused(app, changes, field):
    with pytest.raises(UseCaseError) as refused:
        further(**changes)
    assert refused.value.field == field


def test_two_further_obligations_do_not_share_a_code_and_an_end_does_not_reach_back(app):
    lineage = further()
    with pytest.raises(ConflictError):
        further()
    with pytest.raises(UseCaseError, match="não pode ser anterior"):
        parameters.end_further(ADMIN, lineage=lineage, until=TODAY - timedelta(days=1), decided_by="CGLGPD")
    with time_machine.travel(NOON + timedelta(days=2), tick=False), pytest.raises(UseCaseError, match="dia futuro"):
        parameters.end_further(ADMIN, lineage=lineage, until=TODAY, decided_by="CGLGPD")
    with pytest.raises(NotFoundError):
        parameters.end_further(ADMIN, lineage=lineage + 1, until=TODAY, decided_by="CGLGPD")


def test_the_book_quotes_the_twelve_and_gives_each_its_numbers(app):
    page = parameters.book_page()
    assert [entry.inciso for entry in page.twelve] == list(INCISOS)
    assert page.twelve[10].law.startswith("XI – comunicar formalmente e de imediato")
    assert {line.key for line in page.twelve[10].parameters} >= {"incident_report_hours"}
    assert all(entry.requirements[Leg.CONDUCT] for entry in page.twelve)
    assert "exposure_points" in {line.key for line in page.other_parameters}
    assert "parágrafo único" in page.notes[0]
    with pytest.raises(UseCaseError):
        parameters.book_page(on=date(2025, 10, 19))
    assert parameters.book_page(on=date(2025, 10, 20)).on == date(2025, 10, 20)
