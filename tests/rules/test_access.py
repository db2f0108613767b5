"""Every endpoint is in the access table, and nothing else is."""

from typing import Any

from contracts.vocabulary import UserRole


def test_every_endpoint_has_its_line_in_the_access_table(app: Any) -> None:
    from vendor_tracker.web.access import ACCESS

    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - set(ACCESS) == set(), "these endpoints are refused to everybody until access.py says who may"
    assert set(ACCESS) - endpoints == set(), "access.py names endpoints that do not exist"


def test_an_open_endpoint_says_why(app: Any) -> None:
    from vendor_tracker.web.access import ACCESS

    assert app
    assert [name for name, access in ACCESS.items() if access.public and not access.why] == []


def test_every_closed_endpoint_lets_the_administrator_or_the_encarregado_in(app: Any) -> None:
    from vendor_tracker.web.access import ACCESS

    assert app
    bosses = {UserRole.ADMIN, UserRole.ENCARREGADO}
    assert [name for name, access in ACCESS.items() if not access.public and not access.roles & bosses] == []


def test_what_changes_something_is_never_reached_by_get(app: Any) -> None:
    words = ("sign_out", "apply", "issue", "submit", "cancel", "withdraw", "approve", "remove")
    wrong = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[2] in words
        and "GET" in (rule.methods or set())
        and "POST" not in (rule.methods or set())
    ]
    assert wrong == []


def test_the_committee_only_reads(app: Any) -> None:
    from vendor_tracker.web.access import ACCESS

    writes = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    # What is one's own: the session, the password, the addresses of one's calendar, one's saved filters.
    own = {"session.sign_in", "session.sign_out", "session.password", "agenda.issue", "agenda.revoke"}
    own |= {"views.save", "views.rename", "views.make_default", "views.withdraw"}
    allowed = {
        name
        for name in writes - own
        if name in ACCESS and not ACCESS[name].public and UserRole.COMMITTEE in ACCESS[name].roles
    }
    assert allowed == set(), "the committee reads; these let it write"
