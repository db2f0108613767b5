"""Documents as PDF: accessible, the same bytes each time, and whatever was typed stays text."""

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pypdfium2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vendor_tracker.apart import ApartError, RefusedError, ask_helper, end_helpers, run_apart
from vendor_tracker.reports.letters import Letterhead
from vendor_tracker.reports.receipt import ReceiptPaper, receipt_pdf
from vendor_tracker.reports.typesetting import BREAK, DRAWN, LONGEST_WORD, drawable_text, is_drawn
from vendor_tracker.usecases.answering.protocols import protocol_of, read_code, verification_code

DIGEST = "c95d05df1e0bd519" * 4
HEAD = Letterhead("Tribunal de Exemplo", "TEX", "contato@orgao.example", "https://operadores.orgao.example", "")
HOSTILE = '#import "x.typ" #panic() $x^2$ *b* _c_ <rótulo> @ref `r` \\ // fim // [a](b) = título'


def item(position: int, answer: str, *, cannot: str = "", files: int = 1) -> dict[str, object]:
    return {
        "posicao": position,
        "inciso": "V",
        "titulo": "Certificado em vigor",
        "pergunta": "Envie o certificado em vigor.",
        "resposta": answer,
        "nao_consegue_entregar": cannot,
        "arquivos": [{"nome": f"prova {n} #{n}.pdf", "tamanho": 412_000, "sha256": DIGEST} for n in range(files)],
    }


def receipt(*items: dict[str, object], **changes: object) -> bytes:
    content = {
        "protocolo": "2026-0429-3F",
        "requisicao": "2026/0151",
        "acordo": "Contrato 017/2025",
        "operador": "Voz Clara Teleatendimento Ltda.",
        "cnpj": "98217340000173",
        "recebida_em": "2026-11-20T16:07:42-03:00",
        "prazo": "2026-11-19",
        "enviada_por": "Renato Villar",
        "cargo": "Preposto do contrato",
        "itens": list(items),
        **changes,
    }
    code = verification_code("2026-0429-3F", DIGEST)
    paper = ReceiptPaper(
        content, datetime(2026, 11, 20, 19, 7, 42, tzinfo=UTC), DIGEST, code, f"{HEAD.base_url}/verificar/{code}"
    )
    return receipt_pdf(paper, HEAD)


def words(text: str) -> str:
    return " ".join(text.replace(BREAK, "").replace("\u00a0", " ").split())


