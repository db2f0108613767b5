"""Asking axe what a page denies to some of its readers."""

from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def accessibility_violations(page: Page) -> list[str]:
    """One line for each violation of WCAG 2.2 AA on the page as it stands: rule, what to do, the first elements."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{violation['id']}: {violation['help']} — "
        + "; ".join(str(node["html"])[:160] for node in violation["nodes"][:3])
        for violation in found
    ]


def assert_accessible(page: Page) -> None:
    """Fail with the list of violations, if there is any."""
    violations = accessibility_violations(page)
    assert not violations, f"{page.url}\n" + "\n".join(violations)
