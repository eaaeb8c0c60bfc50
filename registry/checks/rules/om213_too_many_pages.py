"""Too many of the alerts page: more than the share that the policy allows.

Why: people can act on a few pages a week. Where nearly everything pages, they learn to
acknowledge and turn over, and the page that mattered goes the same way.

Mend: go through the paging alerts, the least severe first, and turn those that can wait until the
morning into tickets. `max_paging_share` and `max_paging_min` set the bounds.
"""

import math
from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert

_SHOWN = 3
_ROUNDING = 1e-9
"""A share such as 0.29 of 100 alerts is 28.999… in binary."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Report a registry in which the share of paging alerts is too high.

    An alert that did not load counts as a ticket.
    """
    workspace, settings = context.workspace, context.settings
    alerts = workspace.all(Alert)
    pages = [id_ for id_, alert in alerts.items() if alert.response == "page"]
    total = len(alerts) + len(workspace.failed.get("alerts", ()))
    if total < max(settings.max_paging_min, 1) or len(pages) / total <= settings.max_paging_share:
        return
    surplus = len(pages) - math.floor(settings.max_paging_share * total + _ROUNDING)
    allowed = f"{settings.max_paging_share * 100:g}%"
    message = f"{len(pages)} of {total} alerts page; the policy allows {allowed}"
    help_ = f"turn {surplus} or more of them into tickets, the least severe first"
    mildest = sorted(pages, key=lambda id_: (-int(alerts[id_].severity[3:]), id_))[:_SHOWN]
    related = [
        context.label(Alert, id_, "severity", f"`{id_}` pages, and is among the least severe")
        for id_ in mildest
    ]
    setting = "max_paging_share"
    if (setting,) not in context.policy.asks and ("max_paging_min",) in context.policy.asks:
        setting = "max_paging_min"
    # It stands where the policy asks, as what is absent does; it is about no alert in particular.
    found = context.absent("alerts", "", setting, message, help_)
    yield found._replace(entity=None, related=tuple(related))


RULE = rule(
    __name__, __doc__, "· I W", check, seeds=(4,), settings=("max_paging_share", "max_paging_min")
)
