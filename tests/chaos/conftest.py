"""The mark by which the runs of this proof can be chosen, or left out: ``-m "not chaos"``."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "chaos: starts many processes and kills them at random, for half a minute")
