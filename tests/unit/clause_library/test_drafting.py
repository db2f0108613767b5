"""Drafts: which clauses are in, how they are numbered, what is missing, and what an amendment amends."""

import re
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.catalogue import CatalogueError, load_catalogue
from clause_library.description import AgreementDescription, Gap, Operator, SubOperator
from clause_library.draft import Blank, CrossReference, Paragraph, Table, plain
from clause_library.drafting import DraftRefused, NothingToAmend, draft_anexo, draft_termo_aditivo, roman
from clause_library.phrases import DUTIES
from clause_library.placeholders import PlaceholderError
from contracts.vocabulary import (
    INCISOS,
    AgreementKind,
    Coverage,
    DataCategory,
    Formality,
    Regime,
    Role,
    SubjectGroup,
    VolumeBand,
)
from tests.unit.clause_library.samples import COMPLETE, ON, PARAMETERS, PLAIN, UNKNOWN, described

SERVED = tuple(DUTIES)
MISSING = Coverage.MISSING


def anexo(description=COMPLETE, parameters=PARAMETERS, on=ON):
    return draft_anexo(description, parameters=parameters, on=on)


def aditivo(*gaps, description=COMPLETE, parameters=PARAMETERS, number=1):
    return draft_termo_aditivo(description, gaps, parameters=parameters, on=ON, number=number)


def clause_ids(draft):
    return [clause.id for clause in draft.clauses]


def all_lines(draft):
    lines = [draft.title, *draft.subtitle, draft.header, *draft.preamble, *draft.recitals, draft.closing]
    tables = [table for table in (draft.parties, draft.points_table) if table is not None]
    for clause in draft.clauses:
        for block in clause.content:
            if isinstance(block, Table):
                tables.append(block)
            else:
                lines += [paragraph.line for paragraph in block.walk()]
    for table in tables:
        lines += [table.caption, *table.header, *(cell for row in table.rows for cell in row)]
    for signature in draft.signatures:
        lines += [signature.party, signature.name, signature.position, signature.capacity]
    return lines


# Any agreement at all, known or not, however strange its texts.
WORDS = st.none() | st.text(max_size=20)
DAYS = st.none() | st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))
ANSWER = st.none() | st.booleans()
OPERATORS = st.builds(
    Operator,
    name=st.text(min_size=1, max_size=20).filter(str.strip),
    regime=st.none() | st.sampled_from(Regime),
    **{f.name: WORDS for f in fields(Operator) if f.name not in {"name", "regime"}},
)
DESCRIPTIONS = st.builds(
    AgreementDescription,
    body=st.just(COMPLETE.body) | st.just(UNKNOWN.body),
    operator=OPERATORS,
    kind=st.sampled_from([kind for kind in AgreementKind if kind is not AgreementKind.NONE]),
    number=WORDS,
    process=WORDS,
    object=WORDS,
    signed_on=DAYS,
    starts_on=DAYS,
    ends_on=DAYS,
    unit=WORDS,
    gestor=WORDS,
    fiscal=WORDS,
    amendment_ground=WORDS,
    role=st.sampled_from([None, Role.OPERATOR, Role.JOINT_CONTROLLER, Role.INDEPENDENT_CONTROLLER]),
    purpose=WORDS,
    public_function=WORDS,
    legal_basis=WORDS,
    categories=st.none() | st.lists(st.sampled_from(DataCategory)).map(tuple),
    subject_groups=st.none() | st.lists(st.sampled_from(SubjectGroup)).map(tuple),
    sensitive=ANSWER,
    children=ANSWER,
    judicial_secrecy=ANSWER,
    international_transfer=ANSWER,
    transfer_countries=st.none() | st.lists(st.text(max_size=8)).map(tuple),
    transfer_mechanism=WORDS,
    sub_operators=st.none()
    | st.lists(st.builds(SubOperator, name=st.text(max_size=9), identification=WORDS), max_size=3).map(tuple),
    volume=st.none() | st.sampled_from(VolumeBand),
    hosting=WORDS,
    processing_term=WORDS,
    guarantees=WORDS,
)
GAPS = st.lists(
    st.builds(
        Gap,
        st.sampled_from(SERVED),
        st.sampled_from([Coverage.MISSING, Coverage.PARTIAL]),
        st.text(max_size=30),
    ),
    min_size=1,
    unique_by=lambda gap: gap.point,
)


# What is in.


