"""Who acted, in words."""

import re
from pathlib import Path

import pytest

from vendor_tracker.wording.actors import who


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("job:send_mail", "Rotina: envio de mensagens"),
        ("job:of_tomorrow", "Rotina automática"),
        ("operator:2026/0001", "Operador, requisição 2026/0001"),
        ("system", "Sistema"),
        ("portal", "Portal do operador"),
        ("cli", "Linha de comando"),
        ("fiscal@orgao.example", "fiscal@orgao.example"),
    ],
)
def test_an_actor_is_named_in_words(actor, words):
    assert who(actor) == words


def test_every_routine_that_writes_to_the_trail_has_words():
    import vendor_tracker

    sources = Path(vendor_tracker.__file__).parent.rglob("*.py")
    named = {name for path in sources for name in re.findall(r"\bjob\(\"(\w+)\"\)", path.read_text(encoding="utf-8"))}
    assert {"send_mail", "evaluate"} <= named
    assert [name for name in sorted(named) if who(f"job:{name}") == "Rotina automática"] == []
