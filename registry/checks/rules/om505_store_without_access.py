"""A telemetry store that does not say who may read it.

Why: what nobody decided is open to whoever has a login. Telemetry shows who asked what; reading
it is a right to be given, not a default.

Mend: set `access` to the people, teams or roles that need it; `[everyone]` is an answer too, for
aggregates.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Store


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each store without an access list."""
    for id_, store in context.each(Store):
        if not store.access:
            message = f"store `{id_}` says nothing of who may read it"
            help_ = "set `access` to the people, teams or roles that need it"
            yield context.missing(Store, id_, "access", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
