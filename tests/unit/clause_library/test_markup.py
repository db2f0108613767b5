"""The plain Markdown subset of the clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.markup import (
    Item,
    MarkupError,
    Reference,
    Slot,
    TableSource,
    Words,
    letter,
    lines_of,
    parse_body,
    parse_line,
    written,
)


def test_a_body_is_read_into_items_letters_and_romans():
    body = parse_body("1. Um:\n   a) primeiro,\n      i) miúdo;\n      ii) mais miúdo;\n   b) segundo.\n\n2. Dois.\n")

    first, second = body
    assert [child.level for child in first.children] == [3, 3]
    assert [written(child.line) for child in first.children[0].children] == ["miúdo;", "mais miúdo;"]
    assert written(second.line) == "Dois."


def test_a_wrapped_line_belongs_to_the_item_above_it():
    (item,) = parse_body("1. Começa\n   e termina:\n   a) letra\n      que continua.\n")

    assert written(item.line) == "Começa e termina:"
    assert written(item.children[0].line) == "letra que continua."


def test_a_line_holds_words_terms_placeholders_and_references():
    line = parse_line("O {parte.termo} segue *pari passu* o **termo**, na forma {{ref:disposal/2|do item #|da lei}}.")

    assert line == (
        Words("O "),
        Slot("parte.termo"),
        Words(" segue "),
        Words("pari passu", "em"),
        Words(" o "),
        Words("termo", "strong"),
        Words(", na forma "),
        Reference("disposal", 2, "do item #", "da lei"),
        Words("."),
    )


def test_a_table_has_a_caption_a_header_and_rows_and_its_pipes_do_not_split_references():
    body = parse_body(
        "1. Veja:\nQuadro: Contatos\n| Quem | Onde |\n|---|---|\n| {operador.nome} | {{ref:x|da #|do termo}} |\n\n2. Fim.\n"
    )

    item, table, last = body
    assert isinstance(item, Item)
    assert isinstance(last, Item)
    assert isinstance(table, TableSource)
    assert written(table.caption) == "Contatos"
    assert table.rows == (((Slot("operador.nome"),), (Reference("x", None, "da #", "do termo"),)),)
    assert len(list(lines_of(body))) == 7


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no text"),
        ("Solto.", "outside an item"),
        ("2. Começa em dois.", r"expected '1\.'"),
        ("1. Um.\n3. Três.", r"expected '2\.'"),
        ("1. Um:\n   b) b antes de a.", r"expected 'a\)'"),
        ("1. Um:\n   a) a:\n      ii) dois.", r"expected 'i\)'"),
        ("1. Um:\n  a) dois espaços.", "0, 3 or 6 spaces"),
        ("1. Um:\n      i) sem a letra.", "without the item"),
        ("   a) sem o item.", "without the item"),
        ("1. Um.\nsolto", "outside an item"),
        ("1. Chave { solta.", "stray brace"),
        ("1. Asterisco * solto.", "stray brace or asterisk"),
        ("1. Ref {{ref:Maiuscula}}.", "malformed reference"),
        ("1. Ref {{ref:x|sem cerquilha|fora}}.", "malformed reference"),
        ("1. Um.\nQuadro: Vazio\n", "a table needs"),
        ("1. Um.\nQuadro: Torto\n| a | b |\n|---|---|\n| a |\n", "a table needs"),
        ("1. Um.\nQuadro: Sem régua\n| a | b |\n| c | d |\n", "its rule"),
    ],
)
def test_whatever_is_outside_the_subset_is_refused(text, complaint):
    with pytest.raises(MarkupError, match=complaint):
        parse_body(text)


@given(st.integers(min_value=1, max_value=26 * 8))
def test_letters_never_repeat_and_grow_as_word_writes_them(position):
    assert letter(position) != letter(position + 1)
    assert set(letter(position)) == {"abcdefghijklmnopqrstuvwxyz"[(position - 1) % 26]}
    assert len(letter(position)) == (position - 1) // 26 + 1


@given(st.text(alphabet="abc çã{}*“”|/.:#ref0-9", max_size=40))
def test_a_line_is_either_refused_or_read_without_losing_a_word(text):
    try:
        line = parse_line(text)
    except MarkupError:
        return
    if all(isinstance(inline, Words) for inline in line):
        assert "".join(inline.text for inline in line) == text.replace("*", "")
    for inline in line:
        assert not isinstance(inline, Words) or not set("{}*") & set(inline.text)
