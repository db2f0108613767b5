"""Public verification: anybody with the code of a receipt or of an issued document may check that it is ours."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from vendor_tracker.usecases import answering, documents
from vendor_tracker.web.shell import render
from vendor_tracker.wording.parts import Page

blueprint = Blueprint("verify", __name__)

LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """What a code stands for: a receipt, a document, or nothing of ours."""

    title: str
    code: str
    receipt: answering.ReceiptCheck | None
    document: documents.Verification | None


@blueprint.get("/verificar")
def form() -> Response | tuple[str, int]:
    """Ask for a code."""
    code = request.args.get("codigo", "").strip()
    if code:
        return redirect(url_for("verify.show", code=code[:LONGEST_CODE]), code=303)
    return render("verify/form.html", Page("Verificar um recibo ou documento"))


@blueprint.get("/verificar/<code>")
def show(code: str) -> tuple[str, int]:
    """Say what a code stands for."""
    wanted = code.strip()[:LONGEST_CODE]
    receipt = answering.verify_receipt(wanted)
    document = documents.verify(wanted) if receipt is None else None
    found = receipt is not None or document is not None
    title = "Autenticidade conferida" if found else "Código não encontrado"
    return render("verify/show.html", VerifiedPage(title, wanted, receipt, document), status=200 if found else 404)
