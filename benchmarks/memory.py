"""Measure how much memory one web worker comes to hold: a process of its own that serves the pages of a working day.

Run as ``python -m benchmarks.memory DATABASE_URL DATA_DIR AGREEMENT OPERATOR``; it prints megabytes.
"""

import logging
import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.pages import visitor
from contracts.vocabulary import UserRole
from vendor_tracker.app import create_app
from vendor_tracker.settings import Body, Settings
from vendor_tracker.usecases import documents
from vendor_tracker.usecases.work import Actor

STORY = (
    "/painel",
    "/painel?situacao=breached",
    "/operadores",
    "/operadores/{operator}",
    "/operadores/{operator}/boletim",
    "/acordos",
    "/acordos/{agreement}",
    "/acordos/{agreement}/boletim",
    "/acordos/{agreement}/documentos/novo?tipo=anexo",
    "/busca?q=servicos",
    "/biblioteca",
    "/requisicoes",
    "/evidencias",
    "/obrigacoes",
    "/trilha",
)
"""The pages that the people of the README's first five minutes open."""
ROUNDS = 3


def peak_mb(url: str, folder: Path, *, agreement: int, operator: int) -> float:
    """Return the most megabytes that a fresh worker held while it served the story; raises ``RuntimeError``."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks.memory", url, str(folder), str(agreement), str(operator)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout)


def main() -> None:
    """Serve the story and print the peak."""
    logging.disable(logging.CRITICAL)
    url, folder, agreement, operator = sys.argv[1:]
    app = create_app(Settings(database_url=url, secret_key="0" * 64, data_dir=Path(folder)))
    with app.app_context():
        visit = visitor(app)
        for _ in range(ROUNDS):
            for address in STORY:
                visit(address.format(agreement=agreement, operator=operator))
        documents.issue(
            Actor("job:bench", role=UserRole.LEGAL),
            app.extensions["vendor_tracker.files"],
            Body(),
            agreement_id=int(agreement),
            kind="anexo",
        )
    print(round(peak_bytes() / (1024 * 1024), 1))


def peak_bytes() -> int:
    """Return the most memory that this program held.

    Linux tells it for the program itself; what ``getrusage`` tells there begins with whoever started the process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts in bytes, the others in kilobytes.


if __name__ == "__main__":
    main()
