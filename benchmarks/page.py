"""How long the page of `opmodel report` takes in a browser: to open, to search, to show an alert.

    python benchmarks/page.py report.html [--runs 5]

Needs Playwright and Debian's `chromium`. Times are the browser's own clock, in milliseconds: from
the start of the navigation to the first paint, and to where the page answers; from a keystroke to
what is found, laid out; from a click on an alert to its chain, laid out. The median of the runs,
each in a fresh tab, and the slowest.
"""

import argparse
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

QUERIES = ("e", "groundedness", "runbook access", "tanaka", "zzzz")

PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
OPENED = "performance.getEntriesByType('navigation')[0].domComplete"
SEARCH = """query => {
  const field = document.getElementById('query');
  const start = performance.now();
  field.value = query;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  document.body.offsetHeight;
  return performance.now() - start;
}"""
CLICK = """async () => {
  const link = document.querySelector('#alerts tbody a');
  const shown = new Promise((done) => addEventListener('hashchange', done, {once: true}));
  const start = performance.now();
  link.click();
  await shown;
  document.body.offsetHeight;
  return performance.now() - start;
}"""


def measure(browser: Browser, path: Path) -> dict[str, float]:
    """Open the page once, and return each time in milliseconds."""
    tab = browser.new_page()
    tab.goto(path.resolve().as_uri())
    tab.wait_for_selector("html[data-ready]")
    found = {"first paint": tab.evaluate(PAINTED), "opened": tab.evaluate(OPENED)}
    found["first search"] = tab.evaluate(SEARCH, "metric")
    found["slowest search after it"] = max(tab.evaluate(SEARCH, query) for query in QUERIES)
    found["an alert's chain"] = tab.evaluate(CLICK)
    tab.close()
    return found


def main() -> None:
    """Measure, and print a line a figure."""
    parser = argparse.ArgumentParser(description="Times of the page in a browser.")
    parser.add_argument("page", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        runs = [measure(browser, args.page) for _ in range(args.runs + 1)][1:]  # one warms up
        browser.close()
    print(f"{args.page}: {args.page.stat().st_size / 1e6:.1f} MB, n={args.runs}")
    for name in runs[0]:
        times = [run[name] for run in runs]
        print(f"{name:<24} {statistics.median(times):7.0f} ms   slowest {max(times):.0f} ms")


if __name__ == "__main__":
    main()
