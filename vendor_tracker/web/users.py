"""People and their access; units of the court."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from contracts.vocabulary import UserRole
from vendor_tracker.usecases import accounts
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web.forms import SlugField, StaffForm, UnitField, place_error
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.parts import Link, Page

blueprint = Blueprint("users", __name__)


class NewUserForm(StaffForm):
    """A new account."""

    name = StringField("Nome", [InputRequired("Informe o nome."), Length(max=200)])
    email = EmailField("E-mail", [InputRequired("Informe o e-mail."), Length(max=254)])
    role = SlugField(
        "Papel",
        UserRole,
        validators=[InputRequired("Escolha o papel.")],
        description="Decide o que a pessoa vê e pode fazer. Quem não é citado em uma página não entra nela.",
    )
    unit = UnitField("Unidade", description="Onde trabalha. Serve para filtrar listas; não restringe o acesso.")
    password = PasswordField(
        "Senha inicial",
        [InputRequired("Informe uma senha inicial."), Length(min=12, max=200, message="Use ao menos 12 caracteres.")],
        description="Ao menos 12 caracteres. A pessoa a troca em “Minha senha”.",
    )


class ChangeUserForm(StaffForm):
    """Somebody's access."""

    role = SlugField("Papel", UserRole, validators=[InputRequired("Escolha o papel.")])
    unit = UnitField("Unidade")
    active = BooleanField(
        "Conta ativa", description="Sem esta marca a pessoa não entra, e as sessões abertas dela terminam."
    )
    password = PasswordField(
        "Nova senha",
        [Optional(), Length(min=12, max=200, message="Use ao menos 12 caracteres.")],
        description="Só se for preciso trocá-la. As sessões abertas da pessoa terminam.",
    )


class UnitForm(StaffForm):
    """A unit of the court."""

    code = StringField("Código", [InputRequired("Informe o código."), Length(max=40)])
    name = StringField("Nome", [InputRequired("Informe o nome."), Length(max=200)])
    acronym = StringField("Sigla", [Optional(), Length(max=40)])


@blueprint.get("/pessoas")
def index() -> tuple[str, int]:
    """List everybody with an account, and the units."""
    return render("users/index.html", accounts.people_page())


@blueprint.route("/pessoas/nova", methods=["GET", "POST"])
def create() -> Response | tuple[str, int]:
    """Create an account."""
    form = NewUserForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                accounts.add_user(
                    actor(),
                    email=form.email.data or "",
                    name=form.name.data or "",
                    role=form.role.data,
                    password=form.password.data,
                    unit_id=form.unit.data,
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash(f"Conta criada para {form.name.data}.", "good")
                return redirect(url_for("users.index"), code=303)
    page = Page("Criar conta", crumbs=(Link("Pessoas e acessos", url_for("users.index")),))
    return render("users/create.html", page, status=status, form=form)


@blueprint.route("/pessoas/<int:user_id>", methods=["GET", "POST"])
def edit(user_id: int) -> Response | tuple[str, int]:
    """Change somebody's access."""
    account = accounts.account(user_id)
    form = ChangeUserForm(data={"role": account.role, "unit": account.unit_id, "active": account.active})
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                accounts.change_user(
                    actor(),
                    user_id=user_id,
                    role=form.role.data,
                    active=form.active.data,
                    unit_id=form.unit.data,
                    password=form.password.data or None,
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash(f"Acesso de {account.name} alterado.", "good")
                return redirect(url_for("users.index"), code=303)
    page = Page(account.name, lede=account.email, crumbs=(Link("Pessoas e acessos", url_for("users.index")),))
    return render("users/edit.html", page, status=status, form=form)


@blueprint.route("/unidades/nova", methods=["GET", "POST"])
def create_unit() -> Response | tuple[str, int]:
    """Register a unit."""
    form = UnitForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                accounts.add_unit(
                    actor(), code=form.code.data or "", name=form.name.data or "", acronym=form.acronym.data or ""
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash(f"Unidade {form.name.data} registrada.", "good")
                return redirect(url_for("users.index"), code=303)
    page = Page("Registrar unidade", crumbs=(Link("Pessoas e acessos", url_for("users.index")),))
    return render("users/unit.html", page, status=status, form=form)
