"""The redline of a signed file against what was issued: what came back, what changed, what was filled in."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.docx_builder import build_docx
from clause_library.drafting import draft_anexo
from clause_library.passages import Part, Passage
from clause_library.reading import read_file
from clause_library.redline import (
    DERIVES_FROM,
    Fate,
    RedlineClause,
    Segment,
    codes_in,
    compare,
    compared,
    derives_from,
)
from tests.unit.clause_library import samples
from tests.unit.clause_library.pdf_files import typeset

CLAUSES = {
    "Do objeto": ("O OPERADOR trata os dados somente para a finalidade descrita no quadro deste Anexo.",),
    "Dos incidentes": (
        "O OPERADOR comunica ao CNJ, de imediato, todo incidente com dados pessoais, confirmado ou suspeito.",
        "A comunicação é feita pelo canal [informar: canal do órgão], com o conteúdo do art. 25.",
    ),
    "Do descarte": ("Findo o Instrumento, o OPERADOR devolve ou descarta os dados em 30 (trinta) dias.",),
    "Do foro": ("As partes elegem o foro de Brasília para dirimir as controvérsias deste Anexo.",),
}
CODE = "Cláusulas: conjunto 2026 – Código de verificação: CNJ-ABCD-2345"


def passages(clauses: dict[str, Iterable[str]], *, code: str = "", typed: bool = False) -> tuple[Passage, ...]:
    """A document's passages; ``typed`` has the numbers in the text, as a PDF does."""
    found: list[Passage] = []

    def say(text: str, label: str = "", *, heading: bool = False, part: Part = Part.BODY) -> None:
        if typed and label:
            text, label = f"{label} {text}", ""
        found.append(Passage(text, len(found) + 1, 1 if typed else None, part, heading, label))

    say("Anexo de Proteção de Dados", heading=True)
    for number, (title, items) in enumerate(clauses.items(), start=1):
        say(title, f"CLÁUSULA {number}.", heading=True)
        for at, item in enumerate(items, start=1):
            say(item, f"{number}.{at}")
    if code:
        say(code, part=Part.FOOTER)
    return tuple(found)


ISSUED = passages(CLAUSES, code=CODE)


def clauses_of(signed: tuple[Passage, ...]) -> dict[str, RedlineClause]:
    return {clause.title.partition(". ")[2] or clause.title: clause for clause in compare(signed, ISSUED).clauses}


def squashed(text: str) -> str:
    return "".join(text.casefold().split())


# -- fates -------------------------------------------------------------------------------------------------------------


def test_what_came_back_as_it_was_is_unchanged_even_with_typed_numbers_capitals_and_other_quotes() -> None:
    assert compare(ISSUED, ISSUED).is_unchanged
    shouting = passages({title.upper(): items for title, items in CLAUSES.items()}, typed=True)
    assert compare(shouting, ISSUED).is_unchanged
    assert {clause.page for clause in compare(shouting, ISSUED).clauses} == {1}


def test_one_word_changed_is_shown_as_that_word() -> None:
    changed = {
        **CLAUSES,
        "Do descarte": ("Findo o Instrumento, o OPERADOR devolve ou descarta os dados em 90 (noventa) dias.",),
    }
    found = clauses_of(passages(changed))
    assert {title: clause.fate for title, clause in found.items() if clause.fate is not Fate.UNCHANGED} == {
        "Do descarte": Fate.ALTERED
    }
    kinds = [
        (segment.kind, segment.text.strip()) for segment in found["Do descarte"].segments if segment.kind != "equal"
    ]
    assert kinds == [("deleted", "30 (trinta"), ("inserted", "90 (noventa")]


def test_clauses_taken_out_and_put_in_are_missing_and_new_in_their_places() -> None:
    changed = dict(CLAUSES)
    del changed["Do descarte"]
    changed["Das multas"] = ("O CNJ pagará multa diária ao OPERADOR enquanto durar a auditoria que pedir.",)
    changed["Do foro"] = changed.pop("Do foro")
    found = compare(passages(changed), ISSUED)
    assert [(clause.title, clause.fate) for clause in found.clauses] == [
        ("Anexo de Proteção de Dados", Fate.UNCHANGED),
        ("CLÁUSULA 1. Do objeto", Fate.UNCHANGED),
        ("CLÁUSULA 2. Dos incidentes", Fate.UNCHANGED),
        ("CLÁUSULA 3. Das multas", Fate.NEW),
        ("CLÁUSULA 3. Do descarte", Fate.MISSING),
        ("CLÁUSULA 4. Do foro", Fate.UNCHANGED),
    ]
    assert [found.count(fate) for fate in Fate] == [4, 0, 1, 1]


