"""Asking axe what a page denies to some of its readers."""

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

ASK = """async ([tags, colours]) => {
  const found = await axe.run({
    runOnly: {type: "tag", values: tags},
    rules: colours ? {} : {"color-contrast": {enabled: false}},
    // What passed is not described: on a long page that takes longer than finding out.
    resultTypes: ["violations"],
    elementRef: false,
  });
  return found.violations.map(each => [each.id, each.help, each.nodes.slice(0, 3).map(node => node.html)]);
}"""


def accessibility_violations(page: Page, *, colours: bool = True) -> list[str]:
    """One line for each violation of WCAG 2.2 AA on the page as it stands: rule, what to do, the first elements.

    ``colours=False`` leaves contrast out, where it was looked at already.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(ASK, [list(TAGS), colours])
    return [f"{rule}: {help_} — " + "; ".join(element[:160] for element in elements) for rule, help_, elements in found]


def assert_accessible(page: Page) -> None:
    """Fail with the list of violations, if there is any."""
    violations = accessibility_violations(page)
    assert not violations, f"{page.url}\n" + "\n".join(violations)
