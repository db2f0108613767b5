"""A list of people pasted from a sheet is read whole or refused line by line; gaps follow inciso VIII."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendor_tracker.store.tables import AuthorisedPerson
from vendor_tracker.usecases.authorised_people import NewPerson, gaps_of, read_people, state_of

ON = date(2026, 11, 22)
words = (
    st.text(alphabet="abcdefghij ÁÇé.-", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
)
days = st.dates(date(1990, 1, 1), ON)


@given(
    st.lists(st.tuples(words, words, words, st.one_of(st.none(), days), days), max_size=8, unique_by=lambda each: each[0].casefold()),
    st.sampled_from([";", "\t"]),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]),
)  # fmt: skip
def test_what_is_written_is_what_is_read(people, mark, form):
    text = "\n".join(
        mark.join((label, function, need, committed.strftime(form) if committed else "", since.strftime(form)))
        for label, function, need, committed, since in people
    )
    assert read_people(text, known=(), today=ON) == ([NewPerson(*person) for person in people], [])


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_and_never_breaks(text):
    people, problems = read_people(text, known=(), today=ON)
    assert all(person.label for person in people)
    assert all(problem.startswith("Linha ") for problem in problems)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (";Analista", "Linha 1: falta a identificação."),
        ("A.B.", "Linha 1: A.B. já está no registro ou se repete."),
        ("529.982.247-25; Analista", "Linha 1: há um CPF; use iniciais ou matrícula."),
        ("C.D.;;;31/02/2026", "Linha 1: não se entendeu o dia do compromisso, “31/02/2026”; escreva como 31/12/2026."),
        ("C.D.;;;23/11/2026", "Linha 1: o compromisso está no futuro."),
        ("C.D.;;;;;sobra", "Linha 1: há mais de 5 campos."),
    ],
)
def test_a_line_that_is_not_understood_says_why(line, problem):
    assert read_people(line, known=["a.b."], today=ON) == ([], [problem])


def test_the_heads_of_a_sheet_are_no_person_and_the_access_begins_today_unless_said():
    text = "Identificação;Função\nM. 4821;Analista\n"
    assert read_people(text, known=(), today=ON) == ([NewPerson("M. 4821", "Analista", "", None, ON)], [])


def person(**fields) -> AuthorisedPerson:
    values = {
        "label": "A.B.", "has_need": True, "need": "Suporte", "committed_on": date(2026, 3, 1), "file_id": 7,
        "access_from": date(2026, 3, 1), "access_until": None, "left_on": None, **fields,
    }  # fmt: skip
    return AuthorisedPerson(agreement_id=1, **values)


def test_each_gap_is_said_on_its_day_and_not_on_the_eve():
    assert gaps_of(person(), ON) == ()
    assert gaps_of(person(committed_on=None), ON) == ("Sem compromisso de confidencialidade assinado.",)
    assert gaps_of(person(committed_on=date(2026, 3, 2)), ON) == ("O compromisso é posterior ao começo do acesso.",)
    assert gaps_of(person(file_id=None), ON) == ("O compromisso assinado não está em arquivo.",)
    assert gaps_of(person(has_need=False), ON) == ("Sem necessidade estrita do acesso.",)
    assert gaps_of(person(has_need=None), ON) == ("Não consta por que precisa do acesso.",)
    assert gaps_of(person(left_on=ON), ON) == ()
    assert gaps_of(person(left_on=date(2026, 11, 21)), ON) == (
        "Deixou o operador em 21/11/2026 e continua com acesso.",
    )
    assert gaps_of(person(committed_on=None, access_until=date(2026, 11, 21)), ON) == ()


def test_access_lasts_through_its_last_day():
    assert state_of(date(2026, 3, 1), ON, ON) == "present"
    assert state_of(date(2026, 3, 1), date(2026, 11, 21), ON) == "gone"
    assert state_of(date(2026, 11, 23), None, ON) == "coming"
