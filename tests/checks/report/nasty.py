"""One fixed set of diagnostics that would like to deceive, break or forge what is written."""

from registry.checks.result import Result
from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label, Severity, Suppression
from registry.output.style import Style
from registry.span import FILE_START, Location, Position, Span


def _span(line: int, column: int, end: int, end_line: int | None = None) -> Span:
    return Span(Position(line, column), Position(end_line or line, end))


def _label(file: str, span: Span, excerpt: str, message: str = "") -> Label:
    return Label(Location(file, ("metrics",)), message, span, excerpt)


PAGED = Diagnostic(
    "OM204",
    "`groundedness` should page, and no alert on it does",
    _label("metrics.yaml", _span(14, 15, 19), "    response: page", "declared here"),
    "make `groundedness-drop` page an escalation, or declare the metric `ticket`",
    (
        _label(
            "alerts.yaml",
            _span(31, 15, 21),
            "    response: ticket",
            "`groundedness-drop`, its only alert, files a ticket",
        ),
    ),
    ("metrics", "groundedness"),
    ("response",),
    name="unpaged-metric",
    fingerprint="0" * 32,
)
FORGER = Diagnostic(
    "OM006",
    "a\r\n::error file=x::forged\n##[error]forged\x1b[2K\x1b]0;title\x07 \u202eevil\u202c %0A",
    _label(
        "::error file=a%2C,b::/Ä b\u202e\n.yaml",
        _span(7, 8, 12),
        "\x1b[31m\u200bred\x9b0m\x7f ##[set-env name=X;]y",
        "label\n\x1b[1m",
    ),
    "h\u2028e\u2029lp\x00",
    (_label("##[add-mask]x.yaml", FILE_START, "", "no\nexcerpt"),),
    ("metrics", "a/b~c\udc80"),
    ("a/b", 0, "c~d"),
    name="invalid-value",
    fingerprint="1" * 32,
)
MARKUP = Diagnostic(
    "OM201",
    "[click](https://evil.example) {0} <script>alert(1)</script> `|` **b** \ud83d alone, 😀 whole",
    _label("metrics.yaml", _span(2, 3, 8), "  x: {a: 1}  # <b>[y](z)</b>"),
    name="unowned-metric",
    severity=Severity.WARNING,
    entity=("metrics", "x"),
    field=(),
    fingerprint="2" * 32,
)
WIDE = Diagnostic(
    "XX999",
    "wide characters before the place: 日本語",
    _label("日本/メトリクス.yaml", _span(9, 9, 12), "所有者: [田中, 鈴木]", "こちら"),
    "e\u0301 has two code points, ⚠\ufe0f an emoji selector, 👩\u200d🔬 a joiner",
    (
        _label("a.yaml", _span(100, 6, 9), "e\u0301te\u0301: ete", "after combining marks"),
        _label("a.yaml", _span(8, 4, 9), "\ta\tvalue\tmore", "after tabs"),
    ),
    name="rule-of-tomorrow",
    severity=Severity.INFO,
    fingerprint="3" * 32,
)
LONG = Diagnostic(
    "OM014",
    "beyond the cut " + "x" * 3000,
    _label("long.yaml", _span(1, 900, 901), "k: " + "v" * 196 + "…", "here"),
    "remove it",
    (_label("long.yaml", _span(3, 150, 950), "k: " + "v" * 196 + "…", "into the cut"),),
    name="suspicious-characters",
    fingerprint="4" * 32,
)
MANY_LINES = Diagnostic(
    "OM105",
    "a value of several lines",
    _label("m.yaml", _span(20, 3, 7, end_line=29), "  - first: line   ", "starts here"),
    "shorten it",
    (_label("m.yaml", _span(5, 8, 8), "empty: ", "nothing here"),),
    ("ownership", "cost"),
    ("accountable",),
    name="accountable-is-a-group",
    severity=Severity.WARNING,
    fingerprint="5" * 32,
)
LINK = Diagnostic(
    "OM013",
    "not read: a symbolic link; a registry's files stand in its own folder",
    Label(Location("link.yaml"), "this file", FILE_START, ""),
    "put the text itself in the registry's folder, or `exclude` the file",
    name="unsafe-yaml",
    fingerprint="6" * 32,
)
WAIVED = Diagnostic(
    "OM304",
    "one person only",
    _label("oncall.yaml", _span(3, 3, 5), "  ic:"),
    "add a second person",
    entity=("schedules", "ic"),
    name="lone-rotation",
    severity=Severity.WARNING,
    fingerprint="7" * 32,
    suppressed=Suppression("waiver", "second\n\x1b[31mjoins", "policies/a b.yaml", 14),
)
IGNORED = Diagnostic(
    "OM408",
    "no alert uses it",
    _label("runbooks.yaml", _span(4, 3, 6), "  old:  # opmodel: ignore[OM408] kept"),
    entity=("runbooks", "old"),
    name="orphan-runbook",
    severity=Severity.WARNING,
    fingerprint="8" * 32,
    suppressed=Suppression("comment", "kept", "runbooks.yaml", 4),
)

NASTY = Result(
    "nasty", "production", "policies/acme\n.yaml", "2026-11-20T09:00:00Z",
    212, 14, 3, 112, 6, "2026f",
    (FORGER, PAGED, MARKUP, WIDE, LONG, MANY_LINES, LINK, WAIVED, IGNORED), "90d", holidays="0.99",
    left_out=(("a`b\x1b[31m.yaml", "`exclude` names it"), ("c.yaml", "`exclude` names it"),
              ("scenarios/d.yaml", "`scenarios/` holds no registry files")),
)  # fmt: skip
CLEAN = Result("clean", "poc", "poc", "2026-11-20T09:00:00Z", 1, 1, 0, 100, 18, "2026f", (), "90d",
               holidays="0.99")  # fmt: skip

CASES = {
    "plain": (NASTY, Style()),
    "full": (NASTY, Style(show_suppressed=True, statistics=True, prefix="a b/registry/")),
    "clean": (CLEAN, Style(show_suppressed=True, statistics=True)),
}
UNOWNED = rule(
    "om201_unowned_metric",
    "A metric that {nobody} owns.\n\nWhy: it [belongs](to) nobody.\n\nMend: set `owner`.",
    "W E E",
)
