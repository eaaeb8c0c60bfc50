"""The whole answer from memory: the same files, options and program give the same result.

This comes before any model is imported; it only lists, reads and hashes.
"""

import functools
import json
import os
from collections.abc import Sequence
from typing import NamedTuple

from registry.checks.result import Result, from_plain, to_plain
from registry.clock.holidays import holidays_version
from registry.clock.zones import tzdata_version
from registry.diagnostic import Diagnostic
from registry.model.format import FORMAT_VERSION, MANIFEST
from registry.plugins import file_marks, marks_of
from registry.source import folder
from registry.source.baseline import baseline_name, read_baseline
from registry.source.cache import Cache, digest
from registry.version import __version__
from registry.workspace.options import Options

_KEEP = 64


class Recalled(NamedTuple):
    """What memory gives: the result where nothing changed, else the files that were read."""

    result: Result | None
    gathered: folder.Gathered | None


def recall(root: str, options: Options, cache: Cache) -> Recalled:
    """Look for the result of an earlier check of the same files with the same options."""
    plan = _plan(root, options, cache)
    if plan is None:
        return Recalled(None, None)
    try:
        gathered = folder.gather(root, plan["include"], plan["exclude"], plan["apart"])
        key = _key(root, options, gathered, plan["beside"], plan["plugins"])
        plain = json.loads(cache.get(key) or b"null")
        result = from_plain(plain) if plain is not None else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Recalled(None, None)
    return Recalled(result, gathered)


def remember(  # noqa: PLR0913 - what a result depends on
    root: str,
    options: Options,
    cache: Cache,
    gathered: folder.Gathered,
    beside: Sequence[str],
    globs: tuple[Sequence[str] | None, Sequence[str]],
    plugins: Sequence[str],
    result: Result,
) -> None:
    """Keep a result for `recall`.

    `beside` are the files of the policy, `globs` the manifest's include and exclude; `plugins` are
    those that the policy names.
    """
    manifest = _manifest_key(root, options)
    if manifest is None:
        return
    include, exclude = globs
    apart = [*beside, baseline_name(root, options.baseline)]
    plan = {
        "include": include, "exclude": exclude, "apart": apart, "beside": list(beside),
        "plugins": list(plugins),
    }  # fmt: skip
    cache.put(manifest, json.dumps(plan).encode())
    key = _key(root, options, gathered, beside, plugins)
    cache.put(key, json.dumps(to_plain(result)).encode())
    cache.trim(_KEEP)


def _plan(root: str, options: Options, cache: Cache) -> dict[str, list[str]] | None:
    key = _manifest_key(root, options)
    payload = cache.get(key) if key is not None else None
    if payload is None:
        return None
    try:
        plan = json.loads(payload)
    except ValueError:
        return None
    return plan if isinstance(plan, dict) else None


def _manifest_key(root: str, options: Options) -> str | None:
    got = folder.read(root, MANIFEST)
    if isinstance(got, Diagnostic):
        return None
    return digest(
        "manifest",
        *_program(),
        os.path.abspath(root),
        options.policy or "",
        options.baseline or "",
        got.raw,
    )


def _key(
    root: str,
    options: Options,
    gathered: folder.Gathered,
    beside: Sequence[str],
    plugins: Sequence[str],
) -> str:
    parts: list[str | bytes] = ["result", *_program(), os.path.abspath(root), options.key()]
    parts.append(repr(gathered.folder))
    for name, got in gathered.files.items():
        parts += [name, got.message if isinstance(got, Diagnostic) else got.raw]
    others = [_read_beside(root, options, name) for name in beside]
    if plugins:
        parts += ["plugins", *marks_of(plugins)]
    baseline = read_baseline(root, options.baseline)
    others += [baseline] if baseline is not None else []
    for name, one in zip((*beside, "baseline"), others, strict=False):
        parts += [name, one.message if isinstance(one, Diagnostic) else one.raw]
    return digest(*parts)


def _read_beside(root: str, options: Options, name: str) -> folder.File | Diagnostic:
    """Read a policy's file: below the root, or where the command line named it."""
    if options.policy is None:
        return folder.read(root, name)
    return folder.read(os.path.dirname(name) or ".", os.path.basename(name))


@functools.cache
def _program() -> tuple[str, ...]:
    """Name the program itself: its version, its files' sizes and times, what dates rest on.

    The examples that ship with it (`tests`) change no result.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    policies = os.path.join(os.path.dirname(package), "policies")
    marks = file_marks([package, policies], (".py", ".yaml"))
    return (__version__, str(FORMAT_VERSION), tzdata_version(), holidays_version(), *marks)
