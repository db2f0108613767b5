"""What the documentation says is what the program does."""

import dataclasses
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    code = (ROOT / "vendor_tracker" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'(?:env\.get\(|_whole\(env, )"([A-Z_]+)"', code))
    text = (ROOT / "docs" / "operacao.md").read_text(encoding="utf-8")
    table = text.split("## Variáveis de ambiente")[1].split("##")[0]
    documented = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert read == documented


def test_every_setting_of_the_environment_reaches_the_settings() -> None:
    from vendor_tracker.settings import Body, Settings

    names = {field.name for field in dataclasses.fields(Settings)} | {
        f"body_{field.name}" for field in dataclasses.fields(Body)
    }
    assert {"database_url", "secret_key", "data_dir", "smtp_url", "mail_from", "base_url", "body_name"} <= names