def test_an_annex_has_a_clause_for_each_of_the_twelve_incisos_in_the_order_of_the_portaria():
    draft = anexo(PLAIN)

    serving = [point for clause in draft.clauses for point in clause.points if point in INCISOS]
    assert tuple(serving) == INCISOS
    assert [row.point for row in draft.matrix] == list(DUTIES)


@pytest.mark.parametrize(
    ("changes", "gained", "lost"),
    [
        ({"sensitive": True}, {"sensitive-data"}, set()),
        ({"sensitive": None}, {"sensitive-data"}, set()),
        ({"categories": (DataCategory.BIOMETRIC,)}, {"sensitive-data"}, set()),
        ({"children": True}, {"children"}, set()),
        ({"children": None}, {"children"}, set()),
        ({"subject_groups": (SubjectGroup.CHILDREN,)}, {"children"}, set()),
        ({"judicial_secrecy": True}, {"judicial-secrecy"}, set()),
        ({"judicial_secrecy": None}, {"judicial-secrecy"}, set()),
        ({"international_transfer": True}, {"international-transfer"}, {"national-processing"}),
        ({"international_transfer": None}, {"international-transfer"}, {"national-processing"}),
        ({"sub_operators": (SubOperator(name="Cais"),)}, {"sub-operators-list"}, set()),
        ({"sub_operators": None}, {"sub-operators-list"}, set()),
        ({"operator": replace(PLAIN.operator, regime=Regime.PUBLIC)}, {"public-regime"}, set()),
        ({"operator": replace(PLAIN.operator, regime=None)}, set(), set()),
        ({"role": Role.JOINT_CONTROLLER}, {"role-joint"}, {"role-operator"}),
        ({"role": Role.INDEPENDENT_CONTROLLER}, {"role-independent"}, {"role-operator"}),
        ({"role": None}, set(), set()),
    ],
)
def test_each_fact_brings_its_clause_and_what_is_unknown_is_drafted_protectively(changes, gained, lost):
    plain_ids, changed = set(clause_ids(anexo(PLAIN))), set(clause_ids(anexo(described(**changes))))

    assert (changed - plain_ids, plain_ids - changed) == (gained, lost)


def test_every_clause_says_why_it_is_in():
    assert all(clause.why.endswith(".") for clause in anexo(UNKNOWN).clauses)


@pytest.mark.parametrize(
    ("role", "term"),
    [
        (None, "OPERADOR"),
        (Role.OPERATOR, "OPERADOR"),
        (Role.JOINT_CONTROLLER, "CONTROLADOR CONJUNTO"),
        (Role.INDEPENDENT_CONTROLLER, "CONTROLADOR INDEPENDENTE"),
    ],
)
def test_the_other_party_is_called_by_its_role_throughout(role, term):
    draft = anexo(described(role=role))

    assert f"a seguir chamado {term}," in draft.text
    assert ("OPERADOR" in draft.text) is (term == "OPERADOR")


@pytest.mark.parametrize(
    ("regime", "capacity"),
    [
        (Regime.PRIVATE, "Representante legal do OPERADOR"),
        (Regime.FOREIGN, "Representante legal do OPERADOR"),
        (None, "Representante legal do OPERADOR"),
        (Regime.PUBLIC, "Autoridade competente do OPERADOR"),
    ],
)
def test_who_signs_depends_on_the_regime(regime, capacity):
    draft = anexo(described(operator=replace(PLAIN.operator, regime=regime)))

    assert [plain(signature.capacity) for signature in draft.signatures] == ["Autoridade competente do CNJ", capacity]


def test_another_court_stands_in_every_clause_in_the_place_of_the_cnj_except_where_the_portaria_is_quoted():
    court = replace(COMPLETE.body, name="Tribunal Regional do Trabalho", acronym="TRT")
    text = anexo(described(body=court)).text

    unquoted = re.sub(r"“[^”]*”", "", text)
    assert "TRT" in unquoted
    leftover = re.findall(r"[^.;]*\bCNJ\b[^.;]*", unquoted.replace("Portaria Presidência CNJ", ""))
    assert all("pessoas com quem o CNJ mantém" in sentence for sentence in leftover), leftover


# The words.


