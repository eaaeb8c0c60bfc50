"""What `opmodel baseline` does: hold, show, prune and create."""

import argparse
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from registry.audit.audit import audit
from registry.checks.accepted import (
    Accepted,
    Terms,
    entries_for,
    held,
    today,
    usual_end,
    without_baseline,
)
from registry.checks.baseline import EntryState, nobody
from registry.checks.baseline_shown import human, json
from registry.checks.engine import check_opened
from registry.checks.own import applying
from registry.checks.rule import Rule
from registry.cli._arguments import check_options
from registry.cli._delivery import opened_for
from registry.cli._imported import harmless
from registry.cli._output import emit, is_colored, note
from registry.cli._reports import reporter
from registry.cli._subject import folder_last
from registry.deployed.ingest import NamedFiles, default, ingest
from registry.diagnostic import Diagnostic, Severity
from registry.edit.baseline import changed
from registry.edit.change import CannotEditError
from registry.edit.diff import unified
from registry.edit.refusals import refuse_unread
from registry.errors import CannotRunError
from registry.model.baseline import BaselineEntry
from registry.model.format import BASELINE
from registry.model.scalars import Date
from registry.output.files import read_if_there, write_whole
from registry.output.style import Style
from registry.output.terminal import brief
from registry.source.text import hidden
from registry.wording import counted, did_you_mean

_OF_CREATE = ("reason", "owner", "until", "select", "ignore", "add")


def fits(args: argparse.Namespace) -> None:
    """Raise CannotRunError where options do not fit the action."""
    given = [] if args.action == "create" else [one for one in _OF_CREATE if getattr(args, one)]
    if args.action == "show" and args.diff:
        given.append("diff")
    if given:
        message = f"baseline {args.action}: `--{given[0]}` says nothing here"
        raise CannotRunError(message, "it belongs to `baseline create`")
    if args.format == "json" and args.action != "show":
        message = f"baseline {args.action} writes no json"
        raise CannotRunError(message, "`baseline show --format json` tells what is there")
    if args.deployed is not None:
        folder_last(args, ("deployed",), least=0)


def hold(args: argparse.Namespace) -> Accepted:
    """Hold the baseline of the registry that is named against what its rules find."""
    options = check_options(args)
    is_new = args.action == "create" and args.baseline and not os.path.lexists(args.baseline)
    opened = opened_for(args, options._replace(baseline="") if is_new else options)
    if args.action != "show":
        refuse_unread(opened.workspace, "the baseline is left as it is")
    if not opened.baseline.is_whole:
        message = f"{brief(opened.baseline.name)} has faults"
        raise CannotRunError(message, "mend what `opmodel check` says of it first")
    bare = without_baseline(opened)
    others: dict[str, Sequence[Diagnostic]] = {}
    if args.deployed is not None:
        root = opened.workspace.root
        files = tuple(NamedFiles("", one) for one in args.deployed) or default(root)
        others["audit"] = audit(bare, ingest(files, root), options).result.diagnostics
    return held(opened, options, check_opened(bare, options), others)


def show(found: Accepted, args: argparse.Namespace) -> int:
    """List the entries and what each does."""
    style = Style(color=is_colored(args.color))
    emit(json(found) if args.format == "json" else human(found, style))
    return 0


def prune(found: Accepted, args: argparse.Namespace) -> int:
    """Take out the entries that match nothing, and show the difference."""
    gone = found.gone()
    aside = sum(one.state is EntryState.UNJUDGED for one in found.standings())
    if aside:
        why = "of rules that did not run here"
        if not found.opened.workspace.is_read:
            why = "that may be for what was not read"
        note(f"opmodel: {counted(aside, 'entry')} {why} left as they are")
    if not gone:
        note("opmodel: nothing to remove")
        return 0
    left = len(found.baseline.entries) - len(gone)
    _write(found, args, gone, (), f"{counted(len(gone), 'entry')} of {len(gone) + left} removed")
    return 0


def create(found: Accepted, args: argparse.Namespace) -> int:
    """Accept what is found; list what no baseline accepts, and return 1 where there is any."""
    path = _path(found, args)
    if os.path.lexists(path) and not args.add:
        message = f"{brief(path)} is there already; nothing is overwritten"
        raise CannotRunError(message, "`--add` puts what is new into it")
    open_ = found.open()
    terms = _terms(found, args)
    new = entries_for(open_, terms)
    refused = found.refused()
    if new:
        if terms.owner is None:
            note("opmodel: warning: no `--owner`: each entry is OM018 where that rule is on")
        gone = found.superseded() if args.add else frozenset()
        told = f"{counted(len(new), 'finding')} accepted until {terms.until}, {_owned(terms)}"
        _tell_rules(new, applying(found.opened.policy.own).rules)
        _write(found, args, gone, new, told)
    else:
        note("opmodel: nothing to accept")
    if refused:
        only = found.result._replace(diagnostics=tuple(refused))
        emit(reporter("concise").render(only, Style()))
        note(f"opmodel: {counted(len(refused), 'finding')} that no baseline accepts: mend them")
    return int(bool(refused))


