"""A registry as it would be: its files with changes in them, in a private folder for a while."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from registry.model.format import BASELINE, STAGES
from registry.output.files import read_if_there
from registry.source.baseline import read_baseline
from registry.source.folder import File
from registry.workspace.open import Opened, open_registry, read_named
from registry.workspace.options import Options

_NOWHERE = "/nonexistent/not-read"


class Trial:
    """A registry's files under their names, and a copy of them that may be changed.

    `options` are those under which the registry was opened.
    """

    def __init__(self, opened: Opened, options: Options, folder: str) -> None:
        self._opened = opened
        self._folder = folder
        self._options = options
        self._baseline = opened.baseline.name
        self.changed: dict[str, bytes] = {}

    def path(self, name: str) -> str:
        """Return the path of the file that findings call `name`."""
        options = self._options
        if name == self._baseline and options.baseline:
            return options.baseline
        if self._is_named(name):
            return name
        return os.path.join(self._opened.workspace.root, name)

    def read(self, name: str) -> bytes | None:
        """Return what a file holds with the changes so far; None where there is none."""
        if name in self.changed:
            return self.changed[name]
        got = self._opened.gathered.files.get(name)
        return got.raw if isinstance(got, File) else read_if_there(self.path(name))

    def with_changes(self, changes: Mapping[str, bytes]) -> Opened:
        """Open the registry as it would be with more changes."""
        self.changed |= changes
        for name, data in changes.items():
            if not self._is_named(name):
                _write(self._folder, self._copy_of(name), data)
        options = self._options
        if options.baseline:
            options = options._replace(baseline=os.path.join(self._folder, BASELINE))
        opened = open_registry(self._folder, options, read=self._named)
        # What else lies below the root is not copied: of that only the names matter.
        workspace = replace(opened.workspace, tree=self._opened.workspace.tree)
        baseline = opened.baseline._replace(name=self._baseline)
        return opened._replace(workspace=workspace, baseline=baseline)

    def _copy_of(self, name: str) -> str:
        return BASELINE if name == self._baseline else name

    def _is_named(self, name: str) -> bool:
        """Whether a file is one of the policy that the command line itself names."""
        policy = self._options.policy
        return policy is not None and policy not in STAGES and name in self._opened.beside

    def _named(self, name: str) -> bytes | None:
        return self.changed.get(name) or read_named(name)


@contextmanager
def trial(opened: Opened, options: Options) -> Iterator[Trial]:
    """Copy what a check of a registry reads; what it could not read stays unread."""
    with tempfile.TemporaryDirectory(prefix="opmodel-") as folder:
        for name, got in opened.gathered.files.items():
            if isinstance(got, File):
                _write(folder, name, got.raw)
            else:
                _make_folder(folder, name)
                os.symlink(_NOWHERE, os.path.join(folder, name))
        for name in opened.beside:
            data = opened.read(name)
            if data is not None:
                _write(folder, name, data)
        baseline = read_baseline(opened.workspace.root, options.baseline)
        if isinstance(baseline, File):
            _write(folder, BASELINE, baseline.raw)
        yield Trial(opened, options, folder)


def _write(folder: str, name: str, data: bytes) -> None:
    _make_folder(folder, name)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def _make_folder(folder: str, name: str) -> None:
    os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
