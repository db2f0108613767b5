"""The reader of instruments: our own documents, spoilt texts, who owes whom, and what is handed on."""

import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clause_library.coverage import read_coverage
from clause_library.coverage.concepts import load_concepts
from clause_library.coverage.parties import Parties, Side
from clause_library.coverage.provisions import split
from clause_library.description import Gap
from clause_library.drafting import draft_anexo, draft_termo_aditivo
from clause_library.passages import Part, Passage
from clause_library.scoring import passages_of_text
from contracts.norm import ART_14
from contracts.vocabulary import INCISOS, Coverage
from tests.unit.clause_library.samples import COMPLETE, ON, PARAMETERS, PLAIN

CLAUSE = """CLÁUSULA DÉCIMA – PROTEÇÃO DE DADOS PESSOAIS

10.1. A CONTRATADA tratará os dados pessoais segundo as instruções do CONTRATANTE.

10.2. Qualquer incidente com dados pessoais será comunicado ao CONTRATANTE em até 24 (vinte e quatro) horas, por correio eletrônico, com a descrição da natureza dos dados afetados.

10.3. A CONTRATADA apresentará, quando solicitada, evidências das medidas de segurança adotadas.

10.4. O acesso aos dados pessoais será restrito aos empregados que dele necessitem e que tenham firmado termo de confidencialidade.

10.5. O CONTRATANTE poderá auditar, por si ou por terceiro, o tratamento dos dados pessoais.

10.6. Encerrado o contrato, a CONTRATADA eliminará os dados pessoais e entregará certificado de descarte.

CLÁUSULA DÉCIMA PRIMEIRA – DO PAGAMENTO

11.1. O pagamento será feito em trinta dias, mediante nota fiscal.
"""


def levels(text):
    return {point: reading.coverage for point, reading in read_coverage(passages_of_text(text)).points.items()}


def under_heading(*sentences):
    body = "\n\n".join(f"10.{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
    return read_coverage(passages_of_text(f"CLÁUSULA DÉCIMA – DADOS PESSOAIS\n\n{body}")).points


# Our own documents.


@pytest.mark.parametrize("description", [COMPLETE, PLAIN], ids=["complete", "plain"])
def test_the_annex_that_we_issue_is_read_as_covering_the_twelve(description):
    draft = draft_anexo(description, parameters=PARAMETERS, on=ON)
    assert set(levels(draft.text).values()) == {Coverage.COVERED}


@pytest.mark.parametrize("point", [point for point in INCISOS if point != "IV"])
def test_a_termo_aditivo_is_read_as_covering_what_it_supplies(point):
    gap = Gap(point=point, coverage=Coverage.MISSING)
    draft = draft_termo_aditivo(PLAIN, (gap,), parameters=PARAMETERS, on=ON, number=1)
    assert levels(draft.text)[point] is Coverage.COVERED


# Spoilt texts give the same answer.


def without_accents(text):
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def broken(text, width):
    return "\n".join(part for line in text.splitlines() for part in (textwrap.wrap(line, width) or [""]))


@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        without_accents,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: " ".join(text.split()),
        lambda text: broken(text, 60),
    ],
    ids=["capitals", "no accents", "accents apart", "no blank lines", "one line", "broken lines"],
)
def test_the_same_clause_is_read_the_same_however_the_file_spoilt_it(spoil):
    assert levels(spoil(CLAUSE)) == levels(CLAUSE)


@settings(max_examples=20)
@given(width=st.integers(min_value=40, max_value=120))
def test_hard_wrapped_lines_are_mended_at_any_width(width):
    assert levels(broken(CLAUSE, width)) == levels(CLAUSE)


@pytest.mark.parametrize("kept", range(len(passages_of_text(CLAUSE))))
def test_a_text_without_its_last_provisions_never_gains_coverage(kept):
    order = [Coverage.MISSING, Coverage.POSSIBLE, Coverage.PARTIAL, Coverage.COVERED]
    whole = levels(CLAUSE)
    for point, reading in read_coverage(passages_of_text(CLAUSE)[:kept]).points.items():
        assert order.index(reading.coverage) <= order.index(whole[point])


@settings(max_examples=30)
@given(text=st.text(max_size=400))
def test_any_text_at_all_is_read_without_an_error(text):
    reading = read_coverage([Passage(text=text, paragraph=1)])
    assert tuple(reading.points) == INCISOS


