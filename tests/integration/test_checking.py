"""Checking a signed file through the use case, the command line and the API: one answer, one set of refusals."""

import json
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contracts.vocabulary import INCISOS, Coverage
from tests.integration.test_api import program  # noqa: F401 - a fixture
from tests.unit.clause_library.pdf_files import LOREM, shown, typeset, written
from tests.unit.clause_library.word_files import archive, docx, p
from vendor_tracker.usecases import checking

TEXT = (
    "CLÁUSULA QUINTA – DA PROTEÇÃO DE DADOS\n\n5.1 "
    + LOREM
    + "\n\n5.2 Findo o contrato, a CONTRATADA descartará os dados."
)
PDF = typeset(TEXT)
SCAN = written(["0 0 100 100 re f\n"])


def check(data: bytes, name: str = "contrato.pdf") -> dict[str, Any]:
    return json.loads(json.dumps(checking.check_file(name=name, data=data).json()))


# -- the answer --------------------------------------------------------------------------------------------------------


def test_the_answer_has_exactly_the_agreed_shape() -> None:
    data = PDF
    found = check(data, "pasta/Contrato nº 7.pdf")
    assert list(found) == ["file", "sha256", "pages", "provisions", "incisos"]
    assert found["file"] == "Contrato nº 7.pdf"
    assert found["sha256"] == sha256(data).hexdigest()
    assert found["pages"] == 1
    assert found["provisions"] >= 2
    assert tuple(found["incisos"]) == INCISOS
    for point in found["incisos"].values():
        assert list(point) == ["coverage", "quote", "place", "missing", "confidence"]
        assert point["coverage"] in set(Coverage)
        assert all(isinstance(each, str) for each in point["missing"])
        assert 0 <= point["confidence"] <= 1
        assert point["quote"] in " ".join(TEXT.split())
        assert bool(point["quote"]) == bool(point["place"])


def test_the_same_text_is_judged_alike_in_each_format() -> None:
    paragraphs = [part for part in TEXT.split("\n\n") if part]
    files = (PDF, docx("".join(p(part) for part in paragraphs), filler=False), TEXT.encode())
    found = [check(data) for data in files]
    assert [each["pages"] for each in found] == [1, None, None]
    verdicts = [{name: point["coverage"] for name, point in each["incisos"].items()} for each in found]
    assert verdicts[0] == verdicts[1] == verdicts[2]
    assert verdicts[0]["XI"] != "missing"


def test_a_file_that_cannot_be_read_is_refused_with_its_code_and_sentence() -> None:
    with pytest.raises(checking.UnreadableError) as refused:
        checking.check_file(name="x.pdf", data=SCAN)
    assert refused.value.code == "no_text"
    assert refused.value.field == "file"
    assert refused.value.message.startswith("O arquivo é uma digitalização sem texto.")


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(tmp_path: Path) -> Any:
    """A function that runs check-instrument on a file that is written first."""
    from vendor_tracker.cli import main

    def run(*words: str, data: bytes | None = None, name: str = "contrato.pdf") -> Result:
        given: list[str] = []
        if data is not None:
            (tmp_path / name).write_bytes(data)
            given = [str(tmp_path / name)]
        return CliRunner().invoke(main, ["check-instrument", *given, *words], env={"DATABASE_URL": "nada://"})

    return run


def test_the_command_prints_json_for_programs_without_any_database(terminal: Any) -> None:
    done = terminal("--json", data=PDF)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == check(PDF)


def test_the_command_prints_a_table_for_people(terminal: Any) -> None:
    done = terminal(data=PDF)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert all(len(line) <= 96 for line in lines)
    for heading in ("Inciso", "Situação", "Lugar", "Trecho", "O que falta"):
        assert any(heading in line for line in lines)
    for inciso in INCISOS:
        assert any(line.split()[:1] == [inciso] for line in lines)
    assert "contrato.pdf, 1 página" in lines[0]
    assert "uma pessoa conferir" in lines[-1]


def test_an_unreadable_file_ends_the_command_with_the_sentence(terminal: Any) -> None:
    done = terminal(data=SCAN)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: O arquivo é uma digitalização sem texto.")
    as_json = terminal("--json", data=SCAN)
    assert as_json.exit_code == 1
    error = json.loads(as_json.stdout)["error"]
    assert error["code"] == "no_text"
    assert error["message"].startswith("O arquivo é uma digitalização sem texto.")


def test_the_command_wants_one_file_or_one_folder(terminal: Any, tmp_path: Path) -> None:
    assert terminal().exit_code == 2
    assert terminal("--labels", str(tmp_path), data=b"x").exit_code == 2


def labelled(folder: Path, name: str, text: str, **labels: str) -> None:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    incisos = {inciso: {"label": labels.get(inciso, "nao"), "quote": "", "note": ""} for inciso in INCISOS}
    (folder / f"{name}.labels.json").write_text(json.dumps({"kind": "contrato", "incisos": incisos}), encoding="utf-8")


