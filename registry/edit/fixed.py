"""A registry with what can be fixed fixed: again and again, until nothing more is to be done."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from registry.checks.catalogue import select
from registry.checks.engine import check_opened
from registry.checks.own import applying
from registry.checks.result import Result
from registry.diagnostic import Diagnostic
from registry.edit.mend import Unmended, mend
from registry.edit.refusals import refuse_unread
from registry.edit.trial import trial
from registry.workspace.open import Opened
from registry.workspace.options import Options

Judge = Callable[[Opened, Result], Result]
"""Leaves of a check's result what counts: all of it, or only what is new since a revision."""

_ROUNDS = 16
"""How often a fix may bring out the next; a registry needs two or three."""


class Fixed(NamedTuple):
    """A registry with fixes: the files' bytes before and after, by path; only those that change.

    `names` gives the name of each path as findings show it. `done` are the findings whose fixes
    were made, `unmended` those whose fixes cannot be, and `result` is the check of what remains.
    """

    before: dict[str, bytes]
    after: dict[str, bytes]
    names: dict[str, str]
    done: tuple[Diagnostic, ...]
    unmended: tuple[Unmended, ...]
    result: Result


def fixed(opened: Opened, options: Options, judge: Judge, *, unsafe: bool) -> Fixed:
    """Work out what a registry's files hold once they are fixed; nothing is written.

    Only what counts to `judge`, is of the rules that `options` select, and is not silenced is
    fixed; what is not safe only where `unsafe` says so. Raises UnreadError where a file could not
    be read: what can only be meant one way may be meant another then.
    """
    refuse_unread(opened.workspace, "nothing is fixed")
    result = judge(opened, check_opened(opened, options))
    own = opened.policy.own
    asked = select(options.select, applying(own).rules, own) if options.select else None
    done: list[Diagnostic] = []
    unmended: tuple[Unmended, ...] = ()
    with trial(opened, options) as tried:
        before: dict[str, bytes] = {}
        for _ in range(_ROUNDS):
            wanted = [one for one in result.shown if _is_wanted(one, asked, unsafe=unsafe)]
            if not wanted:
                unmended = ()
                break
            made = mend(opened, wanted, tried.read)
            unmended = made.unmended
            if not made.after:
                break
            done += made.done
            for name in made.after:
                before.setdefault(name, tried.read(name) or b"")
            opened = tried.with_changes(made.after)
            result = judge(opened, check_opened(opened, options))
        names = {tried.path(name): name for name in before if tried.changed[name] != before[name]}
        return Fixed(
            {path: before[name] for path, name in names.items()},
            {path: tried.changed[name] for path, name in names.items()},
            names,
            tuple(done),
            unmended,
            result,
        )


def _is_wanted(found: Diagnostic, asked: Collection[str] | None, *, unsafe: bool) -> bool:
    is_asked = asked is None or found.code in asked
    return found.fix is not None and is_asked and (found.fix.is_safe or unsafe)
