"""A registry opened for questions: loaded, with the policy that applies to it.

No rule is imported here, so that a question which runs none is answered sooner.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from registry.diagnostic import Diagnostic
from registry.errors import CannotRunError
from registry.model.format import BASELINE, STAGES
from registry.model.manifest import Manifest
from registry.model.scalars import HorizonLength
from registry.source import folder
from registry.source.baseline import baseline_name
from registry.source.cache import Cache
from registry.source.sources import Sources
from registry.workspace.baseline import Baseline, load_baseline
from registry.workspace.load import Progress, Texts, gather, load
from registry.workspace.manifest import read_manifest
from registry.workspace.options import Options
from registry.workspace.policy import LoadedPolicy, Policy, Read, builtin, load_policy
from registry.workspace.workspace import Workspace


class Opened(NamedTuple):
    """A registry that is ready to be asked: loaded, with its policy.

    `beside` names the files beside the registry's own that its answers depend on: the policy's
    and the schemas that it names.
    """

    workspace: Workspace
    policy: Policy
    problems: tuple[Diagnostic, ...]
    read: Callable[[str], bytes | None]
    gathered: folder.Gathered
    beside: tuple[str, ...]
    texts: Texts
    baseline: Baseline = Baseline(BASELINE)


def open_registry(
    root: str,
    options: Options,
    cache: Cache | None = None,
    progress: Progress | None = None,
    read: Read | None = None,
) -> Opened:
    """Load a registry and the policy that applies to it.

    `read` opens a policy that `options` name, as it was at another time; without it, as it is now.
    Raises CannotRunError where the manifest, the policy or a baseline that is asked for is absent
    or cannot be opened.
    """
    manifest = read_manifest(root)
    pack = _policy(root, manifest.manifest, options, read or read_named, manifest.stage)
    apart = tuple(pack.sources)
    gathered = gather(root, manifest.manifest, (*apart, baseline_name(root, options.baseline)))
    loaded = load(root, manifest, gathered, cache, progress)
    workspace = loaded.workspace
    declared = manifest.stage or pack.policy.stage  # a pack that extends a stage names one, too
    workspace = replace(
        workspace,
        manifest=workspace.manifest.model_copy(update={"stage": declared}),
        unread=workspace.unread | pack.unread,
    )
    policy = pack.policy
    accepted = load_baseline(workspace, options.baseline, policy.codes)
    files = {**workspace.sources.files, **pack.sources, **accepted.sources}
    workspace = workspace.with_sources(Sources(files))
    if options.horizon is not None:
        horizon = _horizon(options.horizon)
        policy = policy._replace(settings=policy.settings.model_copy(update={"horizon": horizon}))
    beside = (*apart, *(path for path, _ in policy.extensions.values()))
    problems = loaded.problems + pack.problems + accepted.problems
    return Opened(
        workspace, policy, problems, _reader(root), gathered, beside, loaded.texts,
        accepted.baseline,
    )  # fmt: skip


def policy_of(root: str | None, policy: str | None) -> LoadedPolicy:
    """Load the policy of a registry, and nothing else of it; `policy` is one that a user names.

    Raises CannotRunError where the manifest or the policy is absent or cannot be opened.
    """
    if root is None:
        name = None if policy is None else policy.replace(os.sep, "/")
        return load_policy(name, read_named, None, inside=False)
    manifest = read_manifest(root)
    options = Options(datetime.now(UTC), policy)
    return _policy(root, manifest.manifest, options, read_named, manifest.stage)


def policy_at(opened: Opened, options: Options, stage: str) -> Policy:
    """Load the pack that would apply at another stage: its built-in one, and the user's over it.

    What is wrong with the user's pack is said once, when the registry is opened.
    """
    manifest = opened.workspace.manifest.model_copy(update={"stage": stage})
    named = options.policy if options.policy is not None else manifest.policy
    if named is None or named in STAGES:
        return builtin(stage, manifest.profile)
    return _policy(opened.workspace.root, manifest, options, read_named, stage).policy


def _policy(
    root: str, manifest: Manifest, options: Options, read: Read, stage: str | None
) -> LoadedPolicy:
    profile = manifest.profile
    if options.policy is not None:
        name = options.policy.replace(os.sep, "/")
        return load_policy(name, read, stage, inside=False, profile=profile)
    own = None if manifest.policy is None else os.path.normpath(manifest.policy)
    return load_policy(own, _reader(root), stage, inside=True, profile=profile)


def _reader(root: str) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        if folder.leaves_root(name):
            return None
        got = folder.read(root, name)
        return None if isinstance(got, Diagnostic) else got.raw

    return read


def read_named(name: str) -> bytes | None:
    """Read a file that the command line itself names, or one beside it."""
    got = folder.read(os.path.dirname(name) or ".", os.path.basename(name))
    return None if isinstance(got, Diagnostic) else got.raw


def _horizon(text: str) -> HorizonLength:
    try:
        return HorizonLength.read(text)
    except ValueError as error:
        raise CannotRunError(f"--horizon {text}: {error}", "90d and 400d are usual") from None
