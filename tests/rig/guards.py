"""What a test may not reach: a unit test nothing outside itself, any other test nothing outside this machine.

An audit hook sees every connection that Python opens, whichever library asks for it. The hook cannot be removed, so it
looks at ``_reach``, which is set around each test.
"""

import ipaddress
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

UNIT_TESTS = Path(__file__).parents[1] / "unit"

UNIT_MOMENT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""The moment at which every unit test runs: Monday, 2 March 2026, noon in Brasília."""


class OutOfReachError(BaseException):
    """A test reached for something it may not have. Not an ``Exception``, so that no code under test can swallow it."""


_reach = "everything"  # "nothing" during a unit test, "this machine" during any other.


def _is_this_machine(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if _reach == "everything":
        return
    if event == "sqlite3.connect" and _reach == "nothing":
        raise OutOfReachError(
            "A unit test opened a database. Move it to tests/integration, or hand the code plain values."
        )
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo"}:
        target = args[1] if event != "socket.getaddrinfo" else args[0]
        if _reach == "nothing":
            raise OutOfReachError(
                f"A unit test opened a connection ({target!r}). Move it to tests/integration, or hand the code plain values."
            )
        host = target[0] if isinstance(target, tuple) else target
        is_file = event != "socket.getaddrinfo" and not isinstance(target, tuple)
        if not is_file and not _is_this_machine(host):
            raise OutOfReachError(f"A test reached for {target!r}; tests talk to this machine only.")


sys.addaudithook(_watch)


def _is_unit(path: Path) -> bool:
    return UNIT_TESTS in path.parents


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Close the doors before the first fixture is made and open them after the last is gone."""
    global _reach  # noqa: PLW0603 - The audit hook is a plain function that lives as long as the process.
    before = _reach
    _reach = "nothing" if _is_unit(item.path) else "this machine"
    try:
        return (yield)
    finally:
        _reach = before


@pytest.fixture(autouse=True)
def _same_moment_in_every_unit_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock for unit tests: none of them can pass today and fail next year."""
    if not _is_unit(request.path):
        yield
        return
    with time_machine.travel(UNIT_MOMENT, tick=False):
        yield