def test_a_clause_that_moved_is_still_itself_and_said_to_have_moved() -> None:
    order = ["Do foro", "Do objeto", "Dos incidentes", "Do descarte"]
    found = clauses_of(passages({title: CLAUSES[title] for title in order}))
    assert {clause.fate for clause in found.values()} == {Fate.UNCHANGED}
    assert [title for title, clause in found.items() if clause.moved] == ["Do foro"]


def test_a_clause_under_another_title_is_recognised_by_what_it_says() -> None:
    renamed = {("Do término" if title == "Do descarte" else title): items for title, items in CLAUSES.items()}
    found = clauses_of(passages(renamed))
    assert found["Do descarte"].fate is Fate.ALTERED
    assert found["Do descarte"].signed.startswith("Do término\n")


def test_a_blank_that_was_filled_in_is_no_change() -> None:
    filled = {**CLAUSES, "Dos incidentes": (CLAUSES["Dos incidentes"][0], "A comunicação é feita pelo canal incidentes@orgao.example (24 horas), com o conteúdo do art. 25.")}  # fmt: skip
    clause = clauses_of(passages(filled))["Dos incidentes"]
    assert (clause.fate, clause.filled, clause.left_blank) == (Fate.UNCHANGED, 1, 0)
    assert [segment for segment in clause.segments if segment.kind in {"blank", "filled"}] == [
        Segment("blank", "[informar: canal do órgão]"),
        Segment("filled", "incidentes@orgao.example (24 horas)"),
    ]
    assert clauses_of(ISSUED)["Dos incidentes"].left_blank == 1


@pytest.mark.parametrize(
    "text",
    [
        "A comunicação é feita pelo canal, com o conteúdo do art. 25.",
        f"A comunicação é feita pelo canal {'que as partes combinarem e ' * 10}outro, com o conteúdo do art. 25.",
        "A comunicação pode ser feita pelo canal x@y.example, com o conteúdo do art. 25.",
    ],
)
def test_a_blank_struck_out_overfilled_or_beside_other_changes_is_a_change(text: str) -> None:
    altered = {**CLAUSES, "Dos incidentes": (CLAUSES["Dos incidentes"][0], text)}
    assert clauses_of(passages(altered))["Dos incidentes"].fate is Fate.ALTERED


def test_a_blank_filled_beside_a_change_elsewhere_is_still_told_apart_from_it() -> None:
    old = "O prazo é de [informar: prazo] contado do conhecimento do fato."
    new = "O prazo é de 24 horas contado da confirmação do fato."
    kinds = [(segment.kind, segment.text.strip()) for segment in compared(old, new) if segment.kind != "equal"]
    assert kinds == [
        ("blank", "[informar: prazo]"),
        ("filled", "24 horas"),
        ("deleted", "do conhecimento"),
        ("inserted", "da confirmação"),
    ]


def test_the_rest_of_the_signed_contract_is_new_and_parts_from_our_clauses() -> None:
    contract = (
        Passage("DAS PENALIDADES", 90, 7, heading=True),
        Passage("A CONTRATADA sujeita-se a advertência e multa nos termos do edital.", 91, 7),
    )
    found = compare((*ISSUED, *contract), ISSUED)
    assert [(clause.title, clause.fate) for clause in found.clauses][-1] == ("DAS PENALIDADES", Fate.NEW)
    assert (found.clauses[-1].paragraph, found.clauses[-1].page) == (90, 7)
    assert found.count(Fate.UNCHANGED) == 5


def test_an_empty_file_lacks_everything() -> None:
    assert {clause.fate for clause in compare((), ISSUED).clauses} == {Fate.MISSING}
    assert compare((), ()).clauses == ()
    assert compare((), ()).is_unchanged


# -- recognising -------------------------------------------------------------------------------------------------------


def test_the_code_in_the_footer_recognises_the_document_whatever_became_of_its_text() -> None:
    other = (Passage("Texto de outro assunto.", 1), Passage(CODE, 2, 1, Part.FOOTER))
    assert derives_from(other, ISSUED) == 1.0
    assert compare(other, ISSUED).same_code
    assert codes_in((Passage("ver CNJ-WXYZ-6789", 1), Passage(CODE, 2, 1, Part.FOOTER))) == (
        "CNJ-ABCD-2345",
        "CNJ-WXYZ-6789",
    )


