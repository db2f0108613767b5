"""Scoring against labelled texts, and reading plain text into passages."""

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.scoring import Cell, LabelsError, ScoreTable, main, passages_of_text, report_lines, score_folder
from contracts.vocabulary import INCISOS, Coverage

TEXT = "CLÁUSULA 5 – DADOS PESSOAIS\n\n5.1. O CONTRATANTE poderá auditar o tratamento dos dados pessoais.\n"


def labels(**given_labels):
    return {
        "text": "01",
        "kind": "contrato de ensaio",
        "incisos": {point: {"label": given_labels.get(point, "nao"), "quote": "", "note": ""} for point in INCISOS},
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "01.txt").write_text(TEXT, "utf-8")
    (tmp_path / "01.labels.json").write_text(json.dumps(labels(IX="sim", IV="sim")), "utf-8")
    (tmp_path / "02.txt").write_text("CLÁUSULA 1 – DO PREÇO\n\n1.1. O preço é de dez reais.\n", "utf-8")
    (tmp_path / "02.labels.json").write_text(json.dumps(labels(XI="sim")), "utf-8")
    return tmp_path


def cell(label, answer, text="01", point="I"):
    return Cell(text, "", point, label, answer)


def test_a_folder_is_scored_text_by_text_and_inciso_by_inciso(folder):
    table = score_folder(folder)
    assert table.texts == ("01", "02")
    assert len(table.cells) == 24
    assert table.count("sim", Coverage.COVERED) == 2
    assert table.count("sim", Coverage.MISSING) == 1
    assert table.of(point="IX").exact == 1.0
    assert table.kinds == ("contrato de ensaio",)


def test_possible_counts_as_partial():
    assert cell("parcial", Coverage.POSSIBLE).exact
    assert not cell("nao", Coverage.POSSIBLE).exact
    assert not cell("sim", Coverage.POSSIBLE).exact


def test_what_is_found_and_what_is_claimed_falsely_are_shares_of_their_labels():
    table = ScoreTable(
        (
            cell("sim", Coverage.COVERED),
            cell("sim", Coverage.POSSIBLE),
            cell("sim", Coverage.MISSING),
            cell("nao", Coverage.COVERED),
            cell("nao", Coverage.MISSING),
        )
    )
    assert table.found == pytest.approx(2 / 3)
    assert table.covered == pytest.approx(1 / 3)
    assert table.false_covered == pytest.approx(1 / 2)
    assert table.exact == pytest.approx(2 / 5)


def test_a_share_of_nothing_is_not_known():
    table = ScoreTable((cell("parcial", Coverage.PARTIAL),))
    assert table.found is None
    assert table.false_covered is None
    assert "–" in "\n".join(report_lines(table))


def test_the_interval_is_drawn_over_texts_and_is_always_the_same():
    cells = tuple(
        cell("sim", Coverage.COVERED if number % 3 else Coverage.MISSING, text=str(number)) for number in range(12)
    )
    table = ScoreTable(cells)
    first, again = table.interval(lambda part: part.found), table.interval(lambda part: part.found)
    assert first == again
    assert first is not None
    assert first[0] <= table.found <= first[1]


def test_one_text_has_no_interval():
    assert ScoreTable((cell("sim", Coverage.COVERED),)).interval(lambda part: part.found) is None


@pytest.mark.parametrize("spoiled", ["{", json.dumps({"incisos": {}}), json.dumps(labels(I="talvez")), json.dumps([1])])
def test_labels_that_cannot_be_read_name_the_file(folder, spoiled):
    (folder / "01.labels.json").write_text(spoiled, "utf-8")
    with pytest.raises(LabelsError, match=r"01\.labels\.json"):
        score_folder(folder)


def test_labels_without_their_text_name_the_file(folder):
    (folder / "01.txt").unlink()
    with pytest.raises(LabelsError, match=r"01\.labels\.json"):
        score_folder(folder)


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(LabelsError, match="não há textos rotulados"):
        score_folder(tmp_path)


def test_the_report_has_the_matrix_and_the_twelve(folder, capsys):
    assert main([str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "coberto" in printed
    assert "possível" in printed
    assert all(f"\n{point} " in printed for point in INCISOS)


def test_the_report_of_a_wrong_folder_says_why(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "não há textos rotulados" in capsys.readouterr().err


# Plain text.


def test_items_open_passages_and_wrapped_lines_do_not():
    text = (
        "CLÁUSULA 5 – DADOS\n\n5.1. A CONTRATADA\ntratará os dados\n\n5.2. O CONTRATANTE fiscalizará:\na) um;\nb) dois."
    )
    assert [passage.text for passage in passages_of_text(text)] == [
        "CLÁUSULA 5 – DADOS",
        "5.1. A CONTRATADA tratará os dados",
        "5.2. O CONTRATANTE fiscalizará:",
        "a) um;",
        "b) dois.",
    ]


def test_a_hyphenated_word_is_mended():
    assert passages_of_text("A CONTRATADA trata-\nrá os dados.")[0].text == "A CONTRATADA tratará os dados."


def test_rows_of_a_table_stay_apart():
    assert len(passages_of_text("Item | Dever\n1 | Avisar\n2 | Apagar")) == 3


def test_paragraphs_are_counted_from_one():
    passages = passages_of_text("Um.\n\nDois.\n\nTrês.")
    assert [passage.paragraph for passage in passages] == [1, 2, 3]


@given(text=st.text(max_size=300))
def test_any_text_gives_passages_without_empty_ones(text):
    assert all(passage.text.strip() for passage in passages_of_text(text))


@given(width=st.integers(min_value=30, max_value=100))
def test_no_word_is_lost_when_lines_are_joined(width):
    text = (
        "A CONTRATADA comunicará ao CONTRATANTE, sem demora, qualquer incidente com dados pessoais que vier a conhecer."
    )
    wrapped = "\n".join(textwrap.wrap(text, width))
    assert " ".join(passage.text for passage in passages_of_text(wrapped)) == text
