"""A telemetry policy that was reviewed too long ago, or never.

Why: fields are added one by one, and each looks harmless. Only a review sees that together they
have become something that nobody would have approved.

Mend: review the policy with those who approved it, and set `reviewed` to that day. The policy's
`telemetry_max_age` says how long a review holds.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Telemetry


def check(context: Context) -> Iterator[Diagnostic]:
    """Report a policy whose review is too old or absent."""
    limit = context.settings.telemetry_max_age
    for id_, policy in context.each(Telemetry):
        help_ = "review it with those who approved it, and set `reviewed` to that day"
        if policy.reviewed is None:
            message = "the telemetry policy was never reviewed"
            yield context.missing(Telemetry, id_, "reviewed", message, help_)
            continue
        age = context.today() - policy.reviewed.date
        if age.total_seconds() > limit.seconds:
            message = f"the telemetry policy was reviewed {age.days} days ago; the limit is {limit}"
            yield context.finding(Telemetry, id_, "reviewed", message, help_)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(4,), settings=("telemetry_max_age",))
