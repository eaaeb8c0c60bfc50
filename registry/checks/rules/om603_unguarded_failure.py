"""A P0 that no gate prevents.

Why: an alert and a switch work on what has happened. Only a gate keeps the next change from letting
it happen again, and without one each release tries its luck.

Mend: name in `prevented_by` the gates that a change has to pass, with an eval or a metric among
their requirements that would fail if this came back.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each P0 that names no gate."""
    for id_, failure in context.each(Failure):
        if failure.priority == "P0" and not failure.prevented_by:
            message = f"no gate prevents the P0 `{id_}`"
            help_ = "name in `prevented_by` the gates that a change has to pass"
            yield context.missing(Failure, id_, "prevented_by", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,))
