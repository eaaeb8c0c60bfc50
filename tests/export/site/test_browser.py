"""What people do with the page, in Debian's Chromium: search, click through, print, by keyboard.

Nothing is fetched, nothing of a registry runs, and axe-core finds no fault in it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from registry.audit.audit import audit
from registry.deployed.ingest import default, ingest
from registry.export.site.report import ALONE, Beside, report
from registry.workspace.open import Opened, open_registry
from tests.conftest import ROOT
from tests.export.site.conftest import FAULTY, OPTIONS
from tests.export.site.test_report import hostile_registry

pytestmark = pytest.mark.slow

EXAMPLES = ("enterprise-copilot", "representative-week", "team-of-three")
Show = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; CI must have it."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is absent, and CI must open the page in it")
        pytest.skip("chromium (Debian's package of that name) is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found)
        yield started
        started.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each example, with what is deployed where there is any, and of a faulty one."""
    folder = tmp_path_factory.mktemp("pages")
    made: dict[str, Path] = {}
    for name in EXAMPLES:
        opened = open_registry(str(ROOT / "examples" / name), OPTIONS)
        root = opened.workspace.root
        has_deployed = (Path(root) / "deployed").is_dir()
        found = audit(opened, ingest(default(root), root), OPTIONS) if has_deployed else None
        made[name] = _write(folder / f"{name}.html", opened, Beside(found))
    (folder / "opmodel.yaml").write_text("opmodel: 1\nname: faulty\nstage: pilot\n" + FAULTY)
    made["faulty"] = _write(folder / "faulty.html", open_registry(str(folder), OPTIONS))
    return made


def _write(path: Path, opened: Opened, beside: Beside = ALONE) -> Path:
    path.write_bytes(report(opened, OPTIONS, beside).content)
    return path


