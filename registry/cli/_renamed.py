"""What is said of a renaming: where it was written, and what it leaves to do."""

from collections.abc import Iterator

from registry.edit.rename import Renamed
from registry.model.reference import SHARED_IDS
from registry.output.terminal import brief
from registry.wording import counted
from registry.workspace.bindings import Bindings
from registry.workspace.edges import Node
from registry.workspace.open import Opened


def tell(
    opened: Opened, subject: Node, new: str, done: Renamed, *, is_written: bool
) -> Iterator[str]:
    """Yield what was renamed, what is found only since, and what only people can change."""
    section, old = subject
    size = f"{counted(done.places, 'place')} in {counted(len(done.after), 'file')}"
    what = "renamed to" if is_written else "would be renamed to"
    rest = "" if is_written else "; nothing is written: leave `--diff` out"
    yield brief(f"{section}/{old} {what} {new}: {size}{rest}")
    for place in done.joined:
        yield brief(f"{place} named `{new}` already, and now means this")
    for one in done.more:
        yield brief(f"found only under the new id: {one.code} {one.name}: {one.message}")
    bindings = Bindings(opened.workspace)
    labels = [name for kind in ("label", "annotation", "namespace_annotation")
              for name in bindings.of(kind)]  # fmt: skip
    if section in SHARED_IDS and labels:
        label = f"a deployed rule whose `{labels[0]}` is `{old}`, if there is one"
        yield brief(f"{label}, means nobody until it says `{new}`")
