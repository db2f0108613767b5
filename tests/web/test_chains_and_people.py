"""The chain of sub-operators as a tree, the register of the people with access, and what shows them on demand."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from lxml import html
from sqlalchemy import select

from contracts.vocabulary import INCISOS
from tests.rig import papers
from tests.rig.app import Inspector
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import AuthorisedPerson, DisposalCase, SubOperator, TrailEntry
from vendor_tracker.usecases import agreements
from vendor_tracker.usecases.work import Actor

TODAY = clock.today()
ACTOR = Actor("gestao@orgao.example")


def iso(days_ago: int) -> str:
    return (TODAY - timedelta(days=days_ago)).isoformat()


@pytest.fixture
def chain(make):
    """An agreement whose operator engaged a host, which engaged a maintainer abroad; returns the three ids."""
    agreement = make.agreement()
    host = agreements.add_sub_operator(
        ACTOR, agreement_id=agreement, name="Centro de Dados Araucária Ltda.", activity="hospedagem"
    )
    agreements.add_sub_operator(
        ACTOR, agreement_id=agreement, name="Remote Hands LDA", activity="manutenção", country="PT", parent=host
    )  # fmt: skip
    return agreement, host


def test_the_chain_is_a_tree_that_says_what_is_missing_of_each(client, sign_in, chain):
    agreement, _ = chain
    sign_in(client, "auditor")
    page = client.get(f"/acordos/{agreement}/suboperadores")
    inner = page.tree.xpath("//ol[@class='chain']//ol[@class='chain']/li//h3/text()")
    assert inner == ["Remote Hands LDA"]
    assert "dois níveis abaixo" in page.words or "2 níveis abaixo" in page.words
    assert "Portugal" in page.words
    assert page.words.count("Não consta autorização do órgão.") == 2


def test_the_instrument_of_a_sub_operator_is_recorded_and_what_it_leaves_out_is_pointed_out(client, sign_in, chain):
    agreement, host = chain
    sign_in(client, "legal")
    path = f"/acordos/{agreement}/suboperadores/{host}/instrumento"
    assert client.get(path).tree.xpath("count(//input[@name='incisos' and @checked])") == len(INCISOS)
    refused = client.post(path, {"bound_by": "Contrato 7/2026", "bound_on": iso(-1), "incisos": ["I"]})
    assert refused.status_code == 422
    assert "O instrumento não pode estar no futuro." in refused.words
    kept = [inciso for inciso in INCISOS if inciso != "IX"]
    answer = client.post(path, {"bound_by": "Contrato 7/2026", "bound_on": iso(30), "incisos": kept})
    assert answer.status_code == 303
    page = client.get(f"/acordos/{agreement}/suboperadores")
    assert "O instrumento dele não alcança o inciso IX do art. 14." in page.words
    assert client.post(path, {"bound_by": "Contrato 7/2026", "bound_on": iso(30), "incisos": kept}).status_code == 303
    with db.session() as session:
        assert len(session.scalars(select(SubOperator).where(SubOperator.lineage == host)).all()) == 2
    assert client.get(f"/acordos/{agreement + 1}/suboperadores/{host}/instrumento").status_code == 404


def test_what_a_sub_operator_does_is_corrected_without_rewriting(client, sign_in, chain):
    agreement, host = chain
    sign_in(client, "procurement")
    answer = client.post(
        f"/acordos/{agreement}/suboperadores/{host}/dados",
        {"activity": "hospedagem e cópias", "country": "BR", "since": iso(9)},
    )
    assert answer.status_code == 303
    with db.session() as session:
        rows = session.scalars(select(SubOperator).where(SubOperator.lineage == host).order_by(SubOperator.id)).all()
    assert [row.activity for row in rows] == ["hospedagem", "hospedagem e cópias"]
    assert rows[0].superseded_at is not None


def test_many_people_are_recorded_at_once_or_none(client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "fiscal")
    path = f"/acordos/{agreement}/pessoas-autorizadas/varias"
    refused = client.post(path, {"people": f"A.B.;Analista;Suporte;{iso(5)};{iso(4)}\nC.D.;;;amanhã"})
    assert refused.status_code == 422
    assert "Linha 2: não se entendeu o dia do compromisso" in refused.words
    assert "A.B.;Analista" in refused.text
    with db.session() as session:
        assert session.scalars(select(AuthorisedPerson)).all() == []
    answer = client.post(path, {"people": f"A.B.;Analista;Suporte;{iso(5)};{iso(4)}\nC.D."})
    assert answer.status_code == 303
    page = client.get(f"/acordos/{agreement}/pessoas-autorizadas")
    assert page.tree.xpath("//tbody/tr/th/a/text()") == ["A.B.", "C.D."]
    assert "Sem compromisso de confidencialidade assinado." in page.words
    assert "O compromisso assinado não está em arquivo." in page.words


def test_the_commitments_are_shown_on_demand_with_sums_that_anybody_can_check(client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "fiscal")
    posted = {"label": "=A.B.", "access_from": iso(9), "has_need": "sim", "need": "Suporte", "committed_on": iso(20)}
    file = (BytesIO(papers.pdf("Compromisso")), "compromisso.pdf")
    assert client.post(f"/acordos/{agreement}/fatos/pessoa/novo", posted | {"arquivo": file}).status_code == 303
    answer = client.post(f"/acordos/{agreement}/pessoas-autorizadas/exibicao", {})
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert "compromissos/001-a-b.pdf" in names
        listed = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(listed) == set(names) - {"SHA256SUMS"}
        for name, digest in listed.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        tree = html.fromstring(archive.read("indice.html"))
        assert tree.xpath("//tbody//a/@href") == ["compromissos/001-a-b.pdf"]
        rows = list(csv.reader(io.StringIO(archive.read("indice.csv").decode("utf-8-sig")), delimiter=";"))
    assert rows[1][1] == "'=A.B."
    with db.session() as session:
        assert session.scalars(select(TrailEntry).where(TrailEntry.act == "commitments_exhibited")).one()


def test_a_protected_commitment_is_named_and_left_out_for_who_may_not_open_it(app, client, sign_in, make):
    agreement = make.agreement(secret=True, secrecy_ground="art. 5º")
    sign_in(client, "fiscal")
    posted = {"label": "A.B.", "access_from": iso(9), "has_need": "sim", "need": "Suporte", "committed_on": iso(20)}
    file = (BytesIO(papers.pdf("Compromisso")), "compromisso.pdf")
    client.post(f"/acordos/{agreement}/fatos/pessoa/novo", posted | {"arquivo": file})
    other = Inspector(app)
    sign_in(other, "procurement")
    answer = other.post(f"/acordos/{agreement}/pessoas-autorizadas/exibicao", {})
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == ["SHA256SUMS", "indice.csv", "indice.html"]
        assert "arquivo protegido, não incluído" in archive.read("indice.html").decode()


def test_nothing_to_show_is_said_and_no_pack_is_made(client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "fiscal")
    assert client.post(f"/acordos/{agreement}/pessoas-autorizadas/exibicao", {}).status_code == 303
    page = client.get(f"/acordos/{agreement}/pessoas-autorizadas")
    assert "Não há pessoas no registro: nada a exibir." in page.words


def test_a_disposal_says_what_keeps_it_open_and_what_is_kept_needs_its_ground(client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "fiscal")
    path = f"/acordos/{agreement}/fatos/descarte/novo"
    posted = {
        "trigger": "rescission",
        "triggered_on": iso(4),
        "retained": "Registros de acesso",
        "covers_backups": "nao",
    }
    refused = client.post(path, posted)
    assert refused.status_code == 422
    assert "Diga que norma permite conservar estes dados" in refused.words
    refused = client.post(path, {"trigger": "rescission", "triggered_on": iso(4), "retained_ground": "Lei"})
    assert "Diga quais dados o operador conserva." in refused.words
    answer = client.post(path, posted | {"retained_ground": "Lei nº 12.965/2014, art. 15", "retained_until": iso(-100)})
    assert answer.status_code == 303
    with db.session() as session:
        case = session.scalars(select(DisposalCase)).one()
    page = client.get(f"/fatos/descarte/{case.lineage}")
    assert "O que falta para encerrar" in page.words
    assert "Obter comprovante que alcance as cópias de segurança: o atual não alcança." in page.words
    assert "até lá, o acordo está em encerramento" in page.words
    document = client.get(f"/fatos/descarte/{case.lineage}/documento?tipo=termo-de-devolucao-e-descarte")
    assert "conservam-se Registros de acesso, com fundamento em Lei nº 12.965/2014, art. 15" in document.words
