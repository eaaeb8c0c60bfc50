"""Whether an audit lets a pipeline go on: what was not read is never fine, unless it is allowed."""

from registry.audit.audit import UNREAD, Audit
from registry.diagnostic import Severity

_RANKS = {severity.value: severity.rank for severity in Severity}


def allowing_unread(found: Audit) -> Audit:
    """Return an audit in which what was not read is listed as info."""
    done = tuple(
        one._replace(severity=Severity.INFO) if one.code == UNREAD else one
        for one in found.result.diagnostics
    )
    return found._replace(result=found.result._replace(diagnostics=done))


def exit_code(found: Audit, fail_on: str) -> int:
    """Return 1 for what was not read, and for a finding at or above `fail_on`; else 0.

    What is not read counts whatever `fail_on` is, but as info, where it is allowed, it never does.
    """
    unread = [one for one in found.result.shown if one.code == UNREAD]
    if any(one.severity is not Severity.INFO for one in unread):
        return 1
    worst = _RANKS.get(fail_on, -1)
    others = (one for one in found.result.shown if one.code != UNREAD)
    return int(any(one.severity.rank <= worst for one in others))
