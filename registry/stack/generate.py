"""Every generator by name: a registry to files, all of which are as the registry says or none."""

import os
from collections.abc import Mapping
from functools import cache

import registry.stack.generators
from registry.errors import CannotRunError
from registry.output.files import read_if_there
from registry.plugins import catalogue
from registry.source.folder import DEFAULT_INCLUDE, RESERVED_FOLDERS
from registry.source.glob import Glob
from registry.stack.generator import Generated, Generator, Order
from registry.stack.header import is_generated
from registry.wording import counted, did_you_mean
from registry.workspace.open import Opened
from registry.workspace.options import Options
from registry.workspace.references import dangling


@cache
def generators() -> Mapping[str, Generator]:
    """Load every generator, by name."""
    return {one.name: one for one in catalogue(registry.stack.generators, "GENERATOR", Generator)}


def generate(opened: Opened, name: str, options: Options, file: str | None = None) -> Generated:
    """Make the files `name` of an open registry, as of the instant of `options`.

    `file` is what the first of them is called, else as usual. Raises CannotRunError for a name that
    is none, and for a registry of which something did not load or leads nowhere: what a rule file
    lacks fires for nobody, and nothing in it shows that.
    """
    generator = generators().get(name)
    if generator is None:
        known = f"it is one of {', '.join(generators())}"
        raise CannotRunError(
            f"nothing is generated as `{name}`", did_you_mean(name, generators(), known)
        )
    _refuse_faulty(opened)
    order = Order(opened.workspace, opened.policy, options.at, file or generator.file)
    return generator.build(order)


def _refuse_faulty(opened: Opened) -> None:
    lost = len(list(dangling(opened.workspace)))
    wrong = [
        (len(opened.problems), "thing", "did not load"),
        (lost, "name", f"lead{'s' * (lost == 1)} nowhere"),
    ]
    told = [f"{counted(number, noun)} {what}" for number, noun, what in wrong if number]
    if told:
        raise CannotRunError(
            f"generate: {' and '.join(told)}, and what is generated would lack that",
            "`opmodel check` says what: mend it first",
        )


def place(name: str, out: str) -> tuple[str, str]:
    """Tell the folder and the name of the first file for `out`: a folder, or that file.

    It is a file where it has the suffix of such a one, or its name.
    """
    generator = generators()[name]
    folder, last = os.path.split(out)
    suffix = os.path.splitext(last)[1].lower()
    is_named = last == generator.file or suffix in generator.suffixes
    if os.path.isdir(out) or not is_named:
        return out, generator.file
    return folder or ".", last


def differing(folder: str, made: Generated) -> dict[str, bytes]:
    """Return what the files of a folder are now, of those that are not as they would be made.

    What is not there is empty. Raises CannotRunError for what cannot be read.
    """
    there = {name: read_if_there(os.path.join(folder, name)) for name in made.files}
    found = {name: data or b"" for name, data in there.items() if data != made.files[name]}
    return found | left_over(folder, made)


def left_over(folder: str, made: Generated) -> dict[str, bytes]:
    """Return the files of an earlier run, by their first words, that are no longer made."""
    old = {name: read_if_there(os.path.join(folder, name)) for name in made.unmade}
    return {name: data for name, data in old.items() if data and is_generated(data)}


def refuse_inside(opened: Opened, folder: str, made: Generated) -> None:
    """Refuse a folder in which what is made would be read as files of the registry itself.

    Raises CannotRunError with what to do instead.
    """
    manifest = opened.workspace.manifest
    root = os.path.realpath(opened.workspace.root)
    below = os.path.relpath(os.path.realpath(folder), root).replace(os.sep, "/")
    if below.partition("/")[0] in {"..", *RESERVED_FOLDERS}:
        return
    globs = [Glob(glob) for glob in manifest.include or DEFAULT_INCLUDE]
    left_out = [Glob(glob) for glob in manifest.exclude]
    for name in made.files:
        file = f"{below}/{name}".removeprefix("./")
        is_read = any(glob.matches(file) for glob in globs)
        if is_read and not any(glob.matches(file) for glob in left_out):
            message = f"{folder}: the registry would read `{file}` as one of its own files"
            raise CannotRunError(message, "name a folder outside it, or its folder `deployed`")
