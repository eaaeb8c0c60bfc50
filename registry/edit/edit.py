"""Changes to files: each change becomes splices of text, and each result is read back.

What is written is read again by the program's own reader, and must hold exactly what was meant:
the old data with the changes in it. Where it does not, nothing of that file is changed.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from registry.edit.change import CannotEditError, FieldChange, FieldValue, RefusedChange
from registry.edit.document import is_mapping, own, pair, tree
from registry.edit.entity import entity_splices, field_lines
from registry.edit.heading import is_heading, retitled
from registry.edit.section import into_section, new_section
from registry.edit.splice import Splice, spliced
from registry.model.fields import fields
from registry.model.format import MANIFEST
from registry.model.sections import SECTIONS
from registry.source.composer import compose
from registry.source.folder import File
from registry.source.markdown import front_matter_end
from registry.workspace.open import Opened
from registry.workspace.workspace import Workspace

_BOM = b"\xef\xbb\xbf"
_BY_HAND = "change it in the file, by hand"

Fields = dict[str, FieldValue]


class Edited(NamedTuple):
    """What files hold before and after, by name; only those that change. `refused` says the rest.

    A file that is new held nothing before.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    refused: tuple[RefusedChange, ...]


def edit(opened: Opened, changes: tuple[FieldChange, ...]) -> Edited:
    """Work out what the files of a registry would hold; nothing is written.

    What cannot be changed without touching other bytes is refused, entity by entity. The same
    changes in any order give the same bytes.
    """
    planned = _by_file(opened.workspace, changes)
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    refused: list[RefusedChange] = []
    for file in sorted(planned):
        got = opened.gathered.files.get(file)
        old = got.raw if isinstance(got, File) else b""
        if got is not None and not isinstance(got, File):
            refused += _refusals(planned[file], f"{file} was not read")
            continue
        new, more = _file(opened.workspace, file, old, planned[file])
        refused += more
        if new != old:
            before[file], after[file] = old, new
    return Edited(before, after, tuple(refused))


Planned = dict[tuple[str, str], list[FieldChange]]
"""The changes of one file, by entity."""


def _by_file(workspace: Workspace, changes: tuple[FieldChange, ...]) -> dict[str, Planned]:
    found: dict[str, Planned] = {}
    for one in changes:
        file = workspace.origins[one.section].get(one.id) or home(workspace, one.section)
        found.setdefault(file, {}).setdefault((one.section, one.id), []).append(one)
    return found


def home(workspace: Workspace, section: str) -> str:
    """Name the file that new entities of a section go to: where the last ones of it stand.

    A registry that has none yet gets a file of the section's name, or, where all is in the
    manifest or globs say which files there are, a section there.
    """
    files = list(workspace.origins[section].values())
    yaml = [file for file in files if not file.endswith(".md")]
    if yaml:
        return yaml[-1]
    name = f"{section.replace('_', '-')}.yaml"
    manifest = workspace.manifest
    is_one = workspace.files == (MANIFEST,) or manifest.include is not None or manifest.exclude
    return MANIFEST if is_one or name in workspace.tree else name


def _refusals(planned: Planned, why: str) -> Iterator[RefusedChange]:
    for (section, id_), changes in planned.items():
        for one in changes:
            yield RefusedChange(one.where, f"{section}/{id_}: `{one.field}`: {why}", _BY_HAND)


def _file(
    workspace: Workspace, file: str, old: bytes, planned: Planned
) -> tuple[bytes, list[RefusedChange]]:
    """Change one file: all at once, or else those fields that can be."""
    try:
        return _changed(workspace, file, old, planned), []
    except CannotEditError as error:
        if sum(map(len, planned.values())) == 1:
            return old, list(_refusals(planned, str(error)))
    refused: list[RefusedChange] = []
    sound: Planned = {}
    for key, one in ((key, one) for key, changes in planned.items() for one in changes):
        try:
            _changed(workspace, file, old, {key: [one]})
            sound.setdefault(key, []).append(one)
        except CannotEditError as error:
            refused += _refusals({key: [one]}, str(error))
    try:
        return (_changed(workspace, file, old, sound) if sound else old), refused
    except CannotEditError as error:
        return old, [*refused, *_refusals(sound, str(error))]