def test_facts_and_terms_are_written_in_the_language_of_instruments():
    text = anexo().text

    assert "Contrato nº 12/2026" in text
    assert "CNPJ 12.ABC.345/01DE-35" in text
    assert "10 de março de 2026 a 9 de março de 2029" in text
    assert "O limite de 24 (vinte e quatro) horas, contado da primeira suspeita" in text
    assert "em até 5 (cinco) dias úteis, ou em prazo menor" in text
    assert "Identificação, contato e saúde" in text
    assert "Há: saúde" in text
    assert "Cais Datacenter S.A. | 11.222.333/0001-81 | Hospedagem | Brasil" in text


def test_a_foreign_party_is_identified_by_its_foreign_registration():
    foreign = replace(COMPLETE.operator, regime=Regime.FOREIGN, cnpj=None, foreign_id="PT 501 442 600")

    assert "registro estrangeiro PT 501 442 600" in anexo(described(operator=foreign)).text


def test_a_transfer_names_its_countries():
    draft = anexo(
        described(
            international_transfer=True, transfer_countries=("Portugal", "Irlanda"), transfer_mechanism="adequação"
        )
    )

    assert "Transferência internacional | Há, para Portugal e Irlanda" in draft.text
    assert "Países de destino | Portugal e Irlanda" in draft.text
    assert draft.missing == ()


def test_each_sub_operator_has_its_row():
    draft = anexo(described(sub_operators=(SubOperator(name="Cais"), SubOperator(name="Vento"))))

    (table,) = [
        block
        for clause in draft.clauses
        if clause.id == "sub-operators-list"
        for block in clause.content
        if isinstance(block, Table)
    ]
    assert [plain(row[0]) for row in table.rows] == ["Cais", "Vento"]


def test_a_name_that_looks_like_a_placeholder_is_printed_and_not_filled_in():
    odd = replace(COMPLETE.operator, name="{orgao.sigla} *Serviços* {{ref:disposal}}")

    assert "{orgao.sigla} *Serviços* {{ref:disposal}}" in anexo(described(operator=odd)).text


# What is missing.


def test_a_complete_agreement_lacks_nothing():
    assert anexo().missing == ()
    assert aditivo(Gap("XI", MISSING)).missing == ()
    assert "[informar" not in anexo().text


def test_what_nobody_has_told_us_is_asked_for_in_its_place_and_listed_once_with_its_field():
    draft = anexo(UNKNOWN, parameters={})

    by_field = {field.field: field for field in draft.missing}
    assert len(by_field) + 1 >= len(draft.missing)
    assert by_field["purpose"].label == "Finalidade do tratamento"
    assert by_field["operator.cnpj"].placeholder == "operador.identificacao"
    assert by_field["parameters.descarte_dias"].label.endswith("em dias corridos")
    assert {"role", "sensitive", "sub_operators", "operator.regime", "number"} <= set(by_field)
    assert "[informar: finalidade do tratamento]" in draft.text
    assert "[informar: CNPJ do órgão]" in draft.text
    placeholders = [field.placeholder for field in draft.missing]
    assert len(set(placeholders)) == len(placeholders)


def test_an_unknown_role_is_drafted_as_operator_and_told():
    draft = anexo(described(role=None))

    assert [field.field for field in draft.missing] == ["role"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "  \n"}, "purpose"),
        ({"categories": ()}, "categories"),
        ({"subject_groups": ()}, "subject_groups"),
        ({"number": " "}, "number"),
        ({"guarantees": "."}, "guarantees"),
        (
            {"international_transfer": True, "transfer_mechanism": "x", "transfer_countries": (" ",)},
            "transfer_countries",
        ),
        ({"ends_on": None, "processing_term": "dois anos"}, "ends_on"),
    ],
)
def test_an_empty_answer_is_no_answer(changes, field):
    assert [missing.field for missing in anexo(described(**changes)).missing] == [field]


def test_no_sub_operators_is_an_answer():
    assert "Suboperadores | Não há" in anexo(PLAIN).text


@given(DESCRIPTIONS)
def test_whatever_is_unknown_a_draft_can_be_made_and_every_blank_is_listed(description):
    draft = anexo(description)

    blanks = {inline.placeholder for line in all_lines(draft) for inline in line if isinstance(inline, Blank)}
    listed = {field.placeholder for field in draft.missing}
    assert blanks <= listed
    assert listed - blanks <= {"parte.papel"}
    for line in all_lines(draft):
        assert all(inline.text for inline in line)
        assert not any(ord(char) < 32 for char in plain(line))


# Numbering.


