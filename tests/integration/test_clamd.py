"""The virus scanner is asked in its own protocol, and its silence is never taken for safety."""

from pathlib import Path

import pytest

from tests.rig.scanning import VIRUS, scanner
from vendor_tracker.clamd import CHUNK, ScannerUnavailableError, scan
from vendor_tracker.settings import Settings, SettingsError


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK - 1])
def test_the_scanner_receives_every_byte_in_its_order(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    with scanner() as heard:
        assert scan(heard.url, data) == ""
    assert heard.scanned == [data]


def test_what_is_found_is_named_over_a_unix_socket_too(tmp_path: Path) -> None:
    with scanner(tmp_path) as heard:
        assert scan(heard.url, b"antes " + VIRUS + b" depois") == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b"\0", b"stream: OK FOUND?\0"]
)
def test_any_other_answer_says_nothing_about_the_file(answer: bytes) -> None:
    with scanner() as heard:
        heard.answer = answer
        with pytest.raises(ScannerUnavailableError):
            scan(heard.url, b"dados")


def test_a_scanner_that_is_not_there_says_nothing_about_the_file(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailableError):
        scan(f"unix://{tmp_path / 'nobody'}", b"dados", seconds=1)


@pytest.mark.parametrize("url", ["127.0.0.1:3310", "tcp://maquina", "unix://", "http://maquina:3310"])
def test_an_address_that_is_none_is_refused_at_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="CLAMD_URL"):
        Settings.from_environment({"DATA_DIR": str(tmp_path), "CLAMD_URL": url})