@pytest.fixture
def show(browser: Browser, pages: dict[str, Path]) -> Iterator[Show]:
    """Open a page, in a zone and a scheme, and hold it to fetch nothing and to fail nowhere."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def show(
        name: str | Path, hash_: str = "", zone: str = "Europe/Berlin", scheme: str = "light"
    ) -> Page:
        context = browser.new_context(
            timezone_id=zone,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": 1280, "height": 900},
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        path = pages[name] if isinstance(name, str) else name
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text))
        page.on("request", lambda one: one.url.startswith("file:") or faults.append(one.url))
        page.goto(f"{path.as_uri()}{hash_}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield show
    for context in contexts:
        context.close()
    assert faults == []


# -- search and click-through --------------------------------------------------------------------


def test_search_finds_by_name_text_and_code(show: Show) -> None:
    page = show("faulty")
    results = page.locator("#results li")
    page.get_by_label("Search everything").fill("ground")
    expect(results.first).to_contain_text("ground")
    expect(page.get_by_role("status")).to_contain_text("entities")
    page.get_by_label("Search everything").fill("compare prompts")
    expect(results.first).to_contain_text("Ground lost")
    page.get_by_label("Search everything").fill("OM301")
    expect(page.get_by_role("status")).to_contain_text("2 of 1")
    page.get_by_label("Search everything").fill("zzzz")
    expect(page.get_by_role("status")).to_contain_text("0 of 37 entities, 0 of")
    expect(results).to_have_count(0)
    page.get_by_label("Search everything").fill("")
    expect(page.locator("#searching")).to_be_hidden()


def test_search_finds_what_is_deployed(show: Show) -> None:
    page = show("enterprise-copilot")
    page.get_by_label("Search everything").fill("watchdog")
    expect(page.get_by_role("status")).to_contain_text("1 of 36 deployed alerts")
    expect(page.locator("#results li").last).to_contain_text("not declared")


def test_a_chain_is_clicked_through_from_metric_to_switch(show: Show) -> None:
    page = show("enterprise-copilot")
    detail = page.locator("#detail")
    page.locator("#alerts").get_by_role("link", name="groundedness-drop").first.click()
    expect(detail.get_by_role("heading", level=2)).to_have_text("groundedness-drop")
    expect(detail.get_by_role("heading", level=2)).to_be_focused()
    cards = detail.locator(".chain .link")
    kinds = ["Metric", "Alert", "Paged at once", "Paged after 15m"]
    expect(cards.locator("h4").filter(has_text="Paged at once")).to_have_count(1)
    assert cards.locator("h4").all_inner_texts()[:4] == [one.upper() for one in kinds]
    expect(detail.locator(".broken")).to_have_count(0)
    paged = cards.nth(2).locator("li a").first
    name = paged.inner_text()
    paged.click()
    expect(detail.get_by_role("heading", level=2)).to_have_text(name)
    page.go_back()
    cards.get_by_role("link", name="Groundedness drop on the regression set").click()
    expect(detail).to_contain_text("runbook groundedness-drop")
    page.go_back()
    cards.get_by_role("link", name="disable-hr-connector").first.click()
    expect(detail.get_by_role("heading", level=2)).to_have_text("disable-hr-connector")
    detail.get_by_role("link", name="Back to the answer").click()
    expect(detail).to_be_hidden()


def test_an_alert_stands_beside_what_is_deployed_of_it(show: Show) -> None:
    page = show("enterprise-copilot", "#/alerts/error-rate-high")
    expect(page.locator("#detail")).to_contain_text("when.above: 2%, deployed > 0.05")
    page = show("team-of-three", "#/alerts/errors-high")
    expect(page.locator("#detail")).not_to_contain_text("deployed")


def test_a_broken_chain_is_red_where_it_breaks(show: Show) -> None:
    page = show("faulty", "#/alerts/broken")
    expect(page.locator("#detail .broken")).to_have_count(3)
    expect(page.locator("#detail")).to_contain_text("nowhere does not exist")
    page.goto(page.url.replace("#/alerts/broken", "#/alerts/nobody"))
    expect(page.locator("#detail .broken")).to_contain_text(["nobody", "it has no runbook"])


def test_a_metric_shows_the_chains_of_its_alerts(show: Show) -> None:
    page = show("faulty", "#/metrics/ground")
    expect(page.locator("#detail .chain")).to_have_count(4)


def test_a_neighbourhood_is_drawn_and_leads_on(show: Show) -> None:
    page = show("enterprise-copilot", "#/people/tom")
    expect(page.locator("#detail svg.around rect").first).to_be_visible()
    expect(page.locator("#detail .sides")).to_contain_text("ai-oncall")
    page.locator("#detail svg.around a").first.click()
    expect(page.locator("#detail h2")).not_to_have_text("Tom Reyes")


def test_what_does_not_exist_says_so(show: Show) -> None:
    page = show("faulty", "#/metrics/absent")
    expect(page.locator("#detail")).to_contain_text("It does not exist: something only names it.")
    page.goto(page.url.replace("#/metrics/absent", "#/metrics/%E0%A4%A"))
    expect(page.locator("#detail")).to_be_hidden()


def test_an_owners_findings_open(show: Show) -> None:
    page = show("faulty")
    page.locator("#answer").get_by_role("link", name="Olga Alt").click()
    expect(page.locator("#findings details[open]").filter(has_text="Olga Alt")).to_be_visible()


def test_findings_that_are_not_in_the_page_come_when_asked_for(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.export.site.findings.WRITTEN", 0)
    (tmp_path / "opmodel.yaml").write_text("opmodel: 1\nname: faulty\nstage: pilot\n" + FAULTY)
    opened = open_registry(str(tmp_path), OPTIONS)
    page = show(_write(tmp_path / "report.html", opened))
    group = page.locator("#findings details").filter(has_text="Olga Alt").first
    group.locator("summary").click()
    expect(group.locator("li .chip.bad").first).to_be_visible()


# -- time ----------------------------------------------------------------------------------------


def test_times_are_in_the_readers_zone(show: Show) -> None:
    page = show("faulty", zone="Asia/Tokyo")
    month = page.locator("#months table").filter(has_text="weekdays")
    expect(month.locator("caption")).to_have_text("weekdays, times in Asia/Tokyo")
    monday = month.locator("td").filter(has_text="Mon 23 Nov")
    expect(monday).to_contain_text("nobody until 17:00")
    expect(monday).to_contain_text("Priya Natarajan from 17:00")
    row = page.locator("#calendar tr").filter(has_text="weekdays").first
    expect(row).to_contain_text("Sat 21 Nov 02:00 to Mon 23 Nov 17:00")
    page.get_by_label("Times in the zone").select_option("Europe/Berlin")
    expect(month.locator("td").filter(has_text="Mon 23 Nov")).to_contain_text("nobody until 09:00")
    expect(row).to_contain_text("every Friday 18:00–Monday 09:00")
    expect(page.get_by_label("Times in the zone")).to_be_focused()


def test_who_is_away_or_has_left_shows_in_the_month(show: Show) -> None:
    page = show("faulty", "#/schedules/away")
    detail = page.locator("#detail")
    expect(detail.locator("td").filter(has_text="Mon 23 Nov")).to_contain_text("all are away")
    expect(detail.locator("summary")).to_have_text("1 gap, in Europe/Berlin")


def test_a_zone_that_was_asked_for_wins(show: Show, tmp_path: Path) -> None:
    opened = open_registry(str(ROOT / "examples" / "team-of-three"), OPTIONS)
    path = tmp_path / "report.html"
    path.write_bytes(report(opened, OPTIONS, ALONE, "America/New_York").content)
    page = show(path, zone="Asia/Tokyo")
    expect(page.get_by_label("Times in the zone")).to_have_value("America/New_York")


# -- print, keyboard, everybody ------------------------------------------------------------------


def test_print_shows_all_and_no_controls(show: Show) -> None:
    page = show("faulty", scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator(".choose").first).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflow") == "visible"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0
    assert page.pdf().startswith(b"%PDF")


def test_all_of_it_by_keyboard_alone(show: Show) -> None:
    page = show("enterprise-copilot")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the answer")).to_be_focused()
    while not page.get_by_label("Search everything").evaluate(
        "one => one === document.activeElement"
    ):
        page.keyboard.press("Tab")
    page.keyboard.type("groundedness-drop")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#detail .chain a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("groundedness")


@pytest.mark.parametrize(
    ("name", "hash_"),
    [
        ("enterprise-copilot", "#/alerts/groundedness-drop"),
        ("representative-week", ""),
        ("team-of-three", ""),
        ("faulty", "#/alerts/broken"),
        ("faulty", "#/schedules/weekdays"),
    ],
)
def test_axe_finds_no_violation(show: Show, name: str, hash_: str) -> None:
    page = show(name, hash_)
    page.get_by_label("Search everything").fill("a")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    assert _violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) != light
    # What differs is colors, and nothing else.
    assert _violations(page, "color-contrast", "link-in-text-block") == []


def _violations(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """List what axe finds, by these rules or by all of its own, and where."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def test_nothing_of_a_registry_runs(show: Show, tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text("opmodel: 1\nname: x\nstage: poc\n" + hostile_registry())
    opened = open_registry(str(tmp_path), OPTIONS)
    page = show(_write(tmp_path / "report.html", opened))
    for number in range(len(opened.workspace.entities["alerts"])):
        page.evaluate(f"location.hash = '#/alerts/a{number}'")
        expect(page.locator("#detail .chain").first).to_be_visible()
    page.get_by_label("Search everything").fill("pwned")
    expect(page.locator("#results li").first).to_be_visible()
    assert page.title().endswith("who owns it, who is paged, what they do")
    assert page.locator("img, iframe, object, embed, form").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("document.querySelectorAll('a:not([href^=\"#\"])').length") == 0
