"""The proof in small: every process of the product may die at any moment. ``make chaos`` runs it whole."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.storm import Size, storm
from tests.rig.app import prepare

SMALL = Size(
    requests=11,
    hands=4,
    kill_every_seconds=(0.1, 1.2),
    away_seconds=0.5,
    most_kills=18,
    beat_seconds=0.1,
    days_after_jump=(7,),
    deadline_seconds=240,
)


@pytest.mark.chaos
def test_whoever_is_killed_nothing_is_lost_nothing_is_decided_twice_and_only_what_was_in_flight_is_sent_again(
    databases: Any, database_kind: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or 369)
    with databases.fresh(database_kind, prepared_by=prepare) as url:
        report = storm(database_kind, url, tmp_path / "run", seed=seed, size=SMALL)
    with capsys.disabled():
        print(f"\n{str(report).splitlines()[0]}")  # noqa: T201 - the seed repeats the plan of a run
    assert report.kills
    assert report.agrees, f"the logs of the processes are in {tmp_path / 'run'}\n{report}"