def tags_in(node: Any) -> set[str]:
    """The structure types under a node of the tree."""
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*map(tags_in, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {str(node["/S"])} if "/S" in node else set()
    return own | (tags_in(node["/K"]) if "/K" in node else set())


def test_a_receipt_is_a_tagged_pdf_that_says_its_title_and_language_and_has_every_answer() -> None:
    made = receipt(item(1, f"Primeira linha.\nSegunda.\n\n{HOSTILE}"), item(2, "", cannot="Até 30/11/2026.", files=0))
    pdf = pypdf.PdfReader(io.BytesIO(made))
    root: Any = pdf.trailer["/Root"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Recibo 2026-0429-3F"
    assert root["/Lang"] == "pt-BR"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert {"/H1", "/H2", "/H3", "/P", "/Figure", "/L"} <= tags_in(root["/StructTreeRoot"])
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    text = words(" ".join(page.extract_text() for page in pdf.pages))
    for part in (
        "20 de novembro de 2026, às 16h07min42s (horário de Brasília)",
        "entregue depois do prazo",
        "Renato Villar, preposto do contrato",
        "98.217.340/0001-73",
        words(HOSTILE),
        "Até 30/11/2026.",
        "prova 0 #0.pdf",
        DIGEST,
        verification_code("2026-0429-3F", DIGEST),
    ):
        assert part in text, part


def test_the_same_receipt_has_the_same_bytes_and_another_has_others() -> None:
    first = receipt(item(1, "A."))
    assert receipt(item(1, "B.")) != first
    assert receipt(item(1, "A.")) == first
    end_helpers()
    assert receipt(item(1, "A.")) == first, "whoever set others before"


def test_thirty_long_answers_with_odd_signs_and_endless_words_stay_within_the_page() -> None:
    answer = (HOSTILE + " 😀 中 \u202e a\u0301\u0301 " + "W" * 1500 + " palavra" * 400)[:4000]
    with pypdfium2.PdfDocument(receipt(*(item(n, answer, files=3) for n in range(1, 31)))) as pdf:
        assert len(pdf) > 20
        for page in pdf:
            text = page.get_textpage()
            width, height = page.get_size()
            left, bottom, right, top = zip(*(text.get_rect(n) for n in range(text.count_rects())), strict=True)
            assert min(left) > 50
            assert max(right) < width - 50
            assert min(bottom) > 20
            assert max(top) < height - 20
        first = words(pdf[0].get_textpage().get_text_range())
        assert "[U+1F600] [U+4E2D]" in first
        assert "cada um aparece pelo seu código" in first


def test_every_sign_that_counts_as_drawn_is_drawn() -> None:
    signs = [chr(code) for first, last in DRAWN for code in range(first, last + 1) if not chr(code).isspace()]
    # One line of its own for each thirty, so that no sign stands in for another.
    lines = ["".join(signs[start : start + LONGEST_WORD]) for start in range(0, len(signs), LONGEST_WORD)]
    text = "\n".join(lines)
    upright, slanted = item(1, text), {**item(2, ""), "pergunta": text, "titulo": "".join(signs)}
    with pypdfium2.PdfDocument(receipt(upright, slanted)) as pdf:
        read = "".join(page.get_textpage().get_text_range() for page in pdf)
    # What a reader gets back may be written in another form of the same letters.
    assert len({*signs} - {*read}) < 40


@given(st.text(max_size=300))
@example("W" * 500)
@example("a\u0301\u0301\u00ad\u202e\ud7ff\ue000\U0010ffff\r\n\t")
def test_any_text_becomes_one_that_can_be_set(text: str) -> None:
    made = drawable_text(text)
    assert all(sign in f"\n{BREAK}" or is_drawn(sign) for sign in made)
    assert all(len(part) <= 90 for word in made.split() for part in word.split(BREAK))
    assert drawable_text(made.replace(BREAK, "")) == made


@given(st.integers(2025, 2099), st.integers(1, 10**9 - 1), st.binary(min_size=32, max_size=32))
def test_a_verification_code_is_read_back_however_it_is_typed(year: int, sequence: int, digest: bytes) -> None:
    protocol = protocol_of(year, sequence)
    code = verification_code(protocol, digest.hex())
    tail = code.removeprefix(protocol)
    assert read_code(code) == (protocol, code)
    assert read_code(f" {code.lower()} ") == (protocol, code)
    assert read_code(protocol + tail.replace("0", "O").replace("1", "l")) == (protocol, code)
    assert read_code(protocol) == (protocol, "")
    assert read_code(code[:-1]) is None


def test_what_runs_apart_is_ended_when_its_time_is_over_and_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "segredo")
    assert run_apart("tests.rig.apart:has_secret", {}, seconds=20, memory_mib=2048) == b"no"
    with pytest.raises(ApartError) as failure:
        run_apart("tests.rig.apart:counting", {"endless": True}, seconds=1, memory_mib=2048)
    assert failure.value.slow


def test_a_helper_answers_again_and_again_and_another_takes_its_place_when_it_fails() -> None:
    def asked(**payload: object) -> bytes:
        return ask_helper("tests.rig.apart:counting", payload, seconds=20, memory_mib=2048)

    assert [asked(), asked()] == [b"1", b"2"]
    with pytest.raises(RefusedError, match="Não pode"):
        asked(refuse=True)
    assert asked() == b"4"
    for trouble in ({"panic": True}, {"end": True}, {"die": True}):
        with pytest.raises(ApartError):
            asked(**trouble)
        assert asked() == b"1"
    with pytest.raises(ApartError) as failure:
        ask_helper("tests.rig.apart:counting", {"endless": True}, seconds=1, memory_mib=2048)
    assert failure.value.slow
    assert asked() == b"1"
    end_helpers()
