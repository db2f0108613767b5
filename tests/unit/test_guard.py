"""Unit tests stay alone: the guard of the rig, seen from inside the folder it protects."""

import sqlite3
from datetime import UTC, datetime

import pytest

from tests.rig.guards import UNIT_MOMENT, OutOfReachError


def test_a_unit_test_cannot_open_a_database():
    with pytest.raises(OutOfReachError, match="plain values"):
        sqlite3.connect(":memory:")


def test_a_unit_test_always_runs_at_the_same_moment():
    assert datetime.now(UTC) == UNIT_MOMENT
