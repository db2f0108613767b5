"""What our own records lack is completed where the button leads, each gap by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.vocabulary import INCISOS, EvidenceKind, ReviewDecision
from tests.rig.papers import signed_paper
from vendor_tracker import clock
from vendor_tracker.store.tables import StoredFile
from vendor_tracker.usecases import evidence
from vendor_tracker.usecases.evidence import Decision, EvidenceData


@pytest.fixture
def accepted(app: Any, make: Any) -> Any:
    """A function that puts an accepted proof in words on record."""

    def accept(agreement_id: int, inciso: str, kind: EvidenceKind) -> None:
        actor = make.user("encarregado")
        data = EvidenceData(
            kind=kind, incisos=(inciso,), title="Enviado por escrito", received_on=clock.today(), statement="Segue."
        )
        store = app.extensions["vendor_tracker.files"]
        evidence_id = evidence.register(actor, store, agreement_id=agreement_id, data=data, upload=None)
        evidence.decide(actor, evidence_id=evidence_id, decision=Decision(decision=ReviewDecision.ACCEPTED))

    return accept


@pytest.fixture
def agreement(make: Any) -> int:
    """An agreement whose signed paper foresees everything; its file is on record, the day of its publication is not."""
    identity: int = make.agreement(data_categories=["identification"], role="operator")
    file = make.add(
        StoredFile(
            sha256="0" * 64, size=4, media_type="application/pdf", name="contrato.pdf", recorded_at=datetime.now(UTC)
        )
    )
    signed_paper(make, identity, dict.fromkeys(INCISOS, "covered"), file_id=file.id)
    return identity


def acts(page: Any) -> dict[str, str]:
    """The address of every act on the page, by the sentence that says why it is needed."""
    found = {}
    for line in page.tree.xpath("//ol[@class='queue']/li"):
        links = line.xpath(".//a/@href")
        if links:
            found[" ".join(line.text_content().split())] = links[-1]
    return found


@pytest.mark.parametrize("place", ["/acordos/{}", "/acordos/{}/boletim"])
@pytest.mark.parametrize(
    ("inciso", "kind", "why", "where"),
    [
        ("I", EvidenceKind.INCIDENT_CHANNEL, "o contato para incidentes ainda não foi registrado", "/pessoas"),
        ("III", EvidenceKind.COMMUNICATION_CALENDAR, "as suas linhas ainda não foram registradas", "/fatos/envio/novo"),
        ("X", EvidenceKind.ASSISTANCE_PROCEDURE, "o contato indicado ainda não foi registrado", "/pessoas"),
    ],
)
def test_an_accepted_proof_leads_to_where_what_it_says_is_registered(
    client: Any,
    sign_in: Any,
    accepted: Any,
    agreement: int,
    inciso: str,
    kind: EvidenceKind,
    why: str,
    where: str,
    place: str,
) -> None:
    accepted(agreement, inciso, kind)
    sign_in(client, "admin")
    found = acts(client.get(place.format(agreement)))
    (address,) = [address for sentence, address in found.items() if why in sentence]
    assert address.endswith(where)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("place", ["/acordos/{}", "/acordos/{}/boletim"])
def test_a_day_that_lacks_on_a_signed_paper_leads_to_its_own_form(
    client: Any, sign_in: Any, agreement: int, place: str
) -> None:
    sign_in(client, "procurement")
    found = acts(client.get(place.format(agreement)))
    (address,) = [address for sentence, address in found.items() if "dia da publicação" in sentence]
    assert address.startswith("/instrumentos/")
    assert address.endswith("/editar")
    page = client.get(address)
    assert page.tree.xpath("//input[@name='published_on']")


def test_a_breach_leads_to_the_record_that_shows_it_and_names_the_organisations_own_obligations_as_such(
    client: Any, sign_in: Any, make: Any, app: Any, agreement: int
) -> None:
    actor = make.user("encarregado")
    data = EvidenceData(
        kind=EvidenceKind.PENETRATION_TEST,
        incisos=("V",),
        title="Teste de invasão",
        received_on=clock.today(),
        statement="Segue.",
    )
    store = app.extensions["vendor_tracker.files"]
    evidence_id = evidence.register(actor, store, agreement_id=agreement, data=data, upload=None)
    decision = Decision(decision=ReviewDecision.FALSE, reason="O laboratório não existe.", confirmed=True)
    evidence.decide(actor, evidence_id=evidence_id, decision=decision)
    sign_in(client, "fiscal")
    found = acts(client.get(f"/acordos/{agreement}"))
    (address,) = [address for sentence, address in found.items() if "foi considerada falsa" in sentence]
    assert address == f"/evidencias/{evidence_id}"


def test_an_act_says_which_incisos_it_mends_and_which_obligations_of_the_organisation() -> None:
    from vendor_tracker.web.agreements.view import _place

    assert _place(("I", "VIII", "A-1")) == "Incisos I e VIII do art. 14 e obrigação acrescentada A-1"
    assert _place(("A-1", "A-2")) == "Obrigações acrescentadas A-1 e A-2"
    assert _place(INCISOS) == "Doze incisos do art. 14"
    assert _place(()) == ""


@pytest.mark.parametrize("path", ["/acordos/{}", "/acordos/{}/papel", "/acordos/{}/editar/pessoas", "/busca?q=Serrana"])
def test_a_name_that_ends_in_a_full_stop_ends_its_sentence_with_one(
    client: Any, sign_in: Any, agreement: int, path: str
) -> None:
    sign_in(client, "admin")
    page = client.get(path.format(agreement))
    assert "S.A." in page.words
    assert "S.A.." not in page.words