WORDS = st.sampled_from(
    "a CONTRATADA comunicará ao CONTRATANTE incidente dados pessoais não em 24 horas . ; : 10.1. a) § 1º CLÁUSULA | ____ "
    "à ANPD vedado sem auditoria certificado logs titulares instruções ( ) {{PRAZO}} I – e".split()
)


@settings(max_examples=30)
@given(words=st.lists(WORDS, max_size=60))
def test_any_shuffle_of_contract_words_is_read_without_an_error(words):
    reading = read_coverage(passages_of_text(" ".join(words)))
    assert all(0 <= point.confidence <= 1 for point in reading.points.values())


def test_nothing_is_read_in_nothing():
    reading = read_coverage(())
    assert reading.provisions == 0
    assert {point.coverage for point in reading.points.values()} == {Coverage.MISSING}


# What is handed on.


def test_each_quote_is_an_exact_piece_of_its_passage():
    passages = tuple(
        Passage(text=passage.text, paragraph=passage.paragraph, page=3) for passage in passages_of_text(CLAUSE)
    )
    texts = {passage.paragraph: passage.text for passage in passages}
    readings = read_coverage(passages).points
    quotes = [quote for reading in readings.values() for quote in reading.quotes]
    assert quotes
    for quote in quotes:
        assert texts[quote.paragraph][quote.start : quote.end] == quote.text
        assert quote.page == 3


def test_the_same_passages_give_the_same_reading():
    passages = passages_of_text(CLAUSE)
    assert read_coverage(passages) == read_coverage(passages)


def test_the_place_names_the_clause_and_the_page():
    passages = [Passage(text=passage.text, paragraph=passage.paragraph, page=7) for passage in passages_of_text(CLAUSE)]
    assert read_coverage(passages).points["IX"].place == "cláusula 10.5, p. 7"


def test_the_place_is_the_paragraph_where_nothing_is_numbered():
    passage = Passage(text="A CONTRATADA tratará os dados pessoais segundo as instruções do CONTRATANTE.", paragraph=12)
    assert read_coverage([passage]).points["VII"].place == "parágrafo 12"


def test_the_number_that_word_prints_is_the_place_too():
    passages = [
        Passage(text="Proteção de dados pessoais", paragraph=1, heading=True, label="CLÁUSULA 5"),
        Passage(text="O CONTRATANTE poderá auditar o tratamento dos dados pessoais.", paragraph=2, label="5.1."),
    ]
    assert read_coverage(passages).points["IX"].place == "cláusula 5.1"


def test_headers_and_footers_are_not_read():
    sentence = "A CONTRATADA tratará os dados pessoais segundo as instruções do CONTRATANTE."
    for part in (Part.HEADER, Part.FOOTER):
        assert (
            read_coverage([Passage(text=sentence, paragraph=1, part=part)]).points["VII"].coverage is Coverage.MISSING
        )


def test_a_narrower_wording_says_in_what_it_is_narrower():
    reading = under_heading(
        "Confirmado o incidente com dados pessoais, a CONTRATADA avisará imediatamente o CONTRATANTE."
    )["XI"]
    assert reading.coverage is Coverage.PARTIAL
    assert any("confirmado" in missing for missing in reading.missing)
    assert reading.why.endswith(".")


def test_what_is_not_found_is_said_to_be_not_found():
    reading = under_heading("A CONTRATADA observará a LGPD.")["XII"]
    assert reading.coverage is Coverage.MISSING
    assert reading.quotes == ()
    assert reading.missing


def test_without_a_rule_a_likeness_only_asks_for_a_reading():
    readings = read_coverage(passages_of_text(CLAUSE)).points
    for reading in readings.values():
        if reading.coverage in {Coverage.COVERED, Coverage.PARTIAL}:
            assert reading.ideas


# Lists, definitions, recitals.


def test_a_list_is_read_with_its_opening_words():
    text = "CLÁUSULA 5 – LGPD\n\n5.1. São obrigações da CONTRATADA:\na) comunicar imediatamente ao CONTRATANTE qualquer incidente com dados pessoais;\nb) eliminar os dados pessoais ao fim do contrato, mediante termo que o comprove."
    found = levels(text)
    assert found["XI"] is Coverage.COVERED
    assert found["XII"] is Coverage.COVERED


