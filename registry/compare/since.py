"""What of a check is new since the registry was another."""

from registry.checks.result import Result, Since
from registry.compare.findings import changes, new_findings
from registry.compare.side import Side, has_same_policy, judged_by
from registry.workspace.options import Options


def since(before: Side, after: Side, options: Options) -> Result:
    """Return the later side's check with only what is new: that alone is listed and counts.

    `options` are those of both checks.
    """
    found = changes(before.checked, after.checked)
    noted = Since(before.name, len(found.known), len(found.gone), by_policy(before, after, options))
    return after.result._replace(
        diagnostics=new_findings(before.checked, after.checked), since=noted
    )


def since_nothing(after: Side, revision: str, why: str) -> Result:
    """Return a check of which every finding is new: `why` there is nothing to compare with."""
    return after.result._replace(since=Since(revision, 0, 0, 0, why))


def by_policy(before: Side, after: Side, options: Options) -> int:
    """Count the new findings that the earlier registry had as well, had it this policy."""
    if has_same_policy(before, after):
        return 0
    new = changes(before.checked, after.checked).new
    still = changes(judged_by(before, after, options), after.checked).new
    own = {id(one) for one in still}
    return sum(id(one) not in own for one in new)