def _terms(found: Accepted, args: argparse.Namespace) -> Terms:
    """Read on what terms findings are accepted. Raises CannotRunError for what is none."""
    opened, at = found.opened, found.result.instant
    day, usual = today(opened, at), usual_end(opened, at)
    until = args.until or usual.isoformat()
    last = _last_day(until)
    if last < day:
        raise CannotRunError(f"--until {until} has passed", "name a day to come")
    if last > usual:
        longest = opened.policy.settings.max_waiver
        is_on = opened.policy.severities.get("OM018") is not None
        where = "" if is_on else " where that rule is on"
        said = f"that is longer than max_waiver ({longest}): each entry is OM018{where}"
        note(f"opmodel: warning: {said}")
    _check_owner(found, args.owner)
    _refuse_hidden(args.reason or "")
    reason = " ".join((args.reason or "").split())
    if args.reason is not None and not reason:
        raise CannotRunError("--reason is empty", "say why, or leave it out")
    return Terms(reason or f"known on {day}, when it was accepted", args.owner, until)


def _last_day(until: str) -> date:
    """Read the last day of what is accepted. Raises CannotRunError for what is no date."""
    try:
        is_date, why = Date.accepts(until), ""
    except ValueError as error:
        is_date, why = False, f": {error}"
    if not is_date:
        message = f"--until `{brief(until)}` is no date{why}"
        raise CannotRunError(message, "write one, as 2027-02-15")
    return Date(until).date


def _refuse_hidden(reason: str) -> None:
    """Refuse what a check of the baseline would tell of its text."""
    if (names := hidden(reason)) is not None:
        message = f"--reason: the text hides what a reader cannot see: {names}"
        raise CannotRunError(message, "remove it, or write what it stands for in words")
    if any("\ud800" <= one <= "\udfff" for one in reason):
        raise CannotRunError("--reason: it is not UTF-8", "write it in UTF-8")


def _check_owner(found: Accepted, owner: str | None) -> None:
    workspace = found.opened.workspace
    ids = [*workspace.entities["people"], *workspace.entities["roles"]]
    if owner is None:
        return
    if not workspace.has("people", owner) and not workspace.has("roles", owner):
        message = f"--owner: there is no person or role `{brief(owner)}`"
        raise CannotRunError(message, did_you_mean(owner, ids, "name one of this registry"))
    if (why := nobody(owner, workspace, found.result.instant)) is not None:
        raise CannotRunError(f"--owner: the baseline {why}", "name somebody who is there")


def _owned(terms: Terms) -> str:
    return f"owned by {terms.owner}" if terms.owner else "owned by nobody"


def _tell_rules(new: Sequence[BaselineEntry], known: Mapping[str, Rule]) -> None:
    numbers = Counter((one.severity, one.code) for one in new)
    for (severity, code), number in sorted(numbers.items(), key=_most_first):
        emit(f"{number:>6} {severity:<7} {code} {known[code].name}\n")


def _most_first(pair: tuple[tuple[str, str], int]) -> tuple[int, int, str]:
    (severity, code), number = pair
    return (-number, Severity(severity).rank, code)


def _path(found: Accepted, args: argparse.Namespace) -> str:
    return args.baseline or os.path.join(found.opened.workspace.root, BASELINE)


def _write(
    found: Accepted,
    args: argparse.Namespace,
    gone: Collection[int],
    new: Sequence[BaselineEntry],
    told: str,
) -> None:
    """Write the file whole, or only show what would change; say what came of it."""
    path = _path(found, args)
    name = found.baseline.name
    old = read_if_there(path) or b""
    try:
        after = changed(old, gone, new)
    except CannotEditError as error:
        raise CannotRunError(f"{brief(path)} is not changed: {error}", "edit it by hand") from None
    if args.diff or args.action == "prune":
        emit("".join(f"{harmless(line)}\n" for line in unified({name: old}, {name: after})))
    if args.diff:
        note(f"opmodel: {brief(name)}: {told}; nothing is written: leave `--diff` out")
        return
    write_whole(path, after)
    note(f"opmodel: {brief(name)}: {told}")