@given(DESCRIPTIONS)
def test_numbers_run_without_gap_and_every_reference_points_to_the_number_it_prints(description):
    _check_numbering(anexo(description))


@given(DESCRIPTIONS, GAPS)
def test_the_same_holds_for_any_termo_aditivo(description, gaps):
    _check_numbering(draft_termo_aditivo(description, gaps, parameters=PARAMETERS, on=ON))


def _check_numbering(draft):
    numbers = {}
    tables = [draft.parties] if draft.parties else []
    tables += [draft.points_table] if draft.points_first else []
    for position, clause in enumerate(draft.clauses, start=1):
        assert clause.label == f"CLÁUSULA {position}"
        numbers[clause.anchor] = clause.label
        tables += [block for block in clause.content if isinstance(block, Table)]
        for item_position, item in enumerate(clause.paragraphs, start=1):
            assert (item.level, item.number) == (2, f"{position}.{item_position}")
            for letter_position, child in enumerate(item.children):
                assert (child.level, child.number) == (3, f"{chr(ord('a') + letter_position)})")
            for paragraph in item.walk():
                assert paragraph.anchor not in numbers
                assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", paragraph.anchor)
                numbers[paragraph.anchor] = paragraph.number
    tables += [] if draft.points_first else [draft.points_table]
    assert [table.number for table in tables] == list(range(1, len(tables) + 1))
    for line in all_lines(draft):
        for inline in line:
            if isinstance(inline, CrossReference):
                assert numbers[inline.anchor] == inline.text


def test_the_fourth_level_is_numbered_in_roman_capitals():
    assert [roman(number) for number in (1, 4, 9, 10, 19, 39)] == ["I", "IV", "IX", "X", "XIX", "XXXIX"]


def test_a_paragraph_is_walked_in_reading_order():
    leaf = Paragraph(4, "I –", (), "d")
    tree = Paragraph(2, "1.1", (), "a", (Paragraph(3, "a)", (), "b", (leaf,)), Paragraph(3, "b)", (), "c")))

    assert [paragraph.anchor for paragraph in tree.walk()] == ["a", "b", "d", "c"]


def test_a_clause_refers_to_another_by_number_when_it_is_there_and_in_words_when_it_is_not():
    together = aditivo(Gap("I", MISSING), Gap("XI", MISSING)).text
    alone = aditivo(Gap("XI", MISSING)).text

    assert "segue a forma e o conteúdo da CLÁUSULA 2." in together
    assert "segue a forma e o conteúdo da ficha de comunicação de incidentes entregue ao órgão." in alone


# The termo aditivo.


@given(GAPS)
def test_a_termo_aditivo_has_the_clauses_of_its_gaps_and_no_other(gaps):
    draft = draft_termo_aditivo(COMPLETE, gaps, parameters=PARAMETERS, on=ON)

    points = {gap.point for gap in gaps}
    shell = {"aditivo-object", "aditivo-effects", "aditivo-ratification"}
    inserted = [clause for clause in draft.clauses if clause.id not in shell]
    assert {clause.id for clause in draft.clauses} >= shell
    assert all(set(clause.points) & points for clause in inserted)
    assert points <= {point for clause in inserted for point in clause.points}
    assert {row.point for row in draft.matrix} == points
    assert len(draft.points_table.rows) == len(points)


@pytest.mark.parametrize("point", SERVED)
def test_each_point_can_be_mended_alone(point):
    draft = aditivo(Gap(point, MISSING))

    assert len(draft.clauses) == 4
    assert point in draft.clauses[1].points
    assert "inclui no Instrumento a CLÁUSULA 2, para suprir" in draft.text


def test_the_grounds_say_which_provision_what_is_missing_and_which_clause_mends_it():
    draft = aditivo(
        Gap("XI", Coverage.PARTIAL, "o prazo conta da confirmação"), Gap("I", MISSING), Gap("subject_access", MISSING)
    )

    assert [[plain(cell) for cell in row] for row in draft.points_table.rows] == [
        ["art. 14, I", "Forma de comunicação de incidentes", "O Instrumento não trata deste ponto.", "CLÁUSULA 2"],
        [
            "art. 14, XI",
            "Comunicação imediata de incidentes",
            "Previsto em parte. Falta: o prazo conta da confirmação.",
            "CLÁUSULA 3",
        ],
        [
            "art. 6º, § 1º",
            "Acesso facilitado do titular às informações",
            "O Instrumento não trata deste ponto.",
            "CLÁUSULA 4",
        ],
    ]
    assert "da CLÁUSULA 2 à CLÁUSULA 4" in draft.text
    assert plain(draft.title) == "1º Termo Aditivo"
    assert "Ficam ratificadas as demais cláusulas" in draft.text


