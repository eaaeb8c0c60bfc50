"""What an audit says beforehand, and what the running servers do: one and the same.

Prometheus, Alertmanager and vmalert run the files that the audit reads. Each receiver that really
got an alert is held against the alert's row, and whoever is bound to it against `paged_now` and
`who`. An answer is exact, or it names the truth among few where the series decide.
"""

import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from registry.audit.join import Row, audited
from registry.audit.who import who_deployed
from registry.checks.engine import open_registry
from registry.clock.civil import instant
from registry.deployed.ingest import default, ingest
from registry.paging.who import Answer
from registry.workspace.options import Options
from tests.loop import servers
from tests.loop.estate import MEANS, Addresses, Estate, Rule, estate, written
from tests.loop.estate import OUTER_OF_VMALERT as OUTER

FEW = 5
"""The most receivers that an answer may name where the series decide."""
SHARE = 0.85
"""The share of answers that has to be exact."""
EARLIEST, QUIET, LATEST = 12, 4, 60
"""Looks, a second apart: how many there are at least, how many must see nothing new, and at most."""


class Series(NamedTuple):
    """One firing series of a rule: who got it, and the names of the alerts that silenced it."""

    got: frozenset[str]
    silenced_by: frozenset[str] = frozenset()

    @property
    def paged(self) -> frozenset[str]:
        """Everybody who is bound to a receiver that got it."""
        return _paged(self.got)


class Told(NamedTuple):
    """What is said of a rule: its row, and the answer to `who` while what silenced it fires."""

    row: Row
    answer: Answer


@pytest.mark.slow
def test_the_audit_says_what_the_servers_do(tmp_path: Path) -> None:
    servers.needed()
    now = datetime.now(UTC)
    made = estate(now)
    with servers.Webhook(made.series).listening() as hook, ExitStack() as stack:
        at = Addresses(f"http://{hook.address}/hook", hook.address, f"127.0.0.1:{servers.port()}")
        roots = written(made, tmp_path, at)
        heard = _heard(stack, made, hook, at, roots)
    asked = [one for one in made.rules if one.evaluator in heard]
    told = {}
    for evaluator, root in roots.items():
        mine = [one for one in asked if one.evaluator == evaluator]
        told |= dict(_told(root, now, mine, heard[evaluator])) if mine else {}
    wrong = [
        f"{rule.id}: {text}"
        for rule in asked
        for text in _wrong(rule, told[rule.id], heard[rule.evaluator].get(rule.id, ()))
    ]
    assert not wrong, "\n".join(wrong)
    exact = [one for one in told.values() if one.row.way.verdict != "depends"]
    assert len(told) > 100
    assert len(exact) >= SHARE * len(told)


# -- what the servers do -----------------------------------------------------------------------

Heard = Mapping[str, Mapping[str, Sequence[Series]]]
"""What was heard: for each evaluator that ran, the firing series of its rules."""


def _heard(
    stack: ExitStack, made: Estate, hook: servers.Webhook, at: Addresses, roots: Mapping[str, Path]
) -> Heard:
    """Run everything until nothing new is heard."""
    deployed, files = roots["prometheus"] / "deployed", roots["vmalert"] / "files"
    own = f"127.0.0.1:{servers.port()}"
    _run(stack, "alertmanager", at.alertmanager, roots["prometheus"].parent, [
        "prometheus-alertmanager", f"--config.file={deployed}/alertmanager.yml",
        "--storage.path=data", f"--web.listen-address={at.alertmanager}",
        "--cluster.listen-address=",
    ])  # fmt: skip
    _run(stack, "prometheus", own, roots["prometheus"].parent, [
        "prometheus", f"--config.file={deployed}/prometheus.yml", "--storage.tsdb.path=data",
        f"--web.listen-address={own}", "--rules.alert.resend-delay=1s",
    ])  # fmt: skip
    evaluators = {"prometheus": own}
    if shutil.which(servers.VMALERT):
        evaluators["vmalert"] = theirs = f"127.0.0.1:{servers.port()}"
        _run(stack, "vmalert", theirs, roots["vmalert"].parent, [
            servers.VMALERT, f"-rule={files}/*.yml", f"-datasource.url=http://{own}",
            f"-notifier.url=http://{at.alertmanager}", "-evaluationInterval=1s",
            f"-httpListenAddr={theirs}", *(f"-external.label={k}={v}" for k, v in OUTER.items()),
        ])  # fmt: skip
    quiet = news = 0
    for waited in range(LATEST):
        if quiet >= QUIET and waited >= EARLIEST:
            break
        time.sleep(1)
        is_still = news == hook.news and all(map(_all_fire, evaluators.values()))
        quiet, news = quiet + 1 if is_still else 0, hook.news
    return {name: dict(_series(made, name, one, hook, at)) for name, one in evaluators.items()}


def _run(stack: ExitStack, name: str, address: str, folder: Path, arguments: list[str]) -> None:
    ready = "health" if name == "vmalert" else "-/ready"
    stack.enter_context(
        servers.running(arguments, f"http://{address}/{ready}", folder / f"{name}-runs")
    )


def _all_fire(address: str) -> bool:
    alerts = servers.asked(f"http://{address}/api/v1/alerts")["data"]["alerts"]
    return all(one["state"] == "firing" for one in alerts)


