"""Measure the writing of documents: one annex with 20 clauses, and a thousand documents streamed into one archive.

``python -m benchmarks.documents`` prints the rows that ``make bench`` prints too. With ``--against docxtpl`` the annex
is measured side by side with docxtpl, which renders the same content from a template made of the same Word file; that
library is installed, for the time of the measurement, into an environment in a temporary folder and nowhere else.
"""

import argparse
import json
import logging
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_bytes
from benchmarks.pages import Measure, timed
from clause_library.catalogue import Catalogue, load_catalogue
from clause_library.description import AgreementDescription, Body, Operator
from clause_library.docx_builder import build_docx
from clause_library.drafting import draft_anexo
from clause_library.placeholders import document_parameters
from contracts.policy import Policy
from contracts.vocabulary import (
    INCISOS,
    AgreementKind,
    Coverage,
    DataCategory,
    Exposure,
    InstrumentKind,
    Regime,
    Role,
    SubjectGroup,
    VolumeBand,
)
from vendor_tracker import clock
from vendor_tracker.app import create_app
from vendor_tracker.settings import Body as HouseBody
from vendor_tracker.settings import Settings
from vendor_tracker.store.tables import Agreement, AgreementRevision, CoverageReading, Instrument
from vendor_tracker.store.tables import Operator as OperatorRow
from vendor_tracker.usecases import batches
from vendor_tracker.usecases.installing import prepare_database
from vendor_tracker.usecases.work import Actor, act

CLAUSES = 20
ROUNDS = 30
TURNS = 3
"""How often the two libraries take turns."""
DOCXTPL = "docxtpl==0.20.2"
FEW, MANY = 100, 1000
"""How many documents an archive has when its memory is measured; both should need the same."""
ON = date(2026, 11, 20)
CODE = "CNJ-BENC-HMRK"
_BENCH = Actor("job:bench", display="Medição")

RENDER = """
import json, sys, time
from io import BytesIO
from docxtpl import DocxTemplate

template, values, out, rounds = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3], int(sys.argv[4])

def render():
    document = DocxTemplate(template)
    document.render(values, autoescape=True)
    target = BytesIO()
    document.save(target)
    return target.getvalue()

open(out, "wb").write(render())
times = []
for _ in range(rounds):
    begun = time.perf_counter_ns()
    render()
    times.append((time.perf_counter_ns() - begun) / 1e6)
print(json.dumps(times))
"""
"""What docxtpl does: open the template, fill it in, save the document. It runs where docxtpl is, and not here."""


def description() -> AgreementDescription:
    """Return a fictional agreement of which everything is known."""
    return AgreementDescription(
        body=Body(
            name="Conselho Nacional de Justiça",
            acronym="CNJ",
            address="SAF Sul, Quadra 2, Brasília – DF",
            signatory_name="Helena Duarte Prado",
            signatory_position="Diretora-Geral",
            encarregado_name="Marina Teles",
            encarregado_contact="encarregado@orgao.example",
            incident_channel="incidentes@orgao.example",
            data_subject_channel="orgao.example/titulares",
        ),
        operator=Operator(
            name="Aurora Nuvem e Dados Ltda.",
            regime=Regime.PRIVATE,
            address="Rua das Acácias, 120, Campinas – SP",
            representative_name="Otávio Lemos Braga",
            representative_position="Diretor de Operações",
            preposto_name="Lívia Campos",
            preposto_email="livia@aurora.example",
            incident_channel="cert@aurora.example",
        ),
        kind=AgreementKind.CONTRATO,
        number="12/2026",
        process="08314/2026",
        object="Hospedagem e sustentação do sistema de inscrições em eventos",
        signed_on=date(2026, 3, 10),
        starts_on=date(2026, 3, 10),
        ends_on=date(2029, 3, 9),
        unit="Departamento de Tecnologia da Informação",
        gestor="Caio Menezes",
        fiscal="Ana Brito",
        role=Role.OPERATOR,
        purpose="Inscrever participantes e emitir certificados de capacitação",
        public_function="Formação de magistrados e servidores",
        legal_basis="LGPD, art. 7º, III, e art. 23",
        categories=(DataCategory.CONTACT, DataCategory.IDENTIFICATION),
        subject_groups=(SubjectGroup.STAFF,),
        sensitive=False,
        children=False,
        judicial_secrecy=False,
        international_transfer=False,
        sub_operators=(),
        volume=VolumeBand.UP_TO_100K,
        hosting="Nuvem privada no Brasil",
        guarantees="canal único de atendimento e aviso de privacidade na inscrição",
    )


