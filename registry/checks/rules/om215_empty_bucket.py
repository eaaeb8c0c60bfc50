"""A kind of metric that the policy asks for, and of which there is none.

Why: latency and errors come with the platform. Whether answers are right, safe, worth their price
and used does not, and what is not measured goes wrong unseen.

Mend: define a metric in that bucket, with an owner and a decision. If it does not apply to your
system, leave the bucket out of `required_buckets` in a policy of your own.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each required bucket without a metric.

    Says nothing while a metric that did not load may be the one.
    """
    filled = {metric.bucket for _, metric in context.each(Metric)}
    unknown = context.may_be_any(Metric, "bucket")
    for bucket in dict.fromkeys(context.settings.required_buckets):
        if bucket in filled or context.may_hide(bucket) or unknown:
            continue
        message = f"no metric is in the bucket `{bucket}`"
        help_ = f"define a metric with `bucket: {bucket}`, an owner and a decision"
        yield context.absent("buckets", bucket, "required_buckets", message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(4,), settings=("required_buckets",))