def _series(
    made: Estate, evaluator: str, address: str, hook: servers.Webhook, at: Addresses
) -> Iterator[tuple[str, list[Series]]]:
    """Tell of each rule which series fire, who got them, and what silenced them."""
    firing = servers.asked(f"http://{address}/api/v1/alerts")["data"]["alerts"]
    known = servers.asked(f"http://{at.alertmanager}/api/v2/alerts")
    names = {one["fingerprint"]: one["labels"]["alertname"] for one in known}
    for rule in made.rules:
        if rule.evaluator != evaluator:
            continue
        seen = [one for one in known if one["annotations"]["rule"] == rule.id]
        found = [
            Series(
                frozenset(hook.got.get((rule.id, frozenset(one["labels"].items())), ())),
                frozenset(names[each] for each in one["status"]["inhibitedBy"]),
            )
            for one in seen
        ]
        sent = sum(one["annotations"]["rule"] == rule.id for one in firing)
        yield rule.id, [*found, *[Series(frozenset())] * (sent - len(seen))]


# -- what is said ------------------------------------------------------------------------------


def _told(
    root: Path, now: datetime, rules: Iterable[Rule], heard: Mapping[str, Sequence[Series]]
) -> Iterator[tuple[str, Told]]:
    opened = open_registry(str(root), Options(now))
    workspace, policy = opened.workspace, opened.policy
    read = ingest(default(str(root)), str(root))
    joined = audited(workspace, policy, read.deployed, instant(now))
    assert not joined.deployed.not_read
    rows = {row.alert.annotations["rule"].value: row for row in joined.rows}
    for rule in rules:
        silencing = frozenset(name for one in heard[rule.id] for name in one.silenced_by)
        others = tuple(row for row in joined.rows if row.alert.name in silencing)
        row = rows[rule.id]
        alone = joined._replace(
            rows=tuple(one for one in joined.rows if one is row or one in others)
        )
        (answer,) = [
            one
            for one in who_deployed(workspace, policy, alone, rule.alert, others).answers
            if one.place.line == row.alert.where.at.start.line
        ]
        yield rule.id, Told(row, answer)


# -- the two, held against each other ----------------------------------------------------------


def _wrong(rule: Rule, told: Told, heard: Sequence[Series]) -> Iterator[str]:
    """Say what is not true of a rule."""
    row = told.row
    if not heard and row.alert.unloaded is None:
        yield "nothing fires: it proves nothing"
    if row.alert.unloaded is not None and heard:
        yield f"it is not loaded, it is said: {row.alert.unloaded}"
    if row.way.verdict == "depends" and not (rule.is_open and len(row.way.names) <= FEW):
        yield f"it is not told who gets it: {_named(row.way.names)}"
    if row.way.verdict == "unknown":
        yield "nothing is told"
    for one in heard:
        yield from _wrong_of(row, one)
    yield from _wrong_people(told, heard)


def _wrong_of(row: Row, one: Series) -> Iterator[str]:
    """Say what is not true of one series."""
    possible = {each.name for each in row.way.reached if each.notifies} - row.muted_now
    certain = {each.name for each in row.way.reached if each.certain} & possible
    if one.got - possible:
        yield f"{sorted(one.got - possible)} got it, of {_named(possible)} who are told"
    if certain - one.got and not one.silenced_by:
        yield f"{sorted(certain - one.got)} did not get it; {sorted(one.got)} did"
    if row.silence.always and one.got:
        yield f"{sorted(one.got)} got what is said to be always silenced"
    if one.silenced_by - {*row.silence.names}:
        yield f"{sorted(one.silenced_by)} silence it, and that is not told"
    if row.dropped is True and one.got:
        yield f"{sorted(one.got)} got what is said to be dropped"


def _wrong_people(told: Told, heard: Sequence[Series]) -> Iterator[str]:
    """Say what is not true of whom it pages, by the row and by `who`."""
    if not heard:
        return
    row, answer = told
    everybody = frozenset.union(*(one.paged for one in heard))
    always = frozenset.intersection(*(one.paged for one in heard))
    is_silenced = any(one.silenced_by for one in heard)
    row_says = {one.id for one in row.paged_now}
    who_says = {
        one.id for hop in answer.chain if not hop.run and not hop.after for one in hop.people
    }
    is_exact = row.way.verdict != "depends"
    if not is_silenced and not (row_says == always if is_exact else row_says <= always):
        yield f"the row pages {sorted(row_says)}, and really {sorted(always)} are paged"
    if row.silence.always and row_says:
        yield f"the row pages {sorted(row_says)} of what is always silenced"
    is_partly = is_silenced and any(one.got for one in heard)
    if is_exact and not is_partly and who_says != always:
        yield f"who: {sorted(who_says)}, and really {sorted(always)} are paged"
    text = " ".join(answer.breaks)
    missed = sorted(one for one in everybody - who_says if f"({one})" not in text)
    if missed:
        yield f"who: {missed} are paged, and that is not told"
    if is_silenced and "silenced" not in text:
        yield "who: it is silenced, and that is not told"
    if not everybody and not answer.breaks:
        yield "who: nobody is paged, and nothing is said to break"


def _named(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) if len(names) <= 2 * FEW else f"{len(names)} receivers"


def _paged(receivers: Iterable[str]) -> frozenset[str]:
    known = [MEANS.get(one.rpartition("_")[2]) for one in receivers]
    return frozenset(person for one in known if one is not None for person in one.paged)
