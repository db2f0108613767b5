"""The letters, word for word: what operators and the court's people read is kept beside this file as plain text.

A changed letter fails here. When the change is meant, run the tests with ``UPDATE_LETTERS=1`` and read the difference.
"""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from contracts.incidents import Clock, Latency
from contracts.vocabulary import ClockState, IncidentClock, RequestKind, Verdict
from vendor_tracker.reports import letters
from vendor_tracker.reports.committee import Month, MonthLine

KEPT = Path(__file__).parent / "letters"

HEAD = letters.Letterhead(
    "Conselho Nacional de Justiça",
    "CNJ",
    "protecaodedados@orgao.example ou (61) 0000-0000",
    "https://operadores.orgao.example",
    "Helena Prado",
)

ITEMS = [
    SimpleNamespace(
        position=1,
        inciso="V",
        title="Certificado ISO/IEC 27001 em vigor",
        reason="O escopo do certificado enviado não alcança o atendimento telefônico, que é o objeto do contrato.",
        cannot_deliver="",
        files=[
            SimpleNamespace(name="certificado-2026.pdf", size=412_000, sha256="0001656fbe829c97" * 4),
            SimpleNamespace(name="declaracao-de-aplicabilidade.pdf", size=1_100_000, sha256="925044b32f658ea4" * 4),
        ],
    ),
    SimpleNamespace(
        position=2,
        inciso="VIII",
        title="Compromissos formais de confidencialidade",
        reason="Falta o compromisso de uma pessoa.",
        cannot_deliver="Em coleta.",
        files=[],
    ),
    SimpleNamespace(
        position=3, inciso="A-1", title="Apólice de seguro ou garantia", reason="Ilegível.", cannot_deliver="", files=[]
    ),
]


def incident_values() -> dict[str, Any]:
    """What letters about incidents name."""
    aware, received = datetime(2026, 11, 19, 11, 40, tzinfo=UTC), datetime(2026, 11, 20, 13, 54, 20, tzinfo=UTC)
    term = Clock(
        IncidentClock.ANPD,
        ClockState.RUNNING_OUT,
        received,
        datetime(2026, 11, 26, 2, 59, 59, tzinfo=UTC),
        None,
        "Conta da ciência de que o incidente alcançou dados pessoais, em dias úteis do calendário federal, sem o primeiro.",
    )
    about = {
        "lineage": 31,
        "agreement": "Contrato 00017/2025",
        "operator": "Voz Clara Teleatendimento Ltda.",
    }
    return {
        "inviter": "Denise Arruda",
        "guest": 5,
        "refused": "O arquivo “certificado-2026.pdf” está protegido por senha. Salve-o sem senha e envie de novo.",
        "item_title": "1. Certificado ISO/IEC 27001 em vigor",
        "report": SimpleNamespace(
            **about,
            cnpj="98217340000173",
            protocol="IN-2026-0007-5C",
            first_protocol="IN-2026-0007-5C",
            number=1,
            received_at=received,
            aware_at=aware,
            person="Renato Villar",
            position="Preposto do contrato",
            email="contratos@vozclara.example",
            reached_data=True,
            latency=Latency(aware, received, 48, 24),
            sha256="c95d05df1e0bd519" * 4,
            files=(("linha-do-tempo.pdf", 412_000, "0001656fbe829c97" * 4),),
        ),
        "terms": [
            Clock(IncidentClock.PRESIDENCY, ClockState.RUNNING, received, received, None, "Conta.", 6),
            term,
        ],
        "incident": SimpleNamespace(**about, term=term),
        "month": Month(
            ends_on=date(2026, 10, 31),
            made_on=date(2026, 11, 1),
            agreements=2,
            counts={Verdict.MET: 15, Verdict.PARTIAL: 6, Verdict.BREACHED: 3},
            before={Verdict.MET: 14, Verdict.PARTIAL: 8, Verdict.BREACHED: 2},
            breached=[MonthLine("Contrato 00017/2025", "Voz Clara Teleatendimento Ltda.", date(2026, 10, 9), "IX")],
            breached_total=1,
            overdue=[MonthLine("Acordo protegido (art. 5º)", "Operador não nomeado", date(2026, 10, 2), "2026/0140")],
            overdue_total=1,
            incidents=[],
            incidents_total=0,
        ),
        "channel": SimpleNamespace(
            agreement_id=12,
            agreement=about["agreement"],
            operator=about["operator"],
            cnpj="98217340000173",
            replaces=True,
        ),
    }


ABOUT = {"request", "report", "incident", "channel", "month"}
"""What letters are about: every letter needs one of them."""


