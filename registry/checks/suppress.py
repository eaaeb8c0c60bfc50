"""Ignore comments and waivers: which findings they silence, and which of them are faults."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from registry.checks.doubts import Doubts
from registry.clock.civil import has_passed, local_date
from registry.diagnostic import Diagnostic, Fix, FixChange, Label, Severity, Suppression, removal
from registry.source.suppression import IgnoreComment, without_codes
from registry.span import Location
from registry.wording import did_you_mean
from registry.workspace.policy import FIXED, PlacedWaiver, Policy
from registry.workspace.rule_names import code_of, rule_codes
from registry.workspace.workspace import Workspace


class Suppressor:
    """The suppressions of one run, and which of them were of use."""

    def __init__(
        self, workspace: Workspace, policy: Policy, at: datetime, comments: Iterable[IgnoreComment]
    ) -> None:
        self._workspace = workspace
        self._zone = workspace.manifest.timezone or "UTC"
        self._at = at
        self._longest = policy.settings.max_waiver
        self._own = policy.own

        self._comments = [
            one._replace(codes=tuple(map(self._code_of, one.codes))) for one in comments
        ]
        self._used: set[tuple[str, int, str]] = set()
        self._used_waivers: set[Location] = set()
        self._doubts = Doubts(workspace)
        self._by_line: dict[tuple[str, int], list[IgnoreComment]] = {}
        for comment in self._comments:
            if comment.reason:
                self._by_line.setdefault((comment.file, comment.line), []).append(comment)
        self._waivers: dict[tuple[str, str], PlacedWaiver] = {}
        self._expired: list[PlacedWaiver] = []
        for placed in policy.waivers:
            if has_passed(placed.waiver.until.date, at, self._zone):
                self._expired.append(placed)
            else:
                self._waivers[placed.waiver.rule, placed.waiver.entity] = placed

    def apply(self, found: Diagnostic) -> Diagnostic:
        """Mark a resolved finding as suppressed, if a comment or a waiver silences it."""
        if found.code in FIXED:
            self._doubts.note(found)
            return found
        silenced = self._comment(found) or self._waiver(found)
        return found._replace(suppressed=silenced) if silenced else found

    def _comment(self, found: Diagnostic) -> Suppression | None:
        line = found.primary.at.start.line
        hits = [
            comment
            for comment in self._by_line.get((found.primary.location.file, line), ())
            if found.code in comment.codes
        ]
        for comment in hits:
            self._used.add((comment.file, comment.at.start.line, found.code))
        if not hits:
            return None
        return Suppression("comment", hits[0].reason, hits[0].file, hits[0].at.start.line)

    def _waiver(self, found: Diagnostic) -> Suppression | None:
        placed = self._waivers.get((found.code, "/".join(found.entity or ())))
        if placed is None:
            return None
        self._used_waivers.add(placed.location)
        line = self._workspace.resolve(placed.location).start.line
        waiver = placed.waiver
        return Suppression(
            "waiver", waiver.reason, placed.location.file, line, "", str(waiver.until)
        )

    def findings(self, ran: Mapping[str, Severity | None], *, whole: bool) -> Iterator[Diagnostic]:
        """Yield what is wrong with the suppressions themselves, once all findings have passed.

        `ran` are the rules of this run; `whole` says that no `--select` narrowed them.
        """
        alike: Counter[tuple[str, str, str]] = Counter()
        for comment in self._comments:
            for found in self._comment_findings(comment, ran, whole=whole):
                key = (found.code, comment.file, found.distinguish)
                # Of two comments that say the same in one file, each has its own fingerprint.
                again = f" {alike[key] + 1}" if alike[key] else ""
                alike[key] += 1
                yield found._replace(distinguish=found.distinguish + again)
        for placed in self._expired:
            waiver = placed.waiver
            yield Diagnostic(
                "OM012",
                f"the waiver of {waiver.rule} for `{waiver.entity}` ended on {waiver.until}",
                Label(placed.location._replace(path=(*placed.location.path, "until"))),
                "mend what it covered, or agree on a new date",
                distinguish=f"{waiver.rule} {waiver.entity}",
            )
        for placed in self._waivers.values():
            yield from self._too_long(placed)
            waiver = placed.waiver
            idle = placed.location not in self._used_waivers
            if idle and whole and ran.get(waiver.rule) is not None:
                yield Diagnostic(
                    "OM010",
                    f"the waiver of {waiver.rule} for `{waiver.entity}` silences nothing",
                    Label(placed.location),
                    "remove it",
                    distinguish=f"{waiver.rule} {waiver.entity}",
                    fix=self._removal(placed),
                )

    def _removal(self, placed: PlacedWaiver) -> Fix | None:
        """Take a waiver out, unless what it covers may be hidden by another fault."""
        if self._doubts.about(placed.waiver.entity):
            return None
        return removal("remove the waiver", FixChange(placed.location, None))

    def _too_long(self, placed: PlacedWaiver) -> Iterator[Diagnostic]:
        """Report a waiver that ends later than the policy allows, counted from the check's day."""
        waiver, limit = placed.waiver, self._longest
        ends = waiver.until.date - local_date(self._at, self._zone)
        if ends <= timedelta(milliseconds=limit.milliseconds):
            return
        yield Diagnostic(
            "OM018",
            f"the waiver of {waiver.rule} for `{waiver.entity}` runs until {waiver.until},"
            f" for longer than {limit}",
            Label(placed.location._replace(path=(*placed.location.path, "until"))),
            f"let it end within {limit}, and look at it again then",
            distinguish=f"{waiver.rule} {waiver.entity}",
        )

    def _comment_findings(
        self, comment: IgnoreComment, ran: Mapping[str, Severity | None], *, whole: bool
    ) -> Iterator[Diagnostic]:
        label = Label(Location(comment.file), "", comment.at)
        if not comment.reason or not comment.codes:
            lacks = [] if comment.codes else ["names no rule"]
            what = " and ".join(lacks if comment.reason else [*lacks, "gives no reason"])
            help_ = "write `# opmodel: ignore[OM408] why`, with the code that it is about"
            yield Diagnostic("OM011", f"an ignore comment {what}", label, help_,
                             distinguish=",".join(comment.codes))  # fmt: skip
            return
        idle = {code for code in comment.codes if self._is_idle(comment, code, ran, whole=whole)}
        is_doubtful = self._doubts.near(comment.file, comment.line)
        fix = None if is_doubtful or not idle else _without(comment, idle, self._code_of)
        for code in comment.codes:
            if code not in ran and code not in FIXED:
                if self._own.may_be(code):
                    continue
                message = f"there is no rule `{code}` to ignore"
                names = (*ran, *rule_codes(), *self._own.codes)
                help_ = did_you_mean(code, names, "correct the code")
                yield Diagnostic("OM010", message, label, help_, distinguish=code)
            elif code in idle:
                message, help_ = f"the comment ignores {code}, and silences nothing", "remove it"
                if code in FIXED:
                    message, help_ = f"{code} cannot be silenced", "mend what it finds"
                yield Diagnostic("OM010", message, label, help_, distinguish=code, fix=fix)

    def _code_of(self, written: str) -> str:
        return self._own.code_of(code_of(written))

    def _is_idle(
        self, comment: IgnoreComment, code: str, ran: Mapping[str, Severity | None], *, whole: bool
    ) -> bool:
        """Whether a comment's code silences nothing, as far as this run can tell."""
        if code in FIXED:
            return True
        is_used = (comment.file, comment.at.start.line, code) in self._used
        return whole and ran.get(code) is not None and not is_used


def _without(comment: IgnoreComment, idle: Collection[str], code_of: Callable[[str], str]) -> Fix:
    """Take codes out of a comment; with the last of them, the comment."""
    left = without_codes(comment.text, lambda written: code_of(written) in idle)
    what = "the comment" if left is None else "from the comment what silences nothing"
    change = FixChange(Location(comment.file), left, comment.at)
    return removal(f"remove {what}", change)
