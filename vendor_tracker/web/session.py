"""Entering, leaving and changing one's password."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from vendor_tracker.usecases import accounts
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web.forms import StaffForm, place_error
from vendor_tracker.web.guard import SignedIn
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.parts import Page

blueprint = Blueprint("session", __name__)


class SignInForm(StaffForm):
    """Who enters."""

    email = EmailField("E-mail", [InputRequired("Informe o e-mail da sua conta."), Length(max=254)])
    password = PasswordField("Senha", [InputRequired("Informe a senha."), Length(max=200)])


class PasswordForm(StaffForm):
    """A new password."""

    current = PasswordField("Senha atual", [InputRequired("Informe a senha atual.")])
    new = PasswordField(
        "Nova senha",
        [InputRequired("Informe a nova senha."), Length(min=12, max=200, message="Use ao menos 12 caracteres.")],
        description="Ao menos 12 caracteres. Uma frase que só você conhece é melhor que símbolos difíceis de lembrar.",
    )
    again = PasswordField("Repita a nova senha", [InputRequired("Repita a nova senha.")])


def _wanted() -> str:
    """Return where the person was going before signing in: only a path of this site."""
    wanted = str(session.pop("wanted", "") or "")
    parts = urlsplit(wanted)
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme:
        return wanted
    return url_for("home.start")


@blueprint.route("/entrar", methods=["GET", "POST"])
def sign_in() -> Response | tuple[str, int]:
    """Ask who enters, and let them in."""
    if current_user.is_authenticated:
        return redirect(url_for("home.start"), code=303)
    form = SignInForm()
    status = 200
    if form.is_submitted():
        if form.validate():
            try:
                account = accounts.sign_in(
                    email=form.email.data or "", password=form.password.data or "", address=request.remote_addr or ""
                )
            except accounts.TooManyTriesError as error:
                form.refuse(error.message)
                status = 429
            except UseCaseError as error:
                place_error(form, error)
                status = 422
            else:
                wanted = _wanted()
                session.clear()
                session.permanent = True
                login_user(SignedIn(account))
                return redirect(wanted, code=303)
        else:
            status = 422
    return render("session/sign_in.html", Page("Entrar"), status=status, form=form)


@blueprint.post("/sair")
def sign_out() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    flash("Você saiu.", "good")
    return redirect(url_for("session.sign_in"), code=303)


@blueprint.route("/minha-senha", methods=["GET", "POST"])
def password() -> Response | tuple[str, int]:
    """Change one's own password; every other session of the account ends."""
    form = PasswordForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            if form.new.data != form.again.data:
                form.again.errors = ["As duas senhas são diferentes."]
            else:
                try:
                    account = accounts.change_password(
                        actor(), current=form.current.data or "", new=form.new.data or ""
                    )
                except UseCaseError as error:
                    place_error(form, error)
                else:
                    login_user(SignedIn(account))
                    flash("Senha trocada. As outras sessões da sua conta foram encerradas.", "good")
                    return redirect(url_for("home.start"), code=303)
    return render("session/password.html", Page("Minha senha"), status=status, form=form)
