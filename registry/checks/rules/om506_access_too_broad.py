"""A store of raw records or debug captures that a whole team, or everyone, may read.

Why: raw samples are for the few who handle an incident. A team's list changes with every
newcomer, and nobody decides again each time who sees what customers wrote.

Mend: name people or roles in `access`; or redact the fields that make the store raw.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Team
from registry.model.telemetry import Store, TelemetryField

RAW = frozenset({"content", "personal", "secret"})


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each team, or `everyone`, in the access list of a raw or debug store."""
    teams = dict(context.each(Team))
    raw = _raw_fields(context)
    for id_, store in context.each(Store):
        if store.kind != "debug" and id_ not in raw:
            continue
        what = "debug captures" if store.kind == "debug" else f"`{raw[id_]}` unredacted"
        for index, reader in enumerate(store.access):
            if reader != "everyone" and reader not in teams:
                continue
            who = "everyone" if reader == "everyone" else f"the whole team `{reader}`"
            message = f"{who} may read store `{id_}`, which holds {what}"
            help_ = "name the people or roles that need it"
            place = ("access", index)
            yield context.finding(Store, id_, place, message, help_, distinguish=reader)


def _raw_fields(context: Context) -> dict[str, str]:
    """Name, for each raw store, the first field that makes it one."""
    found: dict[str, str] = {}
    for id_, field in context.each(TelemetryField):
        if field.classification in RAW and field.redaction == "none":
            for store in field.stores:
                found.setdefault(store, id_)
    return found


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
