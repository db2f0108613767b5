"""The repository: what is kept in it, what is installed from it, and that the built package is whole."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-run.lock")
PACKAGES = ("clause_library", "contracts", "vendor_tracker")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _kept() -> list[Path]:
    """Every file that is, or is about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: nothing says which files are kept")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def _text(path: Path) -> str | None:
    """The file's text; None for pictures and other bytes."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


PERSONAL = ("home", "root", "Users", "work", "tmp")

# Written in pieces, so that this file does not contain what it looks for.
FOREIGN = {
    "a folder of somebody's machine": re.compile(r"(?<![\w.~$}{)>/-])/(?:" + "|".join(PERSONAL) + r")/[\w.-]+"),
    "the address of a package registry": re.compile(
        "|".join(
            ("python" + r"hosted\.org", "pypi" + r"\.org", "registry" + r"\.npmjs", "--(?:extra-)?index" + "-url[ =]")
        ),
        re.IGNORECASE,
    ),
    "a private key": re.compile("BEGIN (?:[A-Z]+ )?PRIVATE" + " KEY"),
    "the mark of an unfinished merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "a Windows line ending": re.compile("\r\n"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_contains(what):
    found = []
    for path in _kept():
        text = _text(path)
        for match in FOREIGN[what].finditer(text or ""):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(ROOT)}:{line}: {match.group().strip()!r}")
    assert not found, f"Remove {what}:\n" + "\n".join(found)


def test_names_of_files_have_no_accents_and_no_spaces():
    odd = [
        str(path.relative_to(ROOT))
        for path in _kept()
        if not re.fullmatch(r"[\w./+-]+", str(path.relative_to(ROOT)), re.ASCII)
    ]
    assert not odd


def _locked(lock: str) -> dict[str, str]:
    """The lines of a lock file, joined: requirement -> everything written about it."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {line.split(" ", 1)[0]: line for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_exact_version_and_its_hashes(lock):
    locked = _locked(lock)
    assert len(locked) > 40
    for requirement, line in locked.items():
        assert re.fullmatch(r"[a-z0-9.-]+==[\w.!+]+", requirement), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), f"{requirement} has no hash: run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_so_that_any_mirror_can_serve_it(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-[-\w]|@ ", re.sub(r"--hash=sha256:", "", text), re.MULTILINE)


def test_what_the_product_needs_to_run_is_locked_to_the_versions_that_were_tested():
    everything = _locked("requirements.lock")
    running = _locked("requirements-run.lock")
    assert set(running) <= set(everything), "run `make lock`: the two lists differ"


def _wanted(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9._-]+", requirement).group().lower().replace("_", "-") for requirement in requirements}


def test_every_declared_dependency_is_locked():
    extras = PYPROJECT["project"]["optional-dependencies"]
    declared = _wanted(PYPROJECT["project"]["dependencies"])
    names = {requirement.partition("==")[0] for requirement in _locked("requirements.lock")}
    running = {requirement.partition("==")[0] for requirement in _locked("requirements-run.lock")}
    own = PYPROJECT["project"]["name"]
    assert declared <= running
    assert declared.union(*(_wanted(wanted) for wanted in extras.values())) - {own} <= names


# What a module is called, where that is not the package's own name.
MODULES = {
    "alembic": "alembic",
    "argon2-cffi": "argon2",
    "authlib": "authlib",
    "flask-login": "flask_login",
    "flask-migrate": "flask_migrate",
    "flask-smorest": "flask_smorest",
    "flask-sqlalchemy": "flask_sqlalchemy",
    "flask-wtf": "flask_wtf",
    "prometheus-client": "prometheus_client",
    "psycopg": "psycopg",
    "python-dateutil": "dateutil",
    "python-docx": "docx",
    "validate-docbr": "validate_docbr",
}


def _imports(path: Path) -> set[str]:
    """The top-level modules a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_every_library_that_is_imported_is_declared():
    optional = PYPROJECT["project"]["optional-dependencies"]
    declared = _wanted(PYPROJECT["project"]["dependencies"]).union(
        *(_wanted(optional[extra]) for extra in ("postgres", "s3", "oidc"))
    )
    allowed = {MODULES.get(name, name) for name in declared} | set(PACKAGES) | set(sys.stdlib_module_names)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            undeclared = _imports(path) - allowed
            assert not undeclared, f"{path.relative_to(ROOT)} imports {undeclared}: declare it in pyproject.toml"


def test_the_regulation_uses_the_standard_library_only():
    for path in (ROOT / "contracts").rglob("*.py"):
        foreign = _imports(path) - set(sys.stdlib_module_names) - {"contracts"}
        assert not foreign, f"{path.relative_to(ROOT)} imports {foreign}"


CLOCKS = {"today", "now", "utcnow", "localtime", "gmtime"}


@pytest.mark.parametrize("package", ["contracts", "clause_library"])
def test_the_regulation_and_the_clauses_are_told_the_day_and_never_ask_the_clock(package):
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            asks = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
            assert not asks, f"{path.relative_to(ROOT)}:{node.lineno} reads the clock; take the day as a parameter"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_python_in_it_is_a_package(package):
    for path in (ROOT / package).rglob("*.py"):
        if "migrations" not in path.parts:
            assert (path.parent / "__init__.py").exists(), f"{path.parent.relative_to(ROOT)} lacks __init__.py"


def _sources(package: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in _kept()
        if path.relative_to(ROOT).parts[0] == package and path.suffix != ".pyc"
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_holds_every_file_of_the_package(wheel, package):
    with zipfile.ZipFile(wheel) as archive:
        assert _sources(package) <= set(archive.namelist())


def test_the_wheel_holds_the_templates_and_nothing_of_the_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {f"vendor_tracker/{name}" for name in _sources("templates")} <= set(names)
    assert {name.partition("/")[0] for name in names} - set(PACKAGES) == {
        f"vendor_tracker-{PYPROJECT['project']['version']}.dist-info"
    }


def test_the_wheel_says_what_it_needs_and_gives_the_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(archive.read(metadata).decode())
        commands = archive.read(metadata.replace("METADATA", "entry_points.txt")).decode()
    assert said["Requires-Python"] == ">=3.11"
    assert "vendor-tracker = vendor_tracker.cli:main" in commands


def test_the_installed_packages_are_found_without_the_checkout(installed, tmp_path):
    code = "import contracts, clause_library, vendor_tracker; print(contracts.__file__, vendor_tracker.__file__)"
    # -S leaves out the environment's own link to the checkout; nothing but the standard library and the wheel is seen.
    found = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    assert all(place.startswith(str(installed)) for place in found.stdout.split())