def test_what_is_covered_is_not_amended():
    draft = aditivo(Gap("XI", MISSING), Gap("I", Coverage.COVERED))

    assert clause_ids(draft) == ["aditivo-object", "incident-notice", "aditivo-effects", "aditivo-ratification"]


@pytest.mark.parametrize("gaps", [(), (Gap("XI", Coverage.COVERED),)])
def test_with_nothing_missing_there_is_nothing_to_amend(gaps):
    with pytest.raises(NothingToAmend, match="já cobre"):
        aditivo(*gaps)


def test_what_no_clause_can_supply_is_named_and_does_not_make_an_amendment_by_itself():
    kind = Gap(Formality.KIND, MISSING)
    own = Gap("org-7", MISSING)
    with pytest.raises(NothingToAmend, match="não se supre"):
        aditivo(kind, own)
    assert aditivo(kind, Gap("XI", MISSING), own).unserved == (Formality.KIND, "org-7")


def test_a_reading_that_nobody_confirmed_amends_nothing():
    with pytest.raises(ValueError, match="ainda não foi confirmada"):
        Gap("XI", Coverage.POSSIBLE)


def test_two_gaps_on_one_point_are_refused():
    with pytest.raises(ValueError, match="same point"):
        aditivo(Gap("XI", MISSING), Gap("XI", Coverage.PARTIAL))


def test_the_number_and_the_legal_ground_of_the_amendment_are_asked_for():
    draft = aditivo(Gap("XI", MISSING), description=replace(COMPLETE, amendment_ground=None), number=None)

    assert plain(draft.title) == "[informar: número de ordem do termo aditivo] Termo Aditivo"
    assert [field.field for field in draft.missing] == ["amendment_number", "amendment_ground"]


@pytest.mark.parametrize("number", [0, -1])
def test_amendments_are_numbered_from_one(number):
    with pytest.raises(DraftRefused, match="começa em 1"):
        aditivo(Gap("XI", MISSING), number=number)


# What is refused.


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": AgreementKind.NONE}, "sem instrumento"),
        ({"role": Role.NO_PERSONAL_DATA}, "sem tratamento de dados pessoais"),
    ],
)
def test_an_agreement_without_instrument_or_without_personal_data_gets_no_document(changes, reason):
    with pytest.raises(DraftRefused, match=reason):
        anexo(described(**changes))
    with pytest.raises(DraftRefused, match=reason):
        aditivo(Gap("XI", MISSING), description=described(**changes))


def test_there_is_no_document_for_a_day_before_the_portaria():
    assert anexo(on=date(2025, 10, 20)).clauses
    with pytest.raises(CatalogueError, match="20/10/2025"):
        anexo(on=date(2025, 10, 19))


def test_a_parameter_that_no_clause_uses_is_a_slip():
    with pytest.raises(PlaceholderError, match="outro_prazo"):
        anexo(parameters=PARAMETERS | {"outro_prazo": 3})


def test_help_to_data_subjects_never_takes_longer_than_the_fifteen_days_of_the_court():
    assert anexo(parameters=PARAMETERS | {"auxilio_titular_dias_uteis": 10})
    with pytest.raises(PlaceholderError, match="10 dias úteis"):
        anexo(parameters=PARAMETERS | {"auxilio_titular_dias_uteis": 11})


# The same draft is the same draft.


def test_the_same_agreement_gives_the_same_draft_and_a_changed_word_gives_another():
    assert anexo() == anexo()
    assert anexo().fingerprint == anexo().fingerprint
    assert anexo().fingerprint != anexo(described(purpose="Outra")).fingerprint


def test_a_draft_says_which_clauses_in_which_versions_and_from_which_set_it_was_made():
    draft = anexo()
    since, digest = load_catalogue().edition(ON)

    assert draft.clause_versions[0] == ("definitions", 1)
    assert len(draft.clause_versions) == len(draft.clauses)
    assert draft.clause_set == f"{since.isoformat()}-{digest}"
    assert draft.clause_set_since == since
    assert draft.subject == "Contrato nº 12/2026, Aurora Nuvem e Dados Ltda."