def values() -> dict[str, Any]:
    """Everything any letter may name; a letter takes what it needs."""
    return {
        "request": SimpleNamespace(
            id=12,
            kind=RequestKind.EVIDENCE_RENEWAL,
            number="2026/0151",
            agreement="Contrato 00017/2025",
            operator="Voz Clara Teleatendimento Ltda.",
            cnpj="98217340000173",
            reason="O certificado anterior venceu em 31/10/2026.",
            opened_on=date(2026, 11, 3),
            due_on=date(2026, 11, 23),
        ),
        "recipient": SimpleNamespace(name="Renato Villar", email="contratos@vozclara.example"),
        "today": date(2026, 11, 19),
        "items": ITEMS,
        "returned": ITEMS[:2],
        "reason": "Pedido do operador, por ofício de 18/11/2026.",
        "failed": "wagner@vozclara.example",
        "answer": "550 5.1.1 Mailbox unavailable",
        "until": date(2026, 12, 7),
        "person": "Renato Villar",
        "in_time": True,
        "review_by": date(2026, 12, 4),
        **incident_values(),
        "receipt": SimpleNamespace(
            protocol="2026-0429-3F",
            submitted_at=datetime(2026, 11, 20, 19, 7, 42, tzinfo=UTC),
            due_on=date(2026, 11, 23),
            late=False,
            person="Renato Villar",
            position="Preposto do contrato",
            items=ITEMS,
            sha256="c95d05df1e0bd519" * 4,
            code="2026-0429-3F-7K4M-9QXT",
            files=2,
        ),
    }


@pytest.mark.parametrize("name", letters.letter_names())
def test_each_letter_reads_as_it_was_agreed(name: str) -> None:
    letter = letters.write(name, HEAD, **values())
    written = f"Assunto: {letter.subject}\n\n{letter.body}"
    path = KEPT / f"{name}.txt"
    if os.environ.get("UPDATE_LETTERS") == "1":
        path.write_text(written, encoding="utf-8")
    assert path.exists(), f"{name} has no agreed text yet; run with UPDATE_LETTERS=1 and read it"
    assert written == path.read_text(encoding="utf-8"), (
        f"{name} changed; run with UPDATE_LETTERS=1 and read the difference"
    )


def test_no_agreed_text_is_left_of_a_letter_that_is_gone() -> None:
    assert {path.stem for path in KEPT.glob("*.txt")} == set(letters.letter_names())


def test_every_letter_has_a_sender() -> None:
    usecases = Path(letters.__file__).parents[1] / "usecases"
    source = "".join(path.read_text(encoding="utf-8") for path in usecases.rglob("*.py"))
    unsent = [name for name in letters.letter_names() if f'"{name}"' not in source]
    assert not unsent, f"no use case sends {unsent}: a template that nobody sends misleads whoever reads it"


@pytest.mark.parametrize("name", letters.letter_names())
def test_a_letter_without_what_it_needs_is_not_written(name: str) -> None:
    with pytest.raises(UndefinedError):
        letters.write(name, HEAD, **{key: value for key, value in values().items() if key not in ABOUT})


@pytest.mark.parametrize("name", letters.letter_names())
def test_letters_fit_a_plain_mail_reader(name: str) -> None:
    letter = letters.write(name, HEAD, **values())
    assert "\n" not in letter.subject
    assert len(letter.subject) < 120
    assert letter.body.endswith("não são lidas.\n")
    assert "\n\n\n" not in letter.body
    long = [line for line in letter.body.splitlines() if len(line) > letters.COLUMNS and " " in line.strip()]
    assert not long
    assert "{{" not in letter.body
    assert "None" not in letter.body


def test_only_letters_to_the_operator_carry_the_personal_link() -> None:
    inside = {
        "request_overdue_stewards",
        "request_overdue_encarregado",
        "request_overdue_committee",
        "request_extension_asked",
        "request_unreachable",
        "answer_received",
        "committee_month",
    }
    closed = {
        "incident_receipt",
        "incident_reported",
        "incident_term",
        "incident_channel",
        "request_accepted",
        "request_cancelled",
        "request_extension_received",
        "receipt",
    }
    # An invited colleague gets a link of their own, and never that of the request.
    invited = {"portal_invitation", "portal_file_refused"}
    for name in letters.letter_names():
        carries = "[[portal:12]]" in letters.write(name, HEAD, **values()).body
        assert carries is (name not in inside | closed | invited), name
        assert ("[[portal:12/5]]" in letters.write(name, HEAD, **values()).body) is (name in invited), name
    to_preposto = letters.write("portal_file_refused", HEAD, **{**values(), "guest": 0}).body
    assert "[[portal:12]]" in to_preposto


def test_the_link_is_put_in_only_when_the_letter_leaves() -> None:
    stored = letters.write("request_link", HEAD, **values()).body
    assert "https://x.example/portal/r/abc" in letters.with_links(stored, {12: "https://x.example/portal/r/abc"})
    assert letters.without_links(stored).count("[endereço pessoal do portal]") == 1


def test_a_late_delivery_is_said_in_the_receipt() -> None:
    given_values = values()
    given_values["receipt"].late = True
    assert "entregue depois do prazo" in letters.write("receipt", HEAD, **given_values).body


@given(
    st.lists(
        st.text(st.characters(categories=["L", "N", "P"], exclude_characters="-"), min_size=1, max_size=60), max_size=80
    )
)
def test_setting_a_paragraph_loses_no_word(words: list[str]) -> None:
    paragraph = " ".join(words)
    if paragraph[:1].isdigit() or not paragraph:
        return
    assert letters.set_in_columns(paragraph).split() == paragraph.split()


def test_the_standing_link_goes_out_with_its_own_letter_and_is_shown_to_nobody_else() -> None:
    stored = letters.write("incident_channel", HEAD, **values()).body
    assert letters.INCIDENT_MARK in stored
    assert letters.INCIDENT_MARK not in letters.without_links(stored)
    others = [name for name in letters.letter_names() if name != "incident_channel"]
    assert not [name for name in others if letters.INCIDENT_MARK in letters.write(name, HEAD, **values()).body]
