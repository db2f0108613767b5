"""Public verification: anybody with the code of a receipt or of an issued document, or with the file, may check it.

The pages show only what proves authenticity: no person's name, no file's name, and of a protocol alone no more than
that it is ours and when.
"""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from vendor_tracker.usecases import verifying
from vendor_tracker.usecases.verifying import VerifiedCode, VerifiedFile
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web.shell import render
from vendor_tracker.wording.parts import Page

blueprint = Blueprint("verify", __name__)

LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """What a code stands for, and what came of the file that was checked with it, if any."""

    title: str
    code: str
    found: VerifiedCode


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """What a file is."""

    title: str
    result: VerifiedFile


@blueprint.get("/verificar")
def form() -> Response | tuple[str, int]:
    """Ask for a code, or for a file."""
    code = request.args.get("codigo", "").strip()
    if code:
        return redirect(url_for("verify.show", code=code[:LONGEST_CODE]), code=303)
    return render("verify/form.html", Page("Verificar um recibo ou documento"), problem=None, typed="")


@blueprint.get("/verificar/<code>")
def show(code: str) -> tuple[str, int]:
    """Say what a code stands for."""
    return _show(code)


def _show(code: str, problem: UseCaseError | None = None, typed: str = "") -> tuple[str, int]:
    wanted = code.strip()[:LONGEST_CODE]
    found = verifying.verify_code(wanted)
    title = "Autenticidade conferida" if found.found else "Código não encontrado"
    status = 404 if not found.found else 422 if problem else 200
    page = VerifiedPage(title, wanted, found)
    return render("verify/show.html", page, status=status, problem=problem, typed=typed)


@blueprint.post("/verificar")
def check() -> tuple[str, int]:
    """Say what a file is, given itself or its SHA-256. Nothing of it is kept."""
    code = request.form.get("codigo", "").strip()[:LONGEST_CODE]
    typed = request.form.get("sha256", "").strip()[:200]
    sent = request.files.get("arquivo")
    stream = sent.stream if sent is not None and sent.filename else None
    try:
        result = verifying.verify_file(stream=stream, digest=typed, code=code)  # type: ignore[arg-type]
    except UseCaseError as error:
        if code:
            return _show(code, error, typed)
        page = Page("Verificar um recibo ou documento")
        return render("verify/form.html", page, status=422, problem=error, typed=typed)
    title = "O arquivo confere" if result.kind else "O arquivo não confere"
    return render("verify/checked.html", CheckedPage(title, result))
