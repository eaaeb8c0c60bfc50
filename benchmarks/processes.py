"""Whole processes, run in turn: the CPU time and the memory that each of them took."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SLOW = 10.0
"""Seconds of CPU from which on a command is run less often."""

_MESSAGE = 400
"""Characters of a failed command's last words that are passed on."""


class CouldNotRunError(Exception):
    """A command is absent, or ended in a way that makes its time worthless."""


@dataclass(frozen=True)
class Command:
    """A command line as it is run and as the table names it.

    `before` is called ahead of each run and outside of its time. An exit that is not among `exits`
    means that the command did not do its work.
    """

    name: str
    arguments: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] | None = None
    exits: frozenset[int] = frozenset({0, 1})


@dataclass(frozen=True)
class Usage:
    """What one run took: seconds of CPU (user and system), bytes at the peak, and its exit."""

    cpu: float
    peak: int
    exit: int


@dataclass(frozen=True)
class Median:
    """What a command takes: medians over `runs` runs, and the exits that were seen."""

    cpu: float
    peak: int
    runs: int
    exits: frozenset[int]


def run(command: Command, output: Path | None = None) -> Usage:
    """Run a command to its end; its standard output goes to a file, or nowhere.

    Raises CouldNotRunError when it cannot be started, or ends by a signal or with another exit.
    """
    if command.before is not None:
        command.before()
    with tempfile.NamedTemporaryFile() as errors:
        usage = _spawn(command, os.devnull if output is None else str(output), errors.name)
        words = errors.read()[-_MESSAGE:].decode(errors="replace").strip()
    if usage.exit not in command.exits:
        raise CouldNotRunError(f"{command.name}: exit {usage.exit}: {words}")
    return usage


def compare(first: Command, second: Command, runs: int, slow_runs: int) -> tuple[Median, Median]:
    """Run two commands in turn after a warm-up of each, and return the medians of both.

    In turn, because the speed of a machine drifts: a ratio of neighbours holds, a figure does not.
    """
    planned = [slow_runs if run(command).cpu > SLOW else runs for command in (first, second)]
    usages: tuple[list[Usage], list[Usage]] = ([], [])
    for turn in range(max(planned)):
        for index, command in enumerate((first, second)):
            if turn < planned[index]:
                usages[index].append(run(command))
    return _median(usages[0]), _median(usages[1])


def median(command: Command, runs: int, slow_runs: int) -> Median:
    """Run one command after a warm-up, and return the medians; for what is compared otherwise."""
    count = slow_runs if run(command).cpu > SLOW else runs
    return _median([run(command) for _ in range(count)])


def _median(usages: Sequence[Usage]) -> Median:
    return Median(
        cpu=statistics.median(usage.cpu for usage in usages),
        peak=int(statistics.median(usage.peak for usage in usages)),
        runs=len(usages),
        exits=frozenset(usage.exit for usage in usages),
    )


def _spawn(command: Command, output: str, errors: str) -> Usage:
    # A child's peak starts at its parent's: exec on Linux keeps the high-water mark of the memory
    # that it leaves. So this process stays small, and nothing of the output is held in it.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, errors, flags, 0o600),
    ]
    # An installed tool has its bytecode; a checkout that may write none would compile every time.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **command.environment}
    try:
        child = os.posix_spawn(
            command.arguments[0], command.arguments, environment, file_actions=actions
        )
    except OSError as error:
        raise CouldNotRunError(f"{command.name}: {error}") from error
    _, status, usage = os.wait4(child, 0)
    # Includes the children that the command itself has waited for.
    cpu = usage.ru_utime + usage.ru_stime
    return Usage(cpu, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status))