def test_a_denied_opening_denies_each_item_of_its_list():
    text = "CLÁUSULA 5 – LGPD\n\n5.1. A CONTRATADA fica dispensada de:\na) comunicar imediatamente ao CONTRATANTE qualquer incidente com dados pessoais;\nb) submeter-se a auditorias do CONTRATANTE;\nc) manter registro das operações de tratamento e disponibilizá-lo."
    found = levels(text)
    assert {found[point] for point in ("XI", "IX", "VI")} == {Coverage.MISSING}


def test_a_list_of_what_the_contratante_owes_is_nobody_elses():
    text = "CLÁUSULA 5 – LGPD\n\n5.1. São obrigações do CONTRATANTE:\na) comunicar imediatamente os incidentes com dados pessoais;\nb) manter registro das operações de tratamento e disponibilizá-lo."
    found = levels(text)
    assert found["XI"] is Coverage.MISSING
    assert found["VI"] is Coverage.MISSING


def test_definitions_and_recitals_bind_nobody():
    readings = under_heading(
        "Para os fins deste contrato, entende-se por operador quem trata dados pessoais segundo as instruções do controlador.",
        "CONSIDERANDO que a CONTRATADA se obrigava a comunicar imediatamente ao CONTRATANTE os incidentes com dados pessoais;",
    )
    assert readings["VII"].coverage is Coverage.MISSING
    assert readings["XI"].coverage is Coverage.MISSING


def test_a_contract_about_other_matters_covers_nothing():
    text = "CLÁUSULA 1 – DO OBJETO\n\n1.1. A CONTRATADA fornecerá bombas d'água.\n\n1.2. Qualquer vazamento será comunicado imediatamente ao CONTRATANTE.\n\n1.3. O CONTRATANTE poderá auditar a instalação das bombas."
    assert set(levels(text).values()) == {Coverage.MISSING}


def test_a_sentence_on_the_law_is_only_part_of_an_instrument():
    assert under_heading("As partes cumprirão a LGPD.")["IV"].coverage is Coverage.PARTIAL


def test_a_clause_with_duties_is_an_instrument():
    assert levels(CLAUSE)["IV"] is Coverage.COVERED


def test_the_plan_of_a_contract_is_not_the_contract():
    text = "ESTUDO TÉCNICO PRELIMINAR – PROTEÇÃO DE DADOS PESSOAIS\n\n1. A futura contratada tratará os dados pessoais segundo as instruções do CONTRATANTE."
    assert levels(text)["IV"] is Coverage.PARTIAL


# Who owes whom.


def parties_of(text):
    return Parties(split(passages_of_text(text)), load_concepts().parties)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nos termos da LGPD, CONTROLADORA é a MONTADORA e OPERADORA é a OFICINA.",
        "O papel de controladora cabe à MONTADORA e o de operadora à OFICINA.",
        "A MONTADORA ocupará a posição de controladora e a OFICINA, a de operadora.",
        "MONTADORA e OFICINA serão, respectivamente, controladora e operadora.",
    ],
)
def test_names_that_only_one_contract_uses_are_learned_from_the_roles(sentence):
    parties = parties_of(f"{sentence} A OFICINA avisará a MONTADORA.")
    assert parties.sides[("montadora",)] is Side.CONTROLLER
    assert parties.sides[("oficina",)] is Side.OPERATOR


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("A CONTRATADA comunicará o incidente ao CONTRATANTE.", Side.OPERATOR),
        ("O CONTRATANTE comunicará o incidente à CONTRATADA.", Side.CONTROLLER),
        ("Quando o CONTRATANTE pedir, a CONTRATADA comunicará o incidente.", Side.OPERATOR),
        ("Cabe à CONTRATADA, ouvido o CONTRATANTE, comunicar o incidente.", Side.OPERATOR),
        ("O incidente será comunicado pela CONTRATADA ao CONTRATANTE.", Side.OPERATOR),
        ("As partes comunicarão uma à outra o incidente.", Side.BOTH),
        ("Terá a CONTRATADA dez horas para comunicar o incidente.", Side.OPERATOR),
    ],
)
def test_who_acts_is_told_in_the_active_and_in_the_passive(sentence, side):
    parties = parties_of(sentence)
    document = parties.document
    verb = next(index for index, word in enumerate(document.folded) if word.startswith("comunic"))
    assert parties.agent(0, verb) is side


