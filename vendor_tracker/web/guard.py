"""Refusal is the default: who knocks is known before any page runs, and the access table decides."""

from flask import Flask, Response, abort, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response as BaseResponse

from contracts.vocabulary import UserRole
from vendor_tracker.usecases import accounts
from vendor_tracker.usecases.work import Actor
from vendor_tracker.web import shell
from vendor_tracker.web.access import ACCESS
from vendor_tracker.wording import filters

login = LoginManager()


class SignedIn(UserMixin):
    """The signed-in person as the web knows them: a frozen account, never a row."""

    def __init__(self, account: accounts.Account) -> None:
        """Wrap the account."""
        self.account = account
        self.name: str = account.name
        self.role: UserRole = account.role
        self.actor: Actor = account.actor

    def get_id(self) -> str:
        """Return the id and the epoch: a changed password ends older sessions."""
        return f"{self.account.id}.{self.account.session_epoch}"


@login.user_loader  # type: ignore[untyped-decorator]
def _load(key: str) -> SignedIn | None:
    identity, _, epoch = key.partition(".")
    if not (identity.isdecimal() and epoch.isdecimal()):
        return None
    account = accounts.account_by_id(int(identity))
    if account is None or not account.active or account.session_epoch != int(epoch):
        return None
    return SignedIn(account)


def stand(app: Flask) -> None:
    """Put the guard at every staff door of ``app``. The portal and the API know their visitors in their own ways."""
    app.extensions["vendor_tracker.access"] = ACCESS  # The API's guard reads the same table, and may not import it.
    login.init_app(app)
    login.session_protection = "basic"
    app.context_processor(shell.surround)
    filters.register(app.jinja_env)

    @app.before_request
    def _check() -> Response | BaseResponse | None:
        endpoint = request.endpoint
        if endpoint is None:
            return None  # Flask answers 404 or 405 by itself.
        access = ACCESS.get(endpoint)
        if access is None:
            abort(403)
        if access.public or access.token:
            return None
        if not current_user.is_authenticated:
            if request.method == "GET":
                session["wanted"] = request.full_path if request.query_string else request.path
            return redirect(url_for("session.sign_in"), code=303)
        if current_user.role not in access.roles:
            abort(403)
        return None
