"""A sentence leads to the records that it names."""

from hypothesis import given
from hypothesis import strategies as st

from vendor_tracker.wording.linking import Piece, told
from vendor_tracker.wording.parts import Record


def test_the_name_in_the_sentence_is_the_link_and_is_not_said_twice():
    said = told("A “Requisição 2026/0043” venceu.", [Record("Requisição 2026/0043", "/requisicoes/43")])
    assert said.pieces == (Piece("A “"), Piece("Requisição 2026/0043", "/requisicoes/43"), Piece("” venceu."))
    assert said.rest == ()


def test_a_record_that_the_sentence_does_not_name_follows_it():
    record = Record("Contato: Central", "/acordos/2#contatos")
    assert told("O contato não atende a qualquer hora.", [record]).rest == (record,)


def test_a_name_inside_a_longer_one_is_not_that_record():
    record = Record("Instrução 4", "/fatos/instrucao/4")
    said = told("O prazo da “Instrução 45” venceu.", [record])
    assert said.rest == (record,)
    assert [piece.url for piece in said.pieces] == [""]


def test_two_records_of_one_name_are_both_reached():
    records = [Record("Contrato 1/2026", "/instrumentos/1"), Record("Contrato 1/2026", "/instrumentos/2")]
    said = told("O “Contrato 1/2026” cobre o inciso.", records)
    assert [piece.url for piece in said.pieces if piece.url] == ["/instrumentos/1"]
    assert said.rest == (records[1],)


@given(
    text=st.text(max_size=60),
    names=st.lists(st.text(min_size=1, max_size=8), max_size=4),
)
def test_no_word_of_the_sentence_is_lost_and_every_record_is_reached_once(text, names):
    records = [Record(name, f"/r/{number}") for number, name in enumerate(names)]
    said = told(text, records)
    assert "".join(piece.text for piece in said.pieces) == text
    reached = [piece.url for piece in said.pieces if piece.url] + [record.url for record in said.rest]
    assert sorted(reached) == sorted(record.url for record in records)