def twenty() -> Catalogue:
    """Return the library with an annex of as many clauses as are measured, for the agreement above."""
    library = load_catalogue()
    whole = draft_anexo(description(), parameters=parameters(), on=ON, catalogue=library)
    kept = tuple(clause.id for clause in whole.clauses)[:CLAUSES]
    spec = replace(library.document("anexo"), clauses=kept)
    return replace(library, documents={**library.documents, "anexo": spec})


def parameters() -> dict[str, int]:
    """Return the administrative numbers of the day."""
    return document_parameters(Policy.load().on(ON), Exposure.MEDIUM)


def annex(library: Catalogue, of: AgreementDescription, code: str = CODE) -> bytes:
    """Draft the annex and write it in Word, as issuing does."""
    draft = draft_anexo(of, parameters=parameters(), on=ON, catalogue=library)
    if len(draft.clauses) != CLAUSES:
        raise RuntimeError(f"the annex has {len(draft.clauses)} clauses instead of {CLAUSES}")
    return build_docx(draft, verification_code=code)


def measured(memories: list[dict[str, object]]) -> Iterator[Measure]:
    """Measure an annex, then archives of few and of many documents; ``memories`` grows by a line for each archive."""
    library, agreement = twenty(), description()
    name = f"annex with {CLAUSES} clauses, drafted and written"
    yield timed(name, lambda: annex(library, agreement), size=CLAUSES, backend="none", rounds=ROUNDS)
    for count in (FEW, MANY):
        found = apart("--batch", str(count))
        memories.append(
            {
                "name": "peak memory of a batch of documents",
                "size": count,
                "backend": "sqlite",
                "peak_mb": found["peak_mb"],
            }
        )
        yield Measure(
            "batch: a document issued and archived",
            count,
            "sqlite",
            1,
            found["ms"],
            found["ms"],
            found["cpu_ms"],
        )


def apart(*words: str) -> dict[str, Any]:
    """Run this module in a process of its own and return what it prints; raises ``RuntimeError`` with its complaint."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks.documents", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# ----------------------------------------------------------------------------------------------------------------------
# A batch
# ----------------------------------------------------------------------------------------------------------------------


def batch(count: int) -> dict[str, object]:
    """Issue a termo aditivo for ``count`` agreements that lack every inciso, archive them, and tell what it took."""
    with tempfile.TemporaryDirectory(prefix="vt-bench-") as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/bench.db", secret_key="0" * 64, data_dir=Path(folder), body=HouseBody()
        )
        app = create_app(settings)
        with app.app_context():
            prepare_database()
            fill(count)
            files = app.extensions["vendor_tracker.files"]
            wall, cpu = time.perf_counter_ns(), time.process_time_ns()
            number = batches.start(_BENCH, filters=batches.Filters(), describe=lambda _filters, _unit: "Medição.")
            report = batches.work_through(files, settings.body, worker="bench")
            wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
            peak = peak_bytes()
            if report.issued != count or report.ended != 1:
                raise RuntimeError(f"{report.issued} of {count} documents were issued")
            size = _check(b"".join(batches.archive(_BENCH, files, batch_id=number).pieces), count)
    return {
        "peak_mb": round(peak / (1024 * 1024), 1),
        "ms": round(wall / 1e6 / count, 2),
        "cpu_ms": round(cpu / 1e6 / count, 2),
        "bytes": size,
    }


def fill(count: int) -> None:
    """Put agreements on record whose contract was read and lacks all twelve incisos."""
    moment, today = clock.now() - timedelta(days=1), clock.today()
    start = today - timedelta(days=400)
    with act(_BENCH) as work:
        session = work.session
        operator = OperatorRow(
            name="Operadora Fictícia Ltda.",
            search_name="operadora ficticia ltda",
            foreign_id="BENCH",
            created_at=moment,
            updated_at=moment,
        )
        session.add(operator)
        session.flush()
        for number in range(1, count + 1):
            agreement = Agreement(
                operator_id=operator.id,
                kind=AgreementKind.CONTRATO,
                number=f"{number:05d}/2025",
                created_at=moment,
                search_text="",
            )
            session.add(agreement)
            session.flush()
            revision = AgreementRevision(
                agreement_id=agreement.id,
                holds_from=start,
                recorded_at=moment,
                reason="Registrado",
                object="Hospedagem de sistemas",
                signed_on=start,
                starts_on=start,
                ends_on=today + timedelta(days=700),
            )
            paper = Instrument(
                agreement_id=agreement.id,
                kind=InstrumentKind.ORIGINAL,
                title="Contrato",
                signed_on=start,
                signed_by_both=True,
                recorded_at=moment,
            )
            session.add_all((revision, paper))
            session.flush()
            agreement.current_revision_id = revision.id
            session.add_all(
                CoverageReading(
                    instrument_lineage=paper.id, point=inciso, coverage=Coverage.MISSING, recorded_at=moment
                )
                for inciso in INCISOS
            )
            if number % 100 == 0:
                session.flush()
                session.expunge_all()
        work.trail("bench", "agreement", None, f"Acordos fictícios para medição: {count}.")


def _check(archive: bytes, count: int) -> int:
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        if opened.testzip() is not None or len(opened.namelist()) != count + 1:
            raise RuntimeError("the archive is not whole")
    return len(archive)


# ----------------------------------------------------------------------------------------------------------------------
# Side by side with docxtpl
# ----------------------------------------------------------------------------------------------------------------------


def against_docxtpl() -> dict[str, object]:
    """Measure docxtpl and us in turns, on the same core and with the same content; times are of the clock."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    library, agreement = twenty(), description()
    with tempfile.TemporaryDirectory(prefix="vt-bench-docxtpl-") as name:
        folder = Path(name)
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", DOCXTPL)
        marked, values = marks(agreement)
        (folder / "template.docx").write_bytes(annex(library, marked, "{{ codigo }}"))
        (folder / "values.json").write_text(json.dumps({**values, "codigo": CODE}), encoding="utf-8")
        (folder / "render.py").write_text(RENDER, encoding="utf-8")
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(TURNS):
            ours += _times(lambda: annex(library, agreement))
            words = [str(folder / each) for each in ("render.py", "template.docx", "values.json", "out.docx")]
            theirs += json.loads(_run(python, *words, str(ROUNDS)))
        same = words_of((folder / "out.docx").read_bytes()) == words_of(annex(library, agreement))
    if not same:
        raise RuntimeError("docxtpl's document does not say the same: the comparison would mean nothing")
    return {
        "clauses": CLAUSES,
        "rounds": len(ours),
        "ours_median_ms": round(statistics.median(ours), 2),
        "docxtpl_median_ms": round(statistics.median(theirs), 2),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 3),
    }


