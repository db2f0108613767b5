"""The installed wheel, away from the checkout, prepares a database and serves its pages with their style."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# What the installed product is asked to do; it prints what it found as JSON on its last line.
SERVE = """
import json, re, sys
import vendor_tracker, contracts, clause_library
from vendor_tracker.app import create_app
from vendor_tracker.settings import Settings

app = create_app(Settings.from_environment())
client = app.test_client()
page = client.get("/entrar")
style = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.text)[1]
token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
entered = client.post(
    "/entrar", data={"email": "admin@orgao.example", "password": "uma frase para testes", "csrf_token": token}
)
found = {
    "places": [module.__file__ for module in (vendor_tracker, contracts, clause_library)],
    "page": page.status_code,
    "title": re.search("<h1>(.*?)</h1>", page.text)[1],
    "styled": client.get(style).text.count("{"),
    "entered": entered.status_code,
    "pages": {path: client.get(path).status_code for path in sys.argv[1:]},
}
print(json.dumps(found))
"""
PAGES = ("/painel", "/acordos", "/operadores/novo", "/biblioteca", "/obrigacoes", "/portal/", "/healthz", "/readyz")


@pytest.fixture(scope="module")
def run_installed(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that runs Python with the installed product, in an empty folder and with data of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SMTP_URL", "DEMO"}},
        "PYTHONPATH": str(installed),
        "PYTHONSAFEPATH": "1",
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY": "só para este teste",
        "ADMIN_PASSWORD": "uma frase para testes",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_installed_wheel_prepares_its_database_and_serves_styled_pages(run_installed: Any, installed: Path) -> None:
    said = run_installed(
        "-m", "vendor_tracker.cli", "init", "--non-interactive", "--admin-email", "admin@orgao.example"
    )
    assert "Conta de administração criada para admin@orgao.example." in said
    found = json.loads(run_installed("-c", SERVE, *PAGES).splitlines()[-1])
    assert all(place.startswith(str(installed)) for place in found["places"]), found["places"]
    assert (found["page"], found["title"]) == (200, "Entrar")
    assert found["styled"] > 100
    assert found["entered"] == 303
    assert found["pages"] == dict.fromkeys(PAGES, 200)
