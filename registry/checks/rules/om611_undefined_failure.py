"""A failure without a definition, or without one owner.

Why: at three in the morning somebody has to decide whether this is that P0. Without a sentence that
settles it they guess, and without an owner nobody keeps the sentence true as the product changes.

Mend: write in `definition` what an outsider would see when it happens, sharply enough to count it.
Set `owner` to one person, or to a role that one person holds.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure


def check(context: Context) -> Iterator[Diagnostic]:
    """Report a missing definition and a missing owner, each on its own."""
    for id_, failure in context.each(Failure):
        if failure.definition is None:
            message = f"failure `{id_}` has no definition"
            help_ = "write in `definition` what is seen when it happens"
            yield context.missing(Failure, id_, "definition", message, help_)
        yield from context.unowned(Failure, id_, "owner", failure.owner, f"failure `{id_}`")


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
