"""A runbook without hypotheses, or whose hypotheses compare nothing.

Why: the same bad answer can come from the prompt, the model, the index or a tool. A list of things
to look at finds none of them apart; a figure held against what it should be does.

Mend: write each likely cause under `hypotheses` as `if`, `check` and `compare`, or in Markdown as
"If …, check …; compare …". The comparison is with an hour, a version or a slice that is healthy.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook without a hypothesis, or without one that compares."""
    for id_, runbook in context.each(Runbook):
        if runbook.is_elsewhere:
            continue
        if not runbook.hypotheses:
            message = f"runbook `{id_}` has no hypotheses: it does not say where to look"
            help_ = "write each likely cause as `if`, `check` and `compare`"
            yield context.missing(Runbook, id_, "hypotheses", message, help_)
        elif not any(one.compare for one in runbook.hypotheses):
            message = f"no hypothesis of runbook `{id_}` compares what it checks with anything"
            help_ = "say in `compare` what to hold it against, as the hour or the version before"
            yield context.finding(Runbook, id_, "hypotheses", message, help_, part="key")


RULE = rule(__name__, __doc__, "· W W", check, seeds=(2,))