def test_a_text_without_accents_tells_object_from_subject():
    found = levels(
        without_accents(
            "CLÁUSULA 5 – LGPD\n\n5.1. A CONTRATADA comunicará imediatamente à CONTRATANTE qualquer incidente com dados pessoais."
        )
    )
    assert found["XI"] is Coverage.COVERED


def test_of_two_names_of_the_contratantes_kind_the_one_that_promises_is_the_operator():
    found = levels(
        "CLÁUSULA OITAVA – DA PROTEÇÃO DE DADOS PESSOAIS\n\n"
        "8.1. A FUNDAÇÃO DE APOIO avisará imediatamente à UNIVERSIDADE todo incidente com dados pessoais.\n\n"
        "8.2. A FUNDAÇÃO DE APOIO respeitará os direitos dos titulares previstos no art. 18 da LGPD."
    )
    assert found["XI"] is Coverage.COVERED
    # The "apoio" of a name supports nobody.
    assert found["X"] is Coverage.PARTIAL


def test_what_is_brought_to_the_contratante_is_not_owed_by_it_under_an_opening_that_it_begins():
    found = under_heading(
        "O MUNICÍPIO decidirá sobre os dados pessoais dos usuários, e a PRESTADORA os tratará em lugar dele, "
        "sob estas regras:\n\n"
        "a) ocorrência que exponha dados pessoais será levada ao conhecimento do MUNICÍPIO no mesmo instante."
    )
    assert found["XI"].coverage is Coverage.COVERED


def test_secret_information_that_includes_personal_data_is_personal_data_in_the_whole_text():
    found = levels(
        "TERMO DE SIGILO\n\nCláusula Primeira – Do objeto\n\n"
        "Regulam-se as obrigações da CONTRATADA quanto às informações sigilosas, inclusive dados pessoais, do CONTRATANTE."
        "\n\nCláusula Quarta – Das multas\n\nA mora sujeita a CONTRATADA a multa.\n\n"
        "Cláusula Quinta – Do fim\n\n"
        "Findo o contrato, a CONTRATADA destruirá as informações sigilosas e entregará ao CONTRATANTE certificado de destruição."
    )
    assert found["XII"] is Coverage.COVERED


def test_a_policy_that_a_contract_only_names_does_not_make_it_another_paper():
    found = levels(
        "5. PRIVACIDADE E TRATAMENTO DE DADOS\n\n"
        "5.1. O CLIENTE declara-se ciente da Política de Privacidade da FORNECEDORA.\n\n"
        "5.2. A FORNECEDORA tratará os dados pessoais segundo as instruções do CLIENTE.\n\n"
        "5.3. A FORNECEDORA adotará medidas de segurança para proteger os dados pessoais."
    )
    assert found["IV"] is Coverage.COVERED


def test_the_duties_imposed_on_suboperadores_item_by_item_are_not_the_operators():
    found = under_heading(
        "A OPERADORA imporá aos suboperadores os mesmos deveres, entre eles:\n\n"
        "a) comunicar imediatamente ao CONTRATANTE qualquer incidente com dados pessoais;\n\n"
        "b) manter trilha de auditoria inalterável com usuário, data e hora.",
        "A OPERADORA tratará os dados pessoais segundo as instruções do CONTRATANTE.",
    )
    assert {found["XI"].coverage, found["II"].coverage} <= {Coverage.MISSING, Coverage.POSSIBLE}
    assert found["VII"].coverage is Coverage.COVERED


def test_a_name_that_is_handed_a_list_of_deveres_in_a_text_without_other_parties_owes_them():
    found = levels(
        "CLÁUSULA SÉTIMA – DEVERES DA AGÊNCIA\n\nSão deveres da AGÊNCIA, quanto aos dados pessoais dos viajantes:\n\n"
        "a) tratar os dados pessoais segundo as ordens do encarregado do Ministério;\n\n"
        "b) adotar medidas de segurança para proteger os dados pessoais;\n\n"
        "c) eliminar os dados pessoais ao fim do contrato."
    )
    assert found["V"] is Coverage.PARTIAL
    assert found["XII"] is Coverage.PARTIAL


