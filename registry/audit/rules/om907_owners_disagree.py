"""Different sources name different owners of a deployed alert.

Why: each of them is right in its own file. At night one tool pages one team, the catalogue shows
another, and the pull request that would mend the rule waits for a third.

Mend: agree on one owner and correct the others. A person agrees with a team that they are in, and a
role with its holder; of several owners that one source names, one is enough.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert whose sources disagree, with every source."""
    for row in context.audited.rows:
        if row.agrees:
            continue
        said = [(one, one.owner.id) for one in row.claims if one.owner and one.source != "receiver"]
        told = ", ".join(f"the {one.source} says `{owner}`" for one, owner in said)
        name = row.alert.name
        message = f"the owners of the deployed alert `{name}` disagree: {told}"
        mine = [one.where for one, _ in said if one.where.file == row.alert.where.file]
        where = mine[0] if mine else row.alert.where
        yield context.found_at(
            where, ("deployed", name), message, "agree on one owner, and correct the others",
            related=(
                one.where.label(f"the {one.source}: `{one.written}`, which is `{owner}`")
                for one, owner in said
            ),
            distinguish=f"{row.alert.where.file} {row.alert.group}",
        )  # fmt: skip


RULE = rule(__name__, __doc__, "I W W", check)
