"""Which inhibitions can silence everything that pages."""

from registry.deployed.model import Inhibition
from registry.deployed.routing.inhibition import silences_everything
from registry.deployed.routing.labels import Known, Labels
from registry.deployed.routing.matcher import parse
from registry.source.foreign import documents
from tests.conftest import HOSTILE
from tests.deployed.routing.trees import HERE, route

PAGES = (
    Labels({"alertname": Known("A"), "severity": Known("page"), "team": Known("db")}),
    Labels({"severity": Known("page")}),
)


def silences(
    source: list[str], target: list[str], *equal: str, pages: tuple[Labels, ...] = PAGES
) -> bool:
    one = Inhibition(HERE, route("", *source).matchers, route("", *target).matchers, equal)
    return silences_everything(one, pages)


def test_any_alert_can() -> None:
    assert silences(["alertname=~.*"], ["severity=page"])
    assert silences([], ["severity=page"])
    assert silences(["alertname=~.+"], ["severity=~page|critical"])
    assert silences(["alertname!="], ["severity!=info"])


def test_some_alerts_can() -> None:
    assert not silences(["severity=page"], ["severity=page"])
    assert not silences(["team=~.+"], ["severity=page"])
    assert not silences(["alertname!=Watchdog"], ["severity=page"])


def test_some_pages_are_spared() -> None:
    assert not silences([], ["severity=page", "team=db"])
    assert not silences([], ["severity=page"], "cluster")
    assert not silences([], ["severity=warning"])
    assert not silences([], ["severity=page"], pages=())


def test_all_by_all_silences_none() -> None:
    assert not silences([], [])
    assert not silences(["alertname=~.*"], ["alertname=~.+"])


def test_the_hostile_file() -> None:
    (document,) = documents((HOSTILE / "a06_am_inhibit_all.yml").read_bytes())
    (rule,) = document.each("inhibit_rules")
    source, target = (
        parse(one.text or "", HERE)
        for key in ("source_matchers", "target_matchers")
        for one in rule.each(key)
    )
    assert isinstance(source, tuple)
    assert isinstance(target, tuple)
    assert silences_everything(Inhibition(HERE, source, target), PAGES)
