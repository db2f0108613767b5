"""When an agreement ends, whatever its terms say around it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendor_tracker.importing.rows import ImportedTerm
from vendor_tracker.importing.terms import changes_term, effective_end, speaks_of_the_term, term_kind

EXTENDS = "PRORROGAÇÃO DO PRAZO DE VIGÊNCIA DO CONTRATO EM EPÍGRAFE."


def made(kind, signed, ends, *, text=EXTENDS, changes=True, number="00001/2027"):
    return ImportedTerm(
        agreement_pncp_id=None,
        number=number,
        kind=kind,
        signed_on=signed,
        new_ends_on=ends if changes else None,
        object=text,
        changes_term=changes,
        stated_ends_on=ends,
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Termo Aditivo", "aditivo"),
        ("Termo de Apostilamento", "apostilamento"),
        ("Termo de Rescisão", "rescisao"),
        ("Termo de Encerramento", "rescisao"),
        (1, "rescisao"),
        (2, "aditivo"),
        (3, "apostilamento"),
        ("Contrato", None),
        (True, None),
        (None, None),
    ],
)
def test_the_kind_of_a_term_is_known_by_name_or_number(name, kind):
    assert term_kind(name) == kind


@pytest.mark.parametrize(
    "text",
    [
        "CONSTITUI OBJETO DO PRESENTE TERMO ADITIVO A PRORROGAÇÃO DO PRAZO DE VIGÊNCIA DO CONTRATO",
        "Prorrogar a vigência por mais doze meses",
        "RENOVAÇÃO DO CONTRATO POR 12 MESES",
        "Ampliação do prazo de vigência",
        "Retificar a vigência do contrato",
        "Prorrogação dos prazos de execução e de vigência",
    ],
)
def test_an_unmarked_aditivo_counts_when_its_object_speaks_of_the_term(text):
    assert changes_term("aditivo", marked=False, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "ACRÉSCIMO DE 24,9% NO QUANTITATIVO DO ITEM 3 DO CONTRATO",
        "AMPLIAÇÃO DO QUANTITATIVO DE LICENÇAS DO CONTRATO",
        "PRORROGAÇÃO DO PRAZO DE ENTREGA DOS EQUIPAMENTOS DO CONTRATO",
        "LICENÇAS PELO PERÍODO DE MESES RESTANTES DA VIGÊNCIA CONTRATUAL",
        "ALTERAÇÃO DA RAZÃO SOCIAL DA CONTRATADA",
    ],
)
def test_an_unmarked_aditivo_about_something_else_does_not_count(text):
    assert not changes_term("aditivo", marked=False, text=text)


def test_a_readjustment_for_the_new_term_does_not_move_the_end():
    text = "REAJUSTE DOS PREÇOS NO PERCENTUAL DE 4,41%, COM EFEITOS FINANCEIROS, CONFORME NOVO PERÍODO DE VIGÊNCIA"
    assert not speaks_of_the_term(text, "apostilamento")
    assert speaks_of_the_term("RETIFICAR A VIGÊNCIA DO CONTRATO DE 12 PARA 20 MESES", "apostilamento")
    late = "REPACTUAÇÃO DE ITENS " + "E DE OUTROS ITENS " * 8 + "APÓS A PRORROGAÇÃO DO CONTRATO"
    assert not speaks_of_the_term(late, "apostilamento")


def test_without_terms_the_agreements_own_day_stands():
    end = effective_end(date(2028, 1, 31), [])
    assert (end.ends_on, end.decided_by, end.rescinded, end.doubts) == (date(2028, 1, 31), None, False, ())
    assert end.explanation == "Vigência até 31/01/2028, conforme o registro do acordo."
    assert effective_end(None, []).explanation == "A fonte não informa o fim da vigência."


def test_the_last_extension_signed_decides_whatever_the_order_of_the_file():
    first = made("aditivo", date(2027, 12, 1), date(2029, 1, 31), number="00001/2027")
    second = made("aditivo", date(2028, 12, 1), date(2030, 1, 31), number="00002/2028")
    end = effective_end(date(2028, 1, 31), [second, first])
    assert end.ends_on == date(2030, 1, 31)
    assert end.decided_by is second
    assert (
        end.explanation == "O termo aditivo 00002/2028, assinado em 01/12/2028, levou o fim da vigência a 31/01/2030."
    )


def test_what_was_not_yet_signed_on_a_day_was_not_yet_known():
    terms = [
        made("aditivo", date(2027, 12, 1), date(2029, 1, 31)),
        made("aditivo", date(2028, 12, 1), date(2030, 1, 31)),
    ]
    assert effective_end(date(2028, 1, 31), terms, until=date(2028, 11, 30)).ends_on == date(2029, 1, 31)
    assert effective_end(date(2028, 1, 31), terms, until=date(2028, 12, 1)).ends_on == date(2030, 1, 31)


def test_a_rescission_ends_the_agreement_before_its_term():
    terms = [
        made("aditivo", date(2027, 12, 1), date(2030, 1, 31)),
        made("apostilamento", date(2028, 2, 1), date(2030, 1, 31), text="REAJUSTE", changes=False),
        made("rescisao", date(2028, 7, 16), date(2028, 7, 31), text="RESCISÃO ANTECIPADA"),
    ]
    end = effective_end(date(2028, 1, 31), terms)
    assert end.rescinded
    assert end.ends_on == date(2028, 7, 31)
    assert end.doubts == ()


def test_an_extension_never_shortens_an_agreement_whose_record_was_refreshed():
    old = made("aditivo", date(2027, 12, 1), date(2029, 1, 31))
    end = effective_end(date(2031, 1, 31), [old])
    assert end.ends_on == date(2031, 1, 31)
    assert end.decided_by is None
    (doubt,) = end.doubts
    assert doubt == (
        "O termo aditivo 00001/2027, assinado em 01/12/2027, prorroga até 31/01/2029, e o registro do acordo já informa "
        "31/01/2031. Foi mantida a data mais distante."
    )


def test_a_marked_term_that_does_not_speak_of_extending_may_shorten():
    shorter = made("aditivo", date(2027, 6, 1), date(2027, 12, 31), text="SUPRESSÃO DO ITEM 2")
    assert effective_end(date(2028, 1, 31), [shorter]).ends_on == date(2027, 12, 31)


def test_a_date_that_is_not_followed_is_told():
    odd = made("apostilamento", date(2027, 2, 2), date(2028, 6, 5), text="REAJUSTE DE PREÇOS", changes=False)
    end = effective_end(date(2028, 1, 31), [odd])
    assert end.ends_on == date(2028, 1, 31)
    assert "05/06/2028" in end.doubts[0]
    assert "não foi considerada" in end.doubts[0]


def test_a_term_that_changes_the_end_without_a_date_is_told():
    end = effective_end(date(2028, 1, 31), [made("aditivo", date(2027, 2, 2), None)])
    assert end.ends_on == date(2028, 1, 31)
    assert "não informa a nova data" in end.doubts[0]


some_days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1))
some_terms = st.lists(
    st.builds(
        made,
        st.sampled_from(["aditivo", "apostilamento", "rescisao"]),
        st.none() | some_days,
        st.none() | some_days,
        text=st.sampled_from([EXTENDS, "REAJUSTE", ""]),
        changes=st.booleans(),
        number=st.sampled_from(["1", "2", "3"]),
    ),
    max_size=6,
)


@given(st.none() | some_days, some_terms, st.randoms())
def test_the_end_is_always_a_day_that_was_read_and_does_not_depend_on_the_order(own, terms, random):
    end = effective_end(own, terms)
    assert end.ends_on in {own} | {term.new_ends_on for term in terms}
    shuffled = list(terms)
    random.shuffle(shuffled)
    keys = [(t.signed_on, t.kind, t.stated_ends_on, t.number) for t in terms]
    if len(set(keys)) == len(keys):
        assert effective_end(own, shuffled).ends_on == end.ends_on


@given(some_days, some_terms)
def test_extensions_alone_never_bring_the_end_forward(own, terms):
    extensions = [t for t in terms if t.kind == "aditivo" and t.object == EXTENDS]
    assert effective_end(own, extensions).ends_on >= own
