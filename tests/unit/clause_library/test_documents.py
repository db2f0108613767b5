"""The papers that an agreement's records make: requests, audits, incidents, disposals, commitments."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.catalogue import load_catalogue
from clause_library.description import AgreementDescription, IncidentDescription, Subject
from clause_library.draft import TO_COMPLETE, Blank, CrossReference, Draft, Line, Paragraph, Table, plain
from clause_library.drafting import DraftRefused, draft_document
from clause_library.markup import lines_of, written
from clause_library.phrases import elapsed, moment_in_full
from contracts.norm import ART_14, ART_25_P1, is_verbatim
from contracts.vocabulary import INCISOS, AgreementKind, IncidentSource, Regime, Role
from tests.unit.clause_library.samples import COMPLETE, ON, PARAMETERS, PLAIN, UNKNOWN, described
from tests.unit.clause_library.subject_samples import AUDIT, BARE, DISPOSAL, FULL, INCIDENT, KINDS, REQUEST, drafted

PUBLIC = described(operator=replace(PLAIN.operator, regime=Regime.PUBLIC))
JOINT = described(role=Role.JOINT_CONTROLLER, operator=replace(PLAIN.operator, regime=Regime.PUBLIC))
SIGNED_NAMES = {"“Instrumento”", "“Portaria”", "“LGPD”", "“ANPD”"}


def every_line(draft: Draft) -> list[Line]:
    """Every line of the draft, tables and signatures included."""
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


def ids(draft: Draft) -> list[str]:
    return [clause.id for clause in draft.clauses]


# Whatever the kind.


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_text_of_a_document_is_as_it_was_read_aloud(kind: str, snapshot: Any) -> None:
    assert drafted(kind).text == snapshot


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_text_of_a_document_about_which_nothing_is_known_is_as_it_was_read_aloud(
    kind: str, snapshot: Any
) -> None:
    assert drafted(kind, UNKNOWN, BARE.get(kind)).text == snapshot


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("description", [COMPLETE, UNKNOWN, PUBLIC, JOINT], ids=["full", "bare", "public", "joint"])
def test_every_blank_is_listed_in_the_document_and_every_listed_fact_is_a_blank(
    kind: str, description: AgreementDescription
) -> None:
    draft = drafted(kind, description, BARE.get(kind) if description is UNKNOWN else None)

    lines = every_line(draft)
    blanks = {inline.placeholder for line in lines for inline in line if isinstance(inline, Blank)}
    listed = {field.placeholder for field in draft.missing}
    assert blanks <= listed
    assert listed - blanks <= {"parte.papel"}
    assert (TO_COMPLETE in draft.text) is bool(listed)
    for field in draft.missing:
        assert f"- {field.label}" in draft.text
    assert not any("{" in plain(line) or "None" in plain(line) for line in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_prints_the_number_of_the_paragraph_it_leads_to(kind: str) -> None:
    draft = drafted(kind, JOINT)
    numbers = {clause.anchor: clause.label for clause in draft.clauses}
    for clause in draft.clauses:
        for block in clause.content:
            if isinstance(block, Paragraph):
                numbers |= {paragraph.anchor: paragraph.number for paragraph in block.walk()}
    references = [inline for line in every_line(draft) for inline in line if isinstance(inline, CrossReference)]
    assert all(numbers[reference.anchor] == reference.text for reference in references)
    assert [clause.number for clause in draft.clauses] == list(range(1, len(draft.clauses) + 1))


@pytest.mark.parametrize("kind", [*KINDS, "anexo", "termo-aditivo"])
def test_every_quotation_of_a_document_is_found_word_for_word_in_the_portaria(kind: str) -> None:
    spec = load_catalogue().documents[kind]
    for clause in spec.own:
        text = "\n".join(written(line) for line in lines_of(clause.body))
        assert set(re.findall(r"“([^”]*)”", text)) == set(clause.quotes), clause.id
        assert all(is_verbatim(quote) for quote in clause.quotes), clause.id
    around = " ".join(written(line) for line in (*spec.preamble, *spec.recitals))
    for quote in re.findall(r"“[^”]*”", around):
        assert quote in SIGNED_NAMES or is_verbatim(quote[1:-1]), quote


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_sets_no_term_of_its_own(kind: str) -> None:
    from_norms = {"3 (três) dias"}
    for clause in load_catalogue().documents[kind].own:
        text = " ".join(written(line) for line in lines_of(clause.body))
        found = re.findall(r"\d+(?: \([a-zà-ú ]+\))? (?:horas?|dias?|mes(?:es)?|mês|anos?)", text)
        assert set(found) <= from_norms, clause.id


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_cites_only_the_norms_that_the_library_is_sure_of(kind: str) -> None:
    for clause in load_catalogue().documents[kind].own:
        text = " ".join(written(line) for line in lines_of(clause.body))
        assert set(re.findall(r"Lei nº ([\d./]+\d)", text)) <= {"13.709/2018"}, clause.id
        assert set(re.findall(r"Resolução ([A-Z/]+ nº [\d/]+)", text)) <= {"CD/ANPD nº 15/2024", "CNJ nº 396/2021"}


@pytest.mark.parametrize("kind", FULL)
def test_a_paper_of_administration_has_sections_and_says_why_each_is_in(kind: str) -> None:
    draft = drafted(kind)
    assert not draft.binding
    assert draft.numbering == "sections"
    assert draft.clauses[0].label == "1"
    assert "CLÁUSULA" not in draft.text
    assert all(clause.own and clause.why.endswith(".") for clause in draft.clauses)


@pytest.mark.parametrize("kind", [kind for kind in FULL if kind != "compromisso-individual"])
def test_a_public_body_keeps_the_particulars_of_its_own_regime(kind: str) -> None:
    assert "regime-publico" not in ids(drafted(kind, PLAIN))
    assert "regime-publico" in ids(drafted(kind, PUBLIC))


@pytest.mark.parametrize("kind", ["requisicao-de-informacoes", "plano-de-auditoria"])
def test_joint_controllers_read_on_what_ground_the_duties_reach_them(kind: str) -> None:
    draft = drafted(kind, JOINT)
    assert "regime-conjunto" in ids(draft)
    assert "CONTROLADOR CONJUNTO" in draft.text
    assert "OPERADOR" not in draft.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_edition_of_a_document_changes_with_its_own_sections(kind: str) -> None:
    library = load_catalogue()
    spec = library.documents[kind]
    changed = replace(spec, digest="0" * 64)
    assert library.edition_of(spec, ON) != library.edition_of(changed, ON)
    assert library.edition_of(spec, ON)[1] != library.edition(ON)[1]
    assert library.edition_of(library.documents["anexo"], ON) == library.edition(ON)


def test_a_document_is_refused_about_something_else_or_about_nothing() -> None:
    for subject in (None, AUDIT):
        with pytest.raises(TypeError, match="request"):
            draft_document("requisicao-de-informacoes", COMPLETE, parameters=PARAMETERS, on=ON, subject=subject)
    with pytest.raises(TypeError, match="agreement alone"):
        draft_document("anexo", COMPLETE, parameters=PARAMETERS, on=ON, subject=REQUEST)


def test_only_what_needs_no_instrument_fits_an_agreement_that_has_none() -> None:
    nothing = described(kind=AgreementKind.NONE, number=None)
    assert "Compartilhamento de dados pessoais sem outro instrumento" in drafted("termo-de-compromisso", nothing).text
    with pytest.raises(DraftRefused, match="sem instrumento"):
        draft_document("anexo", nothing, parameters=PARAMETERS, on=ON)
    for kind in KINDS:
        with pytest.raises(DraftRefused, match="sem tratamento de dados pessoais"):
            drafted(kind, described(role=Role.NO_PERSONAL_DATA))


# The commitment that stands alone.


def test_the_termo_de_compromisso_carries_the_whole_set_of_duties() -> None:
    draft = drafted("termo-de-compromisso", described(kind=AgreementKind.CONVENIO, number="3/2026"))
    assert [row.point for row in draft.matrix][:12] == list(INCISOS)
    assert {point for clause in draft.clauses for point in clause.points} >= set(INCISOS)
    assert draft.binding
    assert "Convênio nº 3/2026" in draft.text
    assert "Anexo" not in draft.text


@pytest.mark.parametrize(
    ("description", "capacity", "role_clause"),
    [
        (PLAIN, "Representante legal do OPERADOR", "role-operator"),
        (PUBLIC, "Autoridade competente do OPERADOR", "role-operator"),
        (JOINT, "Autoridade competente do CONTROLADOR CONJUNTO", "role-joint"),
    ],
)
def test_the_right_parties_sign_the_termo_de_compromisso(
    description: AgreementDescription, capacity: str, role_clause: str
) -> None:
    draft = drafted("termo-de-compromisso", description)
    assert [plain(each.capacity) for each in draft.signatures] == ["Autoridade competente do CNJ", capacity]
    assert role_clause in ids(draft)


# The commitment of one person.


def test_the_name_and_the_cpf_of_a_person_are_always_left_to_who_signs() -> None:
    draft = drafted("compromisso-individual")
    assert {field.field for field in draft.missing} == {"signer.name", "signer.cpf"}
    assert "matrícula 4471" in draft.text
    assert len(draft.text.split()) < 600


# The request.


def test_each_item_of_a_request_stands_under_its_inciso_with_the_words_of_the_duty() -> None:
    draft = drafted("requisicao-de-informacoes")
    asked = next(clause for clause in draft.clauses if clause.id == "pedido")
    items = [block for block in asked.content if isinstance(block, Paragraph)][1:]
    assert len(items) == len(REQUEST.items)
    for number, (paragraph, item) in enumerate(zip(items, REQUEST.items, strict=True), start=2):
        assert paragraph.number == f"2.{number}"
        assert item.title in plain(paragraph.line)
        assert (ART_14[item.inciso].text or "") in plain(paragraph.children[0].line)
    summary = next(clause for clause in draft.clauses if clause.id == "resumo").content[1]
    assert isinstance(summary, Table)
    assert [plain(row[0]) for row in summary.rows] == ["2.2", "2.3", "2.4"]


def test_a_request_says_that_its_term_is_its_own_and_never_shows_the_secret_link() -> None:
    text = drafted("requisicao-de-informacoes").text
    assert "10 de dezembro de 2026" in text
    assert "A Portaria não fixa prazo para responder" in text
    assert "/portal/r/" not in text


def test_two_items_in_the_same_words_are_two_items() -> None:
    twice = replace(REQUEST, items=(REQUEST.items[1], REQUEST.items[1]))
    summary = next(
        clause for clause in drafted("requisicao-de-informacoes", subject=twice).clauses if clause.id == "resumo"
    ).content[1]
    assert isinstance(summary, Table)
    assert [plain(row[0]) for row in summary.rows] == ["2.2", "2.3"]


# The audit.


def test_the_checklist_of_an_audit_has_a_row_for_each_requirement_of_its_criteria() -> None:
    draft = drafted("plano-de-auditoria")
    table = next(clause for clause in draft.clauses if clause.id == "roteiro").content[1]
    assert isinstance(table, Table)
    assert [plain(row[0]) for row in table.rows] == ["II", "II", "VI", "VI", "VIII", "VIII"]
    assert "incisos II, VI e VIII do art. 14 da Portaria" in draft.text


@pytest.mark.parametrize(
    ("changes", "present", "absent"),
    [
        ({}, {"execucao", "achados"}, {"recusa", "sem-achados"}),
        ({"actions": ()}, {"execucao", "achados-por-gravidade"}, {"recusa", "achados", "sem-achados"}),
        ({"actions": (), "findings": ()}, {"execucao", "sem-achados"}, {"recusa", "achados", "achados-por-gravidade"}),
        ({"seen": (), "noticed_on": None}, {"execucao"}, {"constatacoes", "aviso"}),
        (
            {"refused_on": ON, "performed_on": None, "actions": (), "findings": ()},
            {"aviso", "recusa"},
            {"execucao", "constatacoes", "achados", "sem-achados"},
        ),
    ],
)
def test_the_report_of_an_audit_says_what_was_found_that_nothing_was_or_that_it_was_refused(
    changes: dict[str, Any], present: set[str], absent: set[str]
) -> None:
    found = set(ids(drafted("relatorio-de-auditoria", subject=replace(AUDIT, **changes))))
    assert present <= found
    assert not absent & found


# The incident.


def test_the_report_of_an_incident_follows_the_eight_elements_of_art_25_in_their_order_and_words() -> None:
    titles = [clause.title for clause in drafted("relatorio-de-incidente").clauses]
    assert [re.search(r"§ 1º, ([IVX]+)\)", title)[1] for title in titles if "§ 1º" in title] == list(INCISOS[:8])  # type: ignore[index]
    text = drafted("relatorio-de-incidente").text
    assert all((reference.text or "") in text for reference in ART_25_P1.values())


@pytest.mark.parametrize(
    ("minutes", "reason", "said"),
    [
        (24 * 60, None, "não há, em registro, demora a justificar"),
        (24 * 60 + 1, None, "[informar: motivos da demora da comunicação]"),
        (24 * 60 + 1, "Falha no canal.", "Motivos: Falha no canal."),
        (5, "Avisamos depois de conferir.", "Motivos: Avisamos depois de conferir."),
    ],
)
def test_the_reasons_of_a_delay_are_asked_for_exactly_when_there_was_one(
    minutes: int, reason: str | None, said: str
) -> None:
    suspected = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
    incident = replace(
        INCIDENT, suspected_at=suspected, reported_at=suspected + timedelta(minutes=minutes), delay_reason=reason
    )
    assert said in drafted("relatorio-de-incidente", subject=incident).text


def test_hours_are_those_of_brasilia() -> None:
    incident = IncidentDescription(
        title="Queda", learned_at=datetime(2026, 11, 6, 2, 5, tzinfo=UTC), source=IncidentSource.THIRD_PARTY
    )
    text = drafted("relatorio-de-incidente", subject=incident).text
    assert "5 de novembro de 2026, às 23h05" in text
    assert moment_in_full(datetime(2026, 11, 6, 12, 0, tzinfo=UTC)) == "6 de novembro de 2026, às 9h"


@given(st.integers(0, 60 * 60 * 24 * 400))
def test_how_long_something_took_is_said_in_whole_minutes(seconds: int) -> None:
    said = elapsed(timedelta(seconds=seconds))
    hours = re.search(r"(\d+) horas?", said)
    minutes = re.search(r"(\d+) minutos?", said)
    total = (int(hours[1]) if hours else 0) * 60 + (int(minutes[1]) if minutes else 0)
    assert (total == seconds // 60) if seconds >= 60 else said == "menos de 1 minuto"


# The disposal.


@pytest.mark.parametrize(
    ("manner", "sections"),
    [("return", {"devolucao"}), ("disposal", {"descarte"}), (None, {"devolucao", "descarte"})],
)
def test_the_term_speaks_of_return_or_of_disposal_and_of_both_while_nobody_has_chosen(
    manner: str | None, sections: set[str]
) -> None:
    found = set(ids(drafted("termo-de-devolucao-e-descarte", subject=replace(DISPOSAL, manner=manner))))
    assert found & {"devolucao", "descarte"} == sections


def test_the_term_says_what_the_proof_reaches_and_its_hash() -> None:
    text = drafted("termo-de-devolucao-e-descarte").text
    assert "Cópias de segurança | Sim" in text
    assert "Dados em poder de suboperadores | Não" in text
    assert DISPOSAL.evidence_sha256 is not None
    assert DISPOSAL.evidence_sha256 in text
    assert "Cais Datacenter S.A." in text


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_words_of_a_record_make_a_document(title: str, reason: str) -> None:
    subject: Subject = replace(REQUEST, reason=reason, items=(replace(REQUEST.items[0], title=title, question=reason),))
    draft = drafted("requisicao-de-informacoes", subject=subject)
    assert not any(ord(char) < 32 for line in every_line(draft) for char in plain(line))