def _times(work: Callable[[], object]) -> list[float]:
    work()
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter_ns()
        work()
        found.append((time.perf_counter_ns() - begun) / 1e6)
    return found


def _run(python: Path, *words: str) -> str:
    done = subprocess.run([str(python), *words], capture_output=True, text=True, check=False)  # noqa: S603 - our own.
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def marks(agreement: AgreementDescription) -> tuple[AgreementDescription, dict[str, str]]:
    """Return the agreement with each of its texts as a mark of a template, and the texts by the marks' names."""
    values: dict[str, str] = {}

    def marked(part: Any, name: str) -> Any:
        changes = {}
        for each in fields(part):
            value = getattr(part, each.name)
            if type(value) is str:
                key = f"{name}_{each.name}"
                values[key] = value
                changes[each.name] = f"{{{{ {key} }}}}"
        return replace(part, **changes)

    whole = marked(agreement, "acordo")
    parts = {"operator": marked(agreement.operator, "operador"), "body": marked(agreement.body, "orgao")}
    return replace(whole, **parts), values


def words_of(document: bytes) -> list[str]:
    """Return the text of every paragraph of a Word file's body, in order; the spaces that do not break are plain ones.

    A template cannot know before which numbers a line must not break, so that this much of the content is ours alone.
    """
    with zipfile.ZipFile(BytesIO(document)) as opened:
        xml = opened.read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
    texts = ("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", each)) for each in paragraphs)
    return [unescape(text).replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for and print it."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", choices=["docxtpl"], help="measure side by side with this library")
    parser.add_argument("--batch", type=int, help="issue so many documents and print what it took, as JSON")
    asked = parser.parse_args(arguments)
    if asked.batch:
        print(json.dumps(batch(asked.batch)))
    elif asked.against:
        print(json.dumps(against_docxtpl(), indent=1))
    else:
        memories: list[dict[str, object]] = []
        for line in measured(memories):
            print(f"{line.name:<48}{line.size:>8}{line.median_ms:>12.2f} ms{line.cpu_ms:>12.2f} ms CPU", flush=True)
        for memory in memories:
            print(f"{memory['name']:<48}{memory['size']:>8}{memory['peak_mb']:>12} MB")


if __name__ == "__main__":
    main()