def test_a_contract_that_repeats_the_portaria_covers_what_the_portaria_says_whole() -> None:
    duties = (f"{inciso} – {ART_14[inciso].text};" for inciso in INCISOS)
    opening = "10.1. A CONTRATADA, na condição de operadora, obriga-se perante o CNJ a:"
    text = "\n\n".join(("CLÁUSULA DÉCIMA – DA PROTEÇÃO DE DADOS PESSOAIS", opening, *duties))
    found = {point: reading.coverage for point, reading in read_coverage(passages_of_text(text)).points.items()}
    # The words of I name no content of the notice, and those of III fix no term: a contract has still to do both.
    left = {"I": Coverage.PARTIAL, "III": Coverage.PARTIAL}
    assert found == {inciso: left.get(inciso, Coverage.COVERED) for inciso in INCISOS}


def test_naming_the_portaria_beside_a_duty_narrows_nothing() -> None:
    duty = "15.1. O OPERADOR deve comunicar de imediato ao CNJ qualquer incidente com dados pessoais"
    for citation in ("", " (Portaria, art. 14, XI)", ", na forma da Portaria nº 369/2025"):
        text = f"CLÁUSULA 15. DA COMUNICAÇÃO\n\n{duty}{citation}."
        assert read_coverage(passages_of_text(text)).points["XI"].coverage is Coverage.COVERED, citation


def test_a_clause_that_an_amendment_quotes_opens_its_own_section():
    text = (
        "CLÁUSULA 2ª – Fica incluída a Cláusula 17ª-A, com a seguinte redação:\n\n"
        "“CLÁUSULA 17ª-A – PROTEÇÃO DE DADOS PESSOAIS\n\n"
        "17ª-A.1. A CONTRATANTE poderá, a qualquer tempo, realizar auditorias no parque gráfico da CONTRATADA.”"
    )
    assert levels(text)["IX"] is Coverage.COVERED


def test_a_sentence_in_capitals_among_small_letters_is_read_like_the_others():
    points = under_heading(
        "A contratada manterá cópias dos dados pessoais em local seguro, com controle de quem as consulta.",
        "QUALQUER INCIDENTE DE SEGURANÇA COM DADOS PESSOAIS SERÁ COMUNICADO AO DEPARTAMENTO EM ATÉ 36 (TRINTA E SEIS) "
        "HORAS.",
    )
    assert points["XI"].coverage is Coverage.PARTIAL


def test_the_outer_limit_decides_and_not_the_undue_delay_before_it():
    points = under_heading(
        "O operador notificará o controlador dos incidentes com dados pessoais sem demora injustificada e, em qualquer "
        "caso, no prazo máximo de 24 (vinte e quatro) horas."
    )
    assert points["XI"].coverage is Coverage.COVERED


def test_a_definition_between_quotation_marks_is_no_duty():
    points = under_heading("“encarregado”: pessoa indicada para atuar como canal de comunicação de incidentes.")
    assert points["I"].coverage is not Coverage.COVERED


def test_a_denial_reaches_all_that_is_told_in_a_row():
    points = under_heading(
        "A CONTRATANTE não terá direito de realizar auditorias, inspeções ou vistorias nos sistemas da CONTRATADA."
    )
    assert points["IX"].coverage is Coverage.MISSING


def test_what_falls_to_the_court_is_not_the_operators_duty():
    text = (
        "CLÁUSULA QUARTA – DOS DADOS PESSOAIS\n\n4.1. Ao TRIBUNAL cumpre:\n\n"
        "a) inutilizar os dados pessoais ao cabo do ajuste, remetendo à CONTRATADA certidão do ato."
    )
    assert levels(text)["XII"] is not Coverage.COVERED


def test_help_given_to_the_operator_is_not_help_owed_by_it():
    points = under_heading(
        "As requisições de titulares serão respondidas pelo TRIBUNAL, que prestará à CONTRATADA o auxílio necessário."
    )
    assert points["X"].coverage is not Coverage.COVERED


def test_a_machine_is_neither_controlador_nor_operador_of_data():
    text = "1.1. O controlador lógico recebe as ordens da CONTRATANTE e o operador da bomba agirá conforme as ordens."
    assert levels(text)["IV"] is Coverage.MISSING


def test_who_only_owns_the_data_does_not_play_the_role_named_after_it():
    parties = Parties(
        split(
            passages_of_text(
                "1.1. Em relação ao conteúdo do CLIENTE, a NIMBUS atua como operadora dos dados pessoais do CLIENTE."
            )
        ),
        load_concepts().parties,
    )
    assert {parties.document.folded[first] for first, _ in parties.spans(Side.CONTROLLER)} == {"cliente"}
