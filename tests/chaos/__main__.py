"""Run the proof whole: ``python -m tests.chaos``; see ``make chaos``.

``CHAOS_SEED`` repeats a plan, ``CHAOS_REQUESTS`` says how many first requests there are, ``CHAOS_DATABASES`` on which
engines (``postgresql sqlite``); the run on SQLite is a quarter of the size.
"""

import logging
import os
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import click

from tests.chaos.storm import Size, storm
from tests.rig.app import prepare
from tests.rig.databases import KINDS, Databases


def main() -> int:
    """Run on each engine; returns how many did not agree."""
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(1_000_000))
    requests = int(os.environ.get("CHAOS_REQUESTS") or 2000)
    kinds = (os.environ.get("CHAOS_DATABASES") or "postgresql sqlite").split()
    logging.disable(logging.CRITICAL)
    click.echo(f"CHAOS_SEED={seed} CHAOS_REQUESTS={requests}")
    # Whoever stops the run stops its processes and its database with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wrong = 0
    folder = Path(tempfile.mkdtemp(prefix="vt-chaos-"))
    databases = Databases(folder)
    try:
        for kind in KINDS:
            if kind not in kinds:
                continue
            number = requests if kind == "postgresql" else max(requests // 4, 1)
            # The larger the register, the longer its rounds: a round that is always killed half way proves little.
            size = Size(number, kill_every_seconds=(0.3, max(4.0, number / 60)))
            with databases.fresh(kind, prepared_by=prepare) as url:
                report = storm(kind, url, folder / kind, seed=seed, size=size, say=click.echo)
            click.echo(report)
            click.echo("every row agrees" if report.agrees else f"ROWS DIFFER; logs in {folder / kind}")
            wrong += not report.agrees
    finally:
        databases.close()
        if not wrong:
            shutil.rmtree(folder, ignore_errors=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
