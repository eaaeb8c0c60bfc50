"""Values by which spending is split: told where they may be, and else by their digest."""

from registry.traces.content import is_raw, kinds, looks_private
from registry.traces.context import digest
from registry.traces.wanted import TracePolicy


def shown_value(wanted: TracePolicy, attribute: str, value: str) -> str:
    """Return a value of an attribute, or its digest: where the policy would not have it so.

    That is what the policy hashes, masks or drops and what is not so; what it classifies as
    content, personal or secret; and whatever looks like an address, a phone number or a secret.
    """
    how = wanted.judged(attribute)
    if how == "named":
        is_told = not kinds(f"{attribute.rpartition('.')[2]}: {value}")
    else:
        is_told = not how or not is_raw(value, how)
    return value if is_told and not looks_private(value) else digest(value)