def test_a_folder_of_labelled_texts_is_scored_for_people_and_for_programs(terminal: Any, tmp_path: Path) -> None:
    folder = tmp_path / "textos"
    folder.mkdir()
    labelled(folder, "01", "O preço total é de dez mil reais, pagos em doze parcelas mensais, iguais e sucessivas.")
    labelled(folder, "02", "As partes elegem o foro de Brasília para dirimir as controvérsias deste contrato.", I="sim")
    done = terminal("--labels", str(folder))
    assert done.exit_code == 0, done.output
    assert "2 textos, 24 rótulos" in done.stdout
    for words in ("sim", "parcial", "nao", "Exatos", "encontrados", "XII"):
        assert words in done.stdout
    found = json.loads(terminal("--labels", str(folder), "--json").stdout)
    assert (found["texts"], found["labels"]) == (2, 24)
    assert found["confusion"]["nao"] == {"covered": 0, "partial": 0, "possible": 0, "missing": 23}
    assert found["confusion"]["sim"] == {"covered": 0, "partial": 0, "possible": 0, "missing": 1}
    assert (found["exact"], found["found"], found["false_covered"]) == (23 / 24, 0.0, 0.0)
    assert found["incisos"]["I"]["exact"] == 0.5
    assert found["incisos"]["II"]["found"] is None


def test_a_folder_without_labelled_texts_is_refused(terminal: Any, tmp_path: Path) -> None:
    done = terminal("--labels", str(tmp_path))
    assert done.exit_code == 1
    assert "não há textos rotulados" in done.stderr
    as_json = terminal("--labels", str(tmp_path), "--json")
    assert json.loads(as_json.stdout)["error"]["code"] == "labels"


# -- the API -----------------------------------------------------------------------------------------------------------


def post(reader: Any, data: bytes | None, name: str = "contrato.pdf", **options: Any) -> Any:
    form = {} if data is None else {"file": (BytesIO(data), name)}
    form.update(options.pop("more", {}))
    return reader.client.post(
        "/api/v1/instruments/check",
        headers=reader.headers,
        data=form,
        content_type=options.pop("content_type", "multipart/form-data"),
    )


def test_a_program_has_a_file_checked_and_nothing_is_kept(app: Any, program: Any) -> None:  # noqa: F811
    from vendor_tracker.store.base import db
    from vendor_tracker.store.tables import StoredFile

    answer = post(program("legal"), PDF)
    assert answer.status_code == 200, answer.text
    assert answer.json == check(PDF)
    with app.app_context():
        assert db.session.query(StoredFile).count() == 0


@pytest.mark.parametrize(
    ("status", "name", "data"),
    [
        (415, "velho.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "WordDocument".encode("utf-16-le")),
        (415, "foto.png", b"\x89PNG\r\n\x1a\n" + bytes(300)),
        (415, "x.rtf", b"{\\rtf1 oi}"),
        (422, "scan.pdf", SCAN),
        (422, "longo.pdf", written([shown(60, 500, LOREM[:80])] * 700)),
        (422, "vazio.txt", b""),
        (422, "bomba.docx", archive({"[Content_Types].xml": "", "word/document.xml": b"0" * 60_000_000})),
        (422, "cortado.docx", docx(p(LOREM))[:400]),
    ],
)
def test_a_file_that_is_not_read_is_a_problem_in_portuguese(
    program: Any,  # noqa: F811
    status: int,
    name: str,
    data: bytes,
) -> None:
    reader = program("fiscal")
    answer = post(reader, data, name)
    assert answer.status_code == status
    assert answer.json["code"] == status
    assert answer.json["errors"] == {"file": [answer.json["message"]]}
    assert answer.json["message"].endswith(".")
    assert post(reader, TEXT.encode(), "x.txt").status_code == 200  # The server is still there.


def test_a_file_past_the_limit_of_the_server_is_refused(app: Any, program: Any) -> None:  # noqa: F811
    reader = program("legal")
    settings = app.extensions["vendor_tracker.settings"]
    app.extensions["vendor_tracker.settings"] = replace(settings, upload_limit_mb=0)
    try:
        answer = post(reader, PDF)
    finally:
        app.extensions["vendor_tracker.settings"] = settings
    assert answer.status_code == 413
    assert answer.json["message"].startswith("O arquivo passa do limite de 0 MB.")


def test_what_is_no_form_with_a_file_is_refused(program: Any) -> None:  # noqa: F811
    reader = program("legal")
    other = reader.post("/instruments/check", file="texto")
    assert other.status_code == 415
    assert "multipart/form-data" in other.json["message"]
    missing = post(reader, None, more={"outro": "x"})
    assert missing.status_code == 422
    assert "file" in missing.json["errors"]["files"]


def test_who_only_reads_or_is_nobody_has_nothing_checked(app: Any, program: Any) -> None:  # noqa: F811
    assert post(program("committee"), TEXT.encode()).status_code == 403
    nobody = app.test_client().post("/api/v1/instruments/check", data={"file": (BytesIO(b"x"), "x.txt")})
    assert nobody.status_code == 401


def test_the_description_says_how_to_send_the_file(app: Any) -> None:
    described = app.test_client().get("/api/v1/openapi.json").json["paths"]["/api/v1/instruments/check"]["post"]
    form = described["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert "file" in json.dumps(form) or "$ref" in form
    assert "200" in described["responses"]
