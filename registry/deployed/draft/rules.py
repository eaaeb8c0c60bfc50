"""What a draft alerts on: metrics, alerts, objectives and the runbooks that rules link."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from registry.deployed.draft.alerts import Grave, One, apart, fixed, known, link, unworded
from registry.deployed.draft.metrics import measured, names, together
from registry.deployed.draft.names import Drafting, Ids, LeftOut, slug
from registry.deployed.draft.objectives import objectives
from registry.deployed.model import DeployedAlert
from registry.model.runbooks import Runbook
from registry.output.yaml import Json, YamlEntry
from registry.source.scalar import is_placeholder
from registry.wording import counted, listed

URL = "url"
"""A runbook's field that says where it is, if it is elsewhere."""


class DraftedRules:
    """Metrics, alerts, objectives and runbooks by their new ids; `named` tells alerts' rules.

    `words` say what an estate's own words for how grave an alert is mean, in lower case.
    """

    def __init__(self, drafting: Drafting, words: Mapping[str, str]) -> None:
        self._drafting = drafting
        self._words = words
        self._runbooks: dict[str, str] = {}
        self._runbook_ids = Ids()
        self._metric_ids = Ids()
        self.named: dict[str, One] = {}
        self.metrics: dict[str, YamlEntry] = {}
        self.runbooks: dict[str, YamlEntry] = {}
        self.alerts = dict(self._read_alerts())
        self.objectives = dict(self._read_objectives())

    def _read_alerts(self) -> Iterator[tuple[str, YamlEntry]]:
        by_name: dict[str, list[DeployedAlert]] = {}
        for alert in self._drafting.deployed.alerts:
            if slug(alert.name):
                by_name.setdefault(alert.name, []).append(alert)
        sure = [(rules, found) for rules in by_name.values() if (found := self._grave(rules))]
        taken = [id_ for _, found in sure for one, _ in found for id_ in self._alert_ids(one)]
        ids, metrics = Ids(), self._metric_ids
        metrics.take(taken)
        metric_of: dict[int, str] = {}
        for group in together([rules for rules, _ in sure]):
            found = [each for number in group for each in sure[number][1]]
            metric_of |= dict.fromkeys(group, self._metric(sure[group[0]][0], found, metrics))
        for number, (_, each) in enumerate(sure):
            for one, grave in each:
                id_ = ids.new(*self._alert_ids(one), kind="alert")
                self.named[id_] = one
                yield id_, self._alert(one, grave, metric_of[number])

    def _alert_ids(self, one: One) -> tuple[str, ...]:
        return ("-".join((slug(one.name), *filter(None, map(slug, one.match.values())))),)

    def _grave(self, rules: list[DeployedAlert]) -> list[tuple[One, Grave]]:
        """Return the alerts of one name that are known to be grave or not; others are left out."""
        sure: list[tuple[One, Grave]] = []
        for one in apart(rules):
            grave = known(one.rules[0], self._words)
            if isinstance(grave, Grave):
                sure.append((one, grave))
            else:
                self._drafting.left_out += [LeftOut(*unworded(grave, rule)) for rule in one.rules]
        return sure

    def _metric(self, rules: list[DeployedAlert], alerts: list[tuple[One, Grave]], ids: Ids) -> str:
        """Draft the metric of alerts: named as in their query, else by an alert."""
        families = {measured(rule) for one, _ in alerts for rule in one.rules}
        known = (slug(one) for one in names(rules[0]) if len(families) == 1)
        own = next(filter(ids.is_free, known), f"{slug(rules[0].name)}-value")
        metric = ids.new(own, kind="metric")
        response = "page" if any(grave.pages for _, grave in alerts) else "ticket"
        that = "that this is a metric of its own"
        if len(families) > 1:
            that = f"that its {len(families)} queries measure one thing"
        self.metrics[metric] = YamlEntry(
            {"bucket": "reliability", "response": response},
            self._drafting.at(rules[0].where),
            (f"`bucket`, `response`, and {that}",),
        )
        return metric

    def _read_objectives(self) -> Iterator[tuple[str, YamlEntry]]:
        ids = Ids()
        for one in objectives(self._drafting.deployed.levels, self._drafting.at):
            metric = self._metric_ids.new(*one.names, kind="metric")
            self.metrics[metric] = one.metric
            fields: dict[str, Json] = {"metric": metric, **one.objective.fields}
            yield ids.new(*one.names, kind="objective"), one.objective._replace(fields=fields)
        lines = Counter(one.where.file for one in self._drafting.deployed.code_owners)
        first = {one.where.file: one.where for one in reversed(self._drafting.deployed.code_owners)}
        for file, number in lines.items():
            told = f"{counted(number, 'pattern')} of CODEOWNERS"
            reason = f"{told}: which components they mean is not told"
            self._drafting.left_out.append(LeftOut(first[file], reason))

    def _alert(self, one: One, grave: Grave, metric: str) -> YamlEntry:
        rule = one.rules[0]
        response = "page" if grave.pages else "ticket"
        fields: dict[str, Json] = {
            "metric": metric, "severity": grave.severity, "response": response,
        }  # fmt: skip
        guessed = [f"`severity`, `response`: {grave.because}"]
        if rule.system == "grafana":
            # Its query is only what the condition looks at, in steps that have no words here.
            reason = "`when`: what a condition of Grafana's compares has no words here"
            self._drafting.leave(rule.where, f"of the alert `{rule.name}`", [reason])
        elif one.query is not None and one.query.value.strip():
            waits = one.waits
            first = {"for": waits[0]} if len(waits) == 1 and re.search("[1-9]", waits[0]) else {}
            fields["when"] = {"expr": one.query.value, **first}
            if len(waits) > 1:
                guessed.append(f"`when.for`: rules of this name differ in it: {listed(waits)}")
        elif len(one.rules) > 1:
            number = len(one.rules)
            guessed.append(f"`when`: {number} rules of this name and these labels differ in it")
        labels = fixed(rule)
        if labels:
            fields["labels"] = dict(labels)
        self._add_runbook(fields, rule)
        return YamlEntry(fields, self._drafting.at(rule.where), tuple(guessed))

    def _add_runbook(self, fields: dict[str, Json], rule: DeployedAlert) -> None:
        """Name the runbook that a rule links: one of the registry's own where it may be a link."""
        address = link(rule.annotations)
        if address is None or is_placeholder(address):
            return
        is_link = re.match(r"https?://", address) and "{{" not in address
        if URL not in Runbook.model_fields or not is_link:
            fields["x-runbook"] = address
            return
        if address not in self._runbooks:
            last = address.rstrip("/").rpartition("/")[2]
            id_ = self._runbooks[address] = self._runbook_ids.new(last, rule.name, kind="runbook")
            self.runbooks[id_] = YamlEntry({URL: address}, self._drafting.at(rule.where))
        fields["runbook"] = self._runbooks[address]
