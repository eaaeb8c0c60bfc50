"""A value that the policy redacts or drops is recorded raw, or a text looks like personal data.

Why: the policy says that prompts are dropped and users are hashed. Whoever may read a trace reads
what a customer wrote, with name and address, for as long as traces are kept, and in every copy.

Mend: redact it before it is exported: in the program, or in the collector. Looked for are e-mail
addresses, phone numbers and secrets, in every text of every span; what the conventions call content
or personal; and what `redaction` says. Attribute and count are told, and never the value.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import TelemetryField
from registry.traces.context import in_traces
from registry.wording import counted

if TYPE_CHECKING:
    from registry.traces.context import TracesContext

_KEPT = {
    "drop": "which the policy drops",
    "hash": "which the policy hashes, and these values are no hashes",
    "mask": "which the policy masks, and nothing in these values is",
}


def check(context: "TracesContext") -> Iterator[Diagnostic]:
    """Report each attribute with what it holds, once for each kind of it."""
    fields = context.facts.recording.wanted.fields
    for attribute, kind, found in context.facts.contents:
        field = fields.get(attribute)
        name = _shown(attribute)
        many = counted(found.number, "span")
        about = f"carry {name}" if found.number != 1 else f"carries {name}"
        if kind in _KEPT:
            message = f"{many} {about}, {_KEPT[kind]}"
        elif kind == "raw":
            message = f"{many} {about} raw, which is {_class(context, field, attribute)}"
        else:
            message = f"{many} {about} with what looks like {kind}"
        message += in_traces(found.examples)
        help_ = "redact it before it is exported, and delete what is stored already"
        if field is None:
            yield context.undeclared("fields", _id(attribute), message, help_, kind)
        else:
            place = "redaction" if kind in _KEPT else "attribute"
            yield context.finding(TelemetryField, field, place, message, help_, distinguish=kind)


def _class(context: "TracesContext", field: str | None, attribute: str) -> str:
    from registry.traces.conventions import kind_of

    own = context.workspace.all(TelemetryField)[field].classification if field else None
    said = own if own in {"content", "personal", "secret"} else kind_of(attribute)
    return {"secret": "a secret", "personal": "personal"}.get(said or "", "content")


def _shown(attribute: str) -> str:
    """Name an attribute, or a text that is none; a name that holds somebody's data is not told."""
    from registry.traces.content import TEXTS

    if attribute in TEXTS:
        return f"the {attribute}"
    return "an attribute whose name is a value" if _id(attribute) == "others" else f"`{attribute}`"


def _id(attribute: str) -> str:
    """Return what a waiver calls an attribute."""
    from registry.traces.content import is_name

    return attribute if is_name(attribute) else "others"


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
