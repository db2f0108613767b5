"""Who acted, in words."""

import pytest

from vendor_tracker.scheduler import JOBS
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


def test_no_job_is_named_by_its_slug():
    assert JOBS
    assert not [job.name for job in JOBS if job.name in who(f"job:{job.name}")]
