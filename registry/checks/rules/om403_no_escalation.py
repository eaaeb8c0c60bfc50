"""A runbook that names nobody to escalate to.

Why: there is a moment when trying on alone does more harm than waking somebody. Whoever is alone
with the page should not have to find out then who that somebody is.

Mend: set `escalate_to` to a person, a role, a schedule or an escalation; in Markdown it stands in
the front matter, and what is written under *Escalation* is for people to read.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook without `escalate_to`."""
    for id_, runbook in context.each(Runbook):
        if runbook.escalate_to is None and not runbook.is_elsewhere:
            message = f"runbook `{id_}` names nobody to escalate to"
            help_ = "set `escalate_to` (in Markdown, in the front matter) to who helps next"
            yield context.missing(Runbook, id_, "escalate_to", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
