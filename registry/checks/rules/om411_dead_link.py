"""A link in a runbook that leads to no file or heading of this registry.

Why: whoever follows a link out of a runbook is in the middle of an incident and has a minute for
it. Pages get renamed and moved in quiet times, and nobody walks the links then.

Mend: correct the path, which counts from the file that holds the link, or the heading after `#`,
written as GitHub names it: lower case, hyphens for blanks, no punctuation. Where the page lies
outside the registry's folder, link to it by its full address.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.workspace.links import dead_links


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each relative link that leads nowhere, once a page or text."""
    for link in dead_links(context.workspace):
        called = f"the link `{link.target}`" if link.target else "a link"
        yield Diagnostic(
            context.code,
            f"{called} of runbook `{link.runbook}` {link.fault}",
            link.at,
            link.hint,
            tuple(other._replace(message="the same link") for other in link.others),
            ("runbooks", link.runbook),
            link.field,
            distinguish=link.target,
        )


RULE = rule(__name__, __doc__, "W W E", check)
