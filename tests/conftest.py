"""The test rig: every module of tests/rig is a plugin, so that each piece can be read, and grown, by itself."""

from pathlib import Path

import pytest
from hypothesis import settings

# Before the first of them is imported, so that an assert in any of them explains itself.
pytest.register_assert_rewrite("tests.rig")

pytest_plugins = sorted(
    f"tests.rig.{module.stem}" for module in (Path(__file__).parent / "rig").glob("*.py") if module.stem != "__init__"
)

# Machines differ in speed; a property that holds slowly holds. The failing example is printed so that it can be kept.
settings.register_profile("project", deadline=None, print_blob=True)
settings.load_profile("project")