def _changed(workspace: Workspace, file: str, old: bytes, planned: Planned) -> bytes:
    """Return a file with changes. Raises CannotEditError where one cannot be made."""
    mark = _BOM if old.startswith(_BOM) else b""
    try:
        text = old[len(mark) :].decode("utf-8")
    except UnicodeDecodeError:
        raise CannotEditError("its file is not UTF-8") from None
    wanted = {key: {one.field: one.value for one in changes} for key, changes in planned.items()}
    if file.endswith(".md"):
        return mark + _markdown(workspace, text, file, wanted).encode()
    new = spliced(text, _splices(workspace, text, wanted))
    _hold(text, new, file, wanted)
    return mark + new.encode()


def _splices(
    workspace: Workspace, text: str, wanted: Mapping[tuple[str, str], Fields]
) -> Iterator[Splice]:
    root = tree(text) if text.strip() else None
    new: dict[str, dict[str, Fields]] = {}
    for (section, id_), values in wanted.items():
        if id_ not in workspace.origins[section]:
            new.setdefault(section, {})[id_] = values
            continue
        yield from entity_splices(text, _entity(root, section, id_), values, field_order(section))
    for section, entities in new.items():
        found = pair(root, section) if root is not None and is_mapping(root) else None
        in_order = {id_: _sorted(section, values) for id_, values in entities.items()}
        if found is None:
            yield new_section(text, section, in_order)
        else:
            yield into_section(text, *found, in_order)


def _entity(root: Any, section: str, id_: str) -> Any:
    both = None
    if root is not None and is_mapping(root):
        both = pair(root, section)
        if both is not None and not SECTIONS[section].single:
            both = pair(both[1], id_) if is_mapping(both[1]) else None
    if both is None:
        raise CannotEditError("it stands in no place of its own")
    own(*both)
    return both[1]


def field_order(section: str) -> tuple[str, ...]:
    """List the fields that entities of a section may have, in the model's order."""
    return tuple(fields(SECTIONS[section].model))


def _sorted(section: str, values: Fields) -> Fields:
    return {
        name: values[name] for name in field_order(section) if values.get(name) not in {None, ()}
    }


def _hold(old: str, new: str, file: str, wanted: Mapping[tuple[str, str], Fields]) -> None:
    """Make sure that a text says what was meant and nothing else."""
    before, after = (compose(one.encode(), file) for one in (old, new))
    if before.data is None:
        raise CannotEditError("its file has faults: mend what `opmodel check` says first")
    data = copy.deepcopy(before.data)
    for (section, id_), values in wanted.items():
        content = data.get(section) or {}
        data[section] = content
        _take(content if SECTIONS[section].single else content.setdefault(id_, {}), values)
    if after.data != data or len(after.problems) > len(before.problems):
        raise CannotEditError("its text is written in a way that is not edited by itself")


def _take(entity: dict[str, Any], values: Fields) -> None:
    for name, value in values.items():
        if value in {None, ()}:
            entity.pop(name, None)
        else:
            entity[name] = list(value) if isinstance(value, tuple) else value


# -- runbooks in Markdown ------------------------------------------------------------------------


def _markdown(
    workspace: Workspace, text: str, file: str, wanted: Mapping[tuple[str, str], Fields]
) -> str:
    """Change a page: its title where a heading has it, else its front matter.

    Front matter is made where there is none.
    """
    ((section, id_), values) = next(iter(wanted.items()))
    if len(wanted) > 1 or workspace.file_of(section, id_) != file:
        raise CannotEditError("it is not the runbook of this page")
    if "title" in values and is_heading(text, file):
        text = retitled(text, file, values["title"])
        values = {name: value for name, value in values.items() if name != "title"}
        if not values:
            return text
    lines = text.split("\n")
    last = front_matter_end(lines)
    end = "\r\n" if "\r\n" in text else "\n"
    begin = len(lines[0]) + 1 if last else 0
    front = "".join(f"{line}\n" for line in lines[1:last])
    if front.strip():
        new = spliced(front, entity_splices(front, tree(front), values, field_order(section)))
    else:
        new = field_lines(_sorted(section, values), "", end)
    rest = text[begin + len(front) :] if last else f"---{end}{end}{text}"
    head = text[:begin] if last else f"---{end}"
    _hold_front(front, new, file, values, workspace.raw(section, id_))
    return head + new + rest


def _hold_front(front: str, new: str, file: str, values: Fields, raw: Any) -> None:
    before, after = (compose(one.encode(), file) for one in (front, new))
    data = copy.deepcopy(before.data)
    inside = set(data or ())
    if any(name not in inside and name in raw for name in values):
        raise CannotEditError("it stands under a heading of its page")
    if data is None or after.data is None:
        raise CannotEditError("its file has faults: mend what `opmodel check` says first")
    _take(data, values)
    if after.data != data:
        raise CannotEditError("its front matter is written in a way that is not edited by itself")
