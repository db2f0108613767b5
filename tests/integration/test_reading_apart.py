"""Files that somebody else wrote are read in a process of its own, which may fail in any way without harm."""

import os
import select
import sys
from pathlib import Path
from typing import Any

import pytest

from clause_library.passages import UnreadableFileError
from clause_library.reading import apart, limits, ocr_available
from clause_library.reading.apart import check_apart
from clause_library.reading.exchange import packed
from clause_library.reading.limits import SENTENCES
from contracts.vocabulary import INCISOS
from tests.unit.clause_library.pdf_files import LOREM, assembled, shown, typeset, written
from tests.unit.clause_library.word_files import archive, docx, p

SCAN = written(["0 0 100 100 re f\n"])


def code_of(data: bytes, **options: Any) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        check_apart(data, "contrato", **options)
    assert refused.value.sentence.startswith(SENTENCES[refused.value.code])
    return refused.value.code


def says(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Have another program stand in the place of the reader."""
    monkeypatch.setattr(apart, "_START", f"import sys; sys.argv.pop(1)\n{program}")


# -- what it gives -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [f"{LOREM}\n".encode(), docx(p(LOREM)), typeset(LOREM)], ids=["txt", "docx", "pdf"])
def test_a_file_is_read_and_judged_and_the_same_file_gives_the_same_answer(data: bytes) -> None:
    file, coverage = check_apart(data, "Contrato nº 7.pdf")
    assert file.name == "Contrato nº 7.pdf"
    assert file.passages[0].text == LOREM
    assert tuple(coverage.points) == INCISOS
    for point in coverage.points.values():
        for quote in point.quotes:
            whole = next(each.text for each in file.passages if each.paragraph == quote.paragraph)
            assert whole[quote.start : quote.end] == quote.text
    assert packed(file, coverage) == packed(*check_apart(data, "Contrato nº 7.pdf"))


def test_the_reader_gets_none_of_the_secrets_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "segredo")
    monkeypatch.setenv("PYTHONPATH", "/em/lugar/nenhum")
    says(monkeypatch, "import os; sys.exit(3 if {'SECRET_KEY', 'PYTHONPATH', 'HOME'} & set(os.environ) else 4)")
    seen: list[object] = []
    monkeypatch.setattr(apart.log, "warning", lambda _message, *values: seen.extend(values))
    assert code_of(b"texto") == "failed"
    assert seen == [4]


def test_the_reader_needs_neither_the_web_nor_the_database_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    start = apart._START.replace("import main; main()", "import answer; answer(sys.stdin.buffer.read(), ocr=False)")
    heavy = "{'flask', 'sqlalchemy', 'docx', 'pypdf', 'vendor_tracker'}"
    monkeypatch.setattr(apart, "_START", f"{start}; sys.exit(5 if {heavy} & set(sys.modules) else 6)")
    seen: list[object] = []
    monkeypatch.setattr(apart.log, "warning", lambda _message, *values: seen.extend(values))
    assert code_of(typeset(LOREM)) == "failed"
    assert seen == [6]


# -- files that are hostile --------------------------------------------------------------------------------------------


def deep_pages() -> bytes:
    depth = 20_000
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [f"<< /Type /Pages /Count 1 /Kids [{at + 1} 0 R] /Parent {at - 1} 0 R >>" for at in range(2, depth)]
    objects.append(f"<< /Type /Page /Parent {depth - 1} 0 R /MediaBox [0 0 595 842] >>")
    return assembled(objects)


def deep_arrays() -> bytes:
    return assembled(["<< /Type /Catalog /Pages 2 0 R >>", "[" * 200_000 + "]" * 200_000])


HOSTILE = {
    "zip bomb": ("bomb", lambda: archive({"[Content_Types].xml": "", "word/document.xml": b"0" * 60_000_000})),
    "entity bomb": (
        "entities",
        lambda: docx(
            p("&j;"),
            prolog='<!DOCTYPE x [<!ENTITY a "ha">'
            + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True))
            + "]>",
        ),
    ),
    "5,000 pages": ("too_many_pages", lambda: written([shown(60, 500, LOREM[:80])] * 5_000)),
    "deep Word": ("nested", lambda: docx("<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000)),
    "deep pages": ("corrupted", deep_pages),
    "deep arrays": ("corrupted", deep_arrays),
    "noise": ("unsupported", lambda: bytes(range(256)) * 500),
    "scan": ("no_text", lambda: SCAN),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_clear_answer_and_the_next_one_is_read(name: str) -> None:
    code, make = HOSTILE[name]
    assert code_of(make()) == code
    assert check_apart(f"{LOREM}\n".encode(), "x")[0].passages


def test_a_file_past_the_limit_or_empty_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart.subprocess, "Popen", None)
    assert code_of(b"") == "empty"
    assert code_of(bytes(limits.LARGEST_FILE + 1)) == "too_large"


# -- readers that fail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "program"),
    [
        ("failed", "print('outra coisa')"),
        ("failed", "sys.exit(1)"),
        ("failed", ""),
        ("failed", 'print(\'{"version":1,"error":{}}\')'),
        ("too_demanding", "import os; os.abort()"),
        ("too_demanding", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"),
        ("too_slow", "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"),
        ("too_long", "while True: sys.stdout.write('x' * 100_000)"),
    ],
)
def test_whatever_becomes_of_the_reader_there_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, code: str, program: str
) -> None:
    monkeypatch.setattr(apart, "LARGEST_ANSWER", 1_000_000)
    says(monkeypatch, program)
    assert code_of(b"texto") == code


def test_an_answer_about_another_file_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    file, coverage = check_apart(f"{LOREM}\n".encode(), "x")
    says(monkeypatch, f"sys.stdout.write({packed(file, coverage).decode()!r})")
    assert check_apart(f"{LOREM}\n".encode(), "y")[0].name == "y"
    assert code_of(b"texto diferente") == "failed"


def test_a_reader_that_takes_too_much_memory_is_ended() -> None:
    assert code_of(f"{LOREM}\n".encode(), memory_mib=24) in {"too_demanding", "failed"}


def test_what_the_reader_asks_for_past_its_memory_it_does_not_get(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = "import clause_library.reading.__main__ as r; r.confine(9, 200, 1); bytearray(300 * 1024 * 1024)"
    program = f"sys.path.append({str(apart._ROOT)!r})\ntry:\n    {taken}\nexcept MemoryError:\n    sys.exit(7)"
    says(monkeypatch, program)
    seen: list[object] = []
    monkeypatch.setattr(apart.log, "warning", lambda _message, *values: seen.extend(values))
    assert code_of(b"texto") == "failed"
    assert seen == [7]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of another's process")
def test_a_reader_that_takes_too_long_is_ended_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "pids"
    started = (
        "import subprocess, os; child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)"
    )
    says(
        monkeypatch,
        f"{started}; open({str(note)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}'); child.wait()",
    )
    assert code_of(b"texto", seconds=2) == "too_slow"
    for number in note.read_text().split():
        assert has_ended(int(number))


def has_ended(number: int) -> bool:
    """Whether a process that was ended is gone; the system tells so within moments."""
    try:
        handle = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 30)[0])
    finally:
        os.close(handle)


def test_processor_time_is_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import clause_library.reading.__main__ as r; r.confine(1, 200, 1)\nwhile True: pass"
    says(monkeypatch, f"sys.path.append({str(apart._ROOT)!r}); {program}")
    assert code_of(b"texto") == "too_slow"


def test_who_waits_too_long_for_a_turn_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(apart.AT_ONCE):
        assert apart._turns.acquire(blocking=False)
    try:
        assert code_of(b"texto", seconds=1) == "busy"
    finally:
        for _ in range(apart.AT_ONCE):
            apart._turns.release()
    assert check_apart(f"{LOREM}\n".encode(), "x")


def test_an_interpreter_that_does_not_start_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nao/existe")
    assert code_of(b"texto") == "failed"


# -- recognising letters -----------------------------------------------------------------------------------------------


@pytest.fixture
def ocrmypdf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A function that puts a program named ocrmypdf on the path, which does what the lines of Python say."""

    def install(lines: str) -> None:
        program = tmp_path / "ocrmypdf"
        program.write_text(f"#!{sys.executable}\nimport sys\nsource, target = sys.argv[-2:]\n{lines}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return install


def test_a_scan_is_recognised_where_the_server_can(ocrmypdf: Any, tmp_path: Path) -> None:
    (tmp_path / "answer.pdf").write_bytes(typeset(LOREM))
    copy = f"open(target, 'wb').write(open({str(tmp_path / 'answer.pdf')!r}, 'rb').read())"
    ocrmypdf(f"assert open(source, 'rb').read(5) == b'%PDF-'; assert 'por' in sys.argv\n{copy}")
    assert ocr_available()
    with pytest.raises(UnreadableFileError) as refused:
        check_apart(SCAN, "x")
    assert refused.value.code == "no_text"
    assert refused.value.sentence.endswith("peça a leitura com OCR.")
    file, _ = check_apart(SCAN, "x", ocr=True)
    assert [passage.text for passage in file.passages] == [LOREM]
    assert "OCR" in file.notes[-1]


@pytest.mark.parametrize(
    ("code", "lines"),
    [("ocr_failed", "sys.exit(2)"), ("ocr_failed", "pass"), ("no_text", "import shutil; shutil.copy(source, target)")],
)
def test_recognition_that_fails_says_so(ocrmypdf: Any, code: str, lines: str) -> None:
    ocrmypdf(lines)
    assert code_of(SCAN, ocr=True) == code


def test_without_the_program_recognition_is_neither_offered_nor_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not ocr_available()
    assert code_of(SCAN, ocr=True) == "ocr_missing"
    with pytest.raises(UnreadableFileError) as refused:
        check_apart(SCAN, "x")
    assert refused.value.sentence == SENTENCES["no_text"]
