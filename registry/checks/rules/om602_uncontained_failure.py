"""A P0 that no kill switch contains.

Why: between noticing a P0 and mending its cause lie hours, and each answer in them can do the harm
again. A switch ends that within minutes, and whoever is on call can throw it without a release.

Mend: name in `contained_by` the kill switches that stop the harm, and add one if there is none: it
may turn off a connector or a tool, or put a person between the answer and its reader.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each P0 that names no kill switch."""
    for id_, failure in context.each(Failure):
        if failure.priority == "P0" and not failure.contained_by:
            message = f"no kill switch contains the P0 `{id_}`"
            help_ = "name in `contained_by` the switches that stop the harm"
            yield context.missing(Failure, id_, "contained_by", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
