"""Run the rules over what loaded; keep what they find with what each has read."""

from collections.abc import Iterator, Mapping

from registry.checks.catalogue import rules
from registry.checks.findings_kept import KeptFindings
from registry.checks.rule import HORIZON, Context, Rule
from registry.diagnostic import Diagnostic, Severity
from registry.model.sections import SECTIONS
from registry.workspace.indexes import Indexes
from registry.workspace.reads import frame, watching
from registry.workspace.workspace import Workspace

_LATE = frozenset({"OM008", "OM010", "OM011", "OM012", "OM018"})
"""Rules that speak about what the others said, and so run after them."""

_ATTRIBUTES: dict[type, Mapping[str, str]] = {
    Workspace: {
        name: f"={name}"
        for name in Workspace.__dataclass_fields__
        if name not in {"root", "manifest", "entities", "origins", "has_manifest_stage"}
    },
    Context: {"at": "=at"},
    Indexes: {"at": "=at"},
}
"""What is watched beside the fields of entities. The rest is the same whenever findings are kept,
or notes by itself what is read."""

_WHOLE = ("__eq__", "__hash__", "__iter__", "__repr__", "__str__", "model_dump", "model_fields_set")
"""What asks an entity for all of its fields, behind their back."""


def run(
    context: Context,
    ran: Mapping[str, Severity | None],
    known: Mapping[str, Rule],
    kept: KeptFindings | None,
) -> Iterator[Diagnostic]:
    """Yield what the rules find that run; of those whose findings are kept, what is kept."""
    due = [
        one
        for code, one in known.items()
        if ran[code] is not None and one.check is not None and code not in _LATE
    ]
    if kept is None:
        for one in due:
            yield from _check(one, context)
        return
    with watching({**_fields(), **_ATTRIBUTES}) as is_watching:
        for one in due:
            found = kept.get(one.code) if _is_ours(one) else None
            if found is None and is_watching:
                found = _watched(one, context, kept)
            yield from _check(one, context) if found is None else found
    kept.share(HORIZON)


def _is_ours(one: Rule) -> bool:
    """Whether it is a rule of the program's own: of another nobody knows what it reads."""
    return rules().get(one.code) is one


def _check(one: Rule, context: Context) -> Iterator[Diagnostic]:
    return one.check(context.of(one.code)) if one.check is not None else iter(())


def _watched(one: Rule, context: Context, kept: KeptFindings) -> list[Diagnostic]:
    """Run a rule and keep what it finds with what it has read, all that is shared included."""
    context.forget()
    with frame() as read:
        found = list(_check(one, context))
    kept.put(one.code, read, found, is_ours=_is_ours(one))
    return found


def _fields() -> dict[type, Mapping[str, str]]:
    return {
        row.model: {
            **{name: f"{section}.{name}" for name in row.model.model_fields},
            **dict.fromkeys(_WHOLE, f"{section}:"),
        }
        for section, row in SECTIONS.items()
    }