def test_without_the_code_the_words_recognise_it() -> None:
    assert derives_from(passages(CLAUSES), ISSUED) == 1.0
    half = {title: CLAUSES[title] for title in ("Do objeto", "Dos incidentes", "Do foro")}
    assert DERIVES_FROM < derives_from(passages(half), ISSUED) < 1.0
    strange = passages({"Do preço": ("O preço total é de dez mil reais, pagos em doze parcelas mensais e iguais.",)})
    assert derives_from(strange, ISSUED) < 0.1
    assert derives_from((), ISSUED) == 0.0
    assert derives_from(ISSUED, ()) == 0.0


# -- real files --------------------------------------------------------------------------------------------------------


def test_our_own_document_read_back_is_unchanged_and_read_from_a_pdf_too() -> None:
    draft = draft_anexo(samples.COMPLETE, parameters=samples.PARAMETERS, on=samples.ON)
    issued = read_file(build_docx(draft, verification_code="CNJ-ABCD-2345"), "anexo.docx").passages
    found = compare(issued, issued)
    assert found.is_unchanged
    assert found.count(Fate.UNCHANGED) > len(draft.clauses)
    signs = str.maketrans({sign: f"\\{sign}" for sign in "\\#$*_`<>@[]-+=/~"})
    text = "\n\n".join(
        " ".join(word for word in (passage.label, passage.text) if word).translate(signs)
        for passage in issued
        if passage.part in {Part.BODY, Part.TABLE}
    )
    printed = read_file(typeset(text, justify=False), "anexo.pdf").passages
    again = compare(printed, issued)
    assert again.likeness > 0.95
    assert [clause.title for clause in again.clauses if clause.fate is not Fate.UNCHANGED] == []


# -- properties --------------------------------------------------------------------------------------------------------

words = st.sampled_from("o dado prazo 24 horas, CNJ comunica [informar: canal] “sim” fim. não nº 5º\n".split(" "))
texts = st.lists(words, max_size=25).map(" ".join)


@given(texts, texts)
def test_the_segments_join_to_both_texts_again(issued: str, signed: str) -> None:
    segments = compared(issued, signed)
    ours = "".join(segment.text for segment in segments if segment.kind in {"equal", "deleted", "blank"})
    theirs = "".join(segment.text for segment in segments if segment.kind in {"equal", "inserted", "filled"})
    assert squashed(ours) == squashed(issued)
    assert " ".join(theirs.split()) == " ".join(signed.split())
    assert all(segment.text for segment in segments)


@given(st.text(), st.text())
def test_any_texts_can_be_compared(issued: str, signed: str) -> None:
    segments = compared(issued, signed)
    assert squashed("".join(s.text for s in segments if s.kind in {"equal", "inserted", "filled"})) == squashed(signed)
    changed = any(segment.kind != "equal" for segment in segments)
    assert (
        changed
        or squashed(issued.replace("–", "-")) == squashed(signed.replace("–", "-"))
        or not issued.isascii()
        or not signed.isascii()
    )


@given(texts)
def test_a_text_compared_with_itself_has_no_change(text: str) -> None:
    assert {segment.kind for segment in compared(text, text)} <= {"equal"}


titles = st.lists(
    st.sampled_from(["Do objeto", "Do prazo", "Da auditoria", "Do descarte", "Do sigilo"]), unique=True, min_size=1
)


@given(titles, st.lists(texts, min_size=5, max_size=5), st.randoms(use_true_random=False))
def test_clauses_in_any_order_are_all_found_again(order: list[str], bodies: list[str], chance: object) -> None:
    ours = {title: (body or "vazio",) for title, body in zip(order, bodies, strict=False)}
    issued = passages(ours)
    shuffled = list(ours)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found = compare(passages({title: ours[title] for title in shuffled}), issued)
    assert found.count(Fate.MISSING) == found.count(Fate.NEW) == 0
    moved = {clause.title for clause in found.clauses if clause.moved}
    assert bool(moved) == (shuffled != order)


def test_a_value_says_where_the_signed_clause_begins() -> None:
    shifted = tuple(replace(passage, paragraph=passage.paragraph + 40, page=3) for passage in ISSUED)
    assert [(clause.paragraph, clause.page) for clause in compare(shifted, ISSUED).clauses][:2] == [(41, 3), (42, 3)]
