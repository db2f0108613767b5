"""A file leaves as an attachment that no browser runs."""

from io import BytesIO

from tests.rig import papers
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.work import Actor


def keep(app, data: bytes, name: str, **options) -> int:
    with papers.acting(Actor("tests")) as work:
        files = app.extensions["vendor_tracker.files"]
        return filing.receive(work, files, stream=BytesIO(data), name=name, limit=1 << 25, **options).id


def test_a_file_is_saved_by_the_browser_under_its_own_name_and_never_run(app, client, sign_in):
    file_id = keep(app, papers.pdf(), 'Conferência "final".pdf')
    sign_in(client, "procurement")
    answer = client.get(f"/arquivos/{file_id}")
    assert answer.status_code == 200
    assert answer.data == papers.pdf()
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Confer_ncia final.pdf\"; filename*=UTF-8''Confer%C3%AAncia%20final.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_protected_file_is_not_there_for_who_may_not_read_it(app, client, sign_in):
    file_id = keep(app, papers.pdf(), "sigiloso.pdf", restricted=True)
    assert client.get(f"/arquivos/{file_id}").status_code == 303
    sign_in(client, "procurement")
    assert client.get(f"/arquivos/{file_id}").status_code == 404
    assert client.get("/arquivos/987654").status_code == 404
