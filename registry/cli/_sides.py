"""The two registries that a command holds against each other, each opened where it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from registry.cli._revision import Revision, revision
from registry.compare.side import Side, open_side
from registry.errors import CannotRunError
from registry.model.format import STAGES
from registry.workspace.options import Options

Earlier = Callable[[str], Side | str]
"""Opens a registry as it was, looking ahead a horizon; or says why there is none to open."""


@contextmanager
def earlier_side(root: str, name: str, option: str, options: Options) -> Iterator[Earlier]:
    """Give the registry at `root` as it was at a git revision, while the context lasts.

    Raises CannotRunError as `registry.cli._revision.revision` does.
    """
    with revision(root, name, option) as found:
        yield lambda horizon: _opened(found, name, options._replace(horizon=horizon))


def _opened(found: Revision, name: str, options: Options) -> Side | str:
    if found.folder is None:
        return f"the registry was not there at {name}"
    own = options.policy
    if own is not None and own not in STAGES and found.read(own) is None:
        options = options._replace(policy=None)  # it came later; the registry's own judged then
    try:
        return open_side(name, found.folder, options, found.read)
    except CannotRunError as error:
        why = str(error).replace(f"{found.folder}/", "").replace(found.folder, "its folder")
        return f"the registry could not be opened as it was at {name} ({why})"
