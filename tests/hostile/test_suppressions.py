"""Attempts of a change's author to switch the checks off: none succeeds, and each is counted."""

from collections.abc import Callable
from pathlib import Path

from registry.source.composer import compose
from tests.conftest import HOSTILE
from tests.hostile.conftest import MANIFEST, Checked

UNOWNED = b"metrics:\n  groundedness: {bucket: quality, response: analytics}"
REPORTED = ("OM201", "metrics.yaml", 2)


def test_blanket_comments(registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    lines = (HOSTILE / "d02_inline_ignore.yaml").read_bytes().split(b"\n")
    blanket, trailing = b"\n".join(lines[:3]), lines[4][lines[4].index(b"#") :]
    found = check(
        registry({"metrics.yaml": blanket + b"\n" + UNOWNED + b" " + trailing + b"\n"}), ""
    )
    assert ("OM201", "metrics.yaml", 5) in found.places
    assert [place for place in found.places if place[0] == "OM011"] == [
        ("OM011", "metrics.yaml", 1), ("OM011", "metrics.yaml", 2), ("OM011", "metrics.yaml", 5),
    ]  # fmt: skip
    assert found.report["summary"]["suppressed"] == 0
    assert found.outcome.exit == 1


def test_a_reason_is_asked_for_and_the_verdict_counts(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    for comment, works in (
        (b"# opmodel: ignore[OM201] the owner starts in January", True),
        (b"# opmodel: ignore[OM201]", False),
        (b"# opmodel: ignore[OM201] -", False),
        (b"# opmodel: ignore[OM2] all of them", False),
        (b"# opmodel: ignore[*] all of them", False),
        (b"# opmodel: ignore[] all of them", False),
        (b"# opmodel: ignore-file[OM201] all of it", False),
        (b"# OPMODEL: IGNORE[OM201] loud", False),
    ):
        found = check(registry({"metrics.yaml": UNOWNED + b"  " + comment + b"\n"}), "", both=False)
        assert (REPORTED in found.places) is not works, comment
        assert found.report["summary"]["suppressed"] == int(works), comment


def test_files_and_format_cannot_be_silenced(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    line = b"people:\n  tom: {nam: Tom Reyes}  # opmodel: ignore[OM005, OM004] later\n"
    found = check(registry({"people.yaml": line}))
    assert found.findings == [("OM004", 2), ("OM010", 2), ("OM010", 2)]


def test_waivers(registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    hostile = compose((HOSTILE / "d03_waivers.yaml").read_bytes(), "d03").data
    assert hostile is not None
    known = {"oncall-gap": "OM201", "checkout": "metrics/groundedness"}
    rows = []
    for waiver in hostile["waivers"]:
        entity = waiver.get("target", "metrics/groundedness")
        parts = {
            "rule": known.get(waiver["rule"], waiver["rule"]),
            "entity": known.get(entity, entity),
            "reason": waiver["reason"],
            "until": waiver.get("expires"),
        }
        shown = ", ".join(f"{key}: '{value}'" for key, value in parts.items() if value is not None)
        rows.append(f"  - {{{shown}}}\n")
    rows.append("  - {rule: OM201, entity: 'metrics/*', reason: x, until: 2027-01-01}\n")
    pack = "waivers:\n" + "".join(rows)
    found = check(
        registry(
            {"metrics.yaml": UNOWNED + b"\n", "policies/own.yaml": pack.encode()},
            MANIFEST + b"policy: policies/own.yaml\n",
        ),
        "",
    )
    assert REPORTED in found.places
    assert [(code, line) for code, path, line in found.places if path == "policies/own.yaml"] == [
        ("OM005", 2),  # no reason; the wildcard is not even looked at
        ("OM005", 3),  # no end
        ("OM012", 4),  # long over
        ("OM007", 5),  # no such rule
        ("OM006", 6),  # no such day
        ("OM006", 7),  # a wildcard for an entity
    ]
    assert found.report["summary"]["suppressed"] == 0


def test_a_waiver_that_holds_is_counted(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    good = (
        "  - {rule: OM201, entity: metrics/groundedness, reason: In January, until: 2027-01-15}\n"
    )
    pack = "waivers:\n  - {rule: TODO}\n" + good
    found = check(
        registry(
            {"metrics.yaml": UNOWNED + b"\n", "policies/own.yaml": pack.encode()},
            MANIFEST + b"policy: policies/own.yaml\n",
        ),
        "",
    )
    assert REPORTED not in found.places
    assert found.report["summary"]["suppressed"] == 1
    assert "1 suppressed" in found.outcome.output


def test_a_pack_cannot_silence_files_and_format(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    pack = b"rules:\n  OM005: {severity: 'off'}\n  OM016: {severity: info}\n  OM201: {severity: 'off'}\n"
    files = {"metrics.yaml": UNOWNED + b"\n", "people.yaml": b"people:\n  tom: {}\n"}
    found = check(
        registry({**files, "policies/own.yaml": pack}, MANIFEST + b"policy: policies/own.yaml\n"),
        "",
    )
    assert ("OM005", "people.yaml", 2) in found.places
    assert ("OM006", "policies/own.yaml", 2) in found.places
    assert ("OM006", "policies/own.yaml", 3) in found.places
    assert REPORTED not in found.places
    assert found.outcome.exit == 1
