"""What `init` writes says what each of its fields is for, in the model's own words."""

from registry.workspace.legend import filled_in


def _lines(name: str, text: str) -> list[str]:
    return filled_in({name: text.encode()})[name].decode().splitlines()


def test_a_section_is_explained_above_its_first_entity() -> None:
    text = (
        "people:\n  ana: {name: Ana, contact: {phone: 1}}\n  ben: {name: Ben, until: 2026-01-01}\n"
    )
    assert _lines("people.yaml", text) == [
        "# yaml-language-server: $schema=schemas/registry.schema.json",
        "people:",
        "  # Someone who can own, be paged, or be asked.",
        "  #   name           The person's full name, as colleagues would recognise it.",
        "  #   contact        How to reach the person; a page needs a phone, Slack, a pager or an e-mail.",
        "  #   contact.phone  A number to call or text, with its country code.",
        "  #   until          The last day, if it is known; what the person owns must move before it.",
        "  # Also: email, timezone, skills, away. `opmodel explain people` tells of each.",
        "  ana: {name: Ana, contact: {phone: 1}}",
        "  ben: {name: Ben, until: 2026-01-01}",
    ]


def test_words_that_may_stand_there_are_listed() -> None:
    text = "metrics:\n  m: {bucket: cost, response: page}\n"
    said = " ".join(line.strip("# ") for line in _lines("m.yaml", text))
    assert "One of reliability, quality, safety, cost, adoption." in said


def test_a_section_that_stands_on_one_line_is_explained_above_it() -> None:
    lines = _lines("people.yaml", "people: {ana: {name: Ana}}")
    assert lines[1] == "# Someone who can own, be paged, or be asked."
    assert lines[-1] == "people: {ana: {name: Ana}}"


def test_a_section_that_is_empty() -> None:
    lines = _lines("people.yaml", "people:")
    assert lines[1:] == [
        "people:",
        "  # Someone who can own, be paged, or be asked.",
        "  # Also: name, email, timezone, skills, contact, until, away. `opmodel explain people` tells of",
        "  #   each.",
    ]


def test_a_manifest_and_a_pack_are_explained_once() -> None:
    lines = _lines("opmodel.yaml", "opmodel: 1\nname: x\nstage: poc\nx-own: 1\n")
    assert lines[0] == "# yaml-language-server: $schema=schemas/manifest.schema.json"
    assert sum("The version of the format" in line for line in lines) == 1
    pack = _lines("policies/ours.yaml", "extends: poc\nrules: {OM201: off}\n")
    assert pack[0] == "# yaml-language-server: $schema=../schemas/policy.schema.json"
    assert any("The severity of rules" in line for line in pack)


def test_lists_and_mappings_of_parts_are_gone_into() -> None:
    text = (
        "schedules:\n  s: {rotations: [{name: a, participants: [ana, [ben]]}]}\n"
        "holidays:\n  h: {days: {2026-01-01: New Year}}\n"
        "runbooks:\n  r: {mitigations: [Wait., {switch: off}]}\n"
        "telemetry:\n  reviewed: 2026-01-01\n"
    )
    said = "\n".join(_lines("all.yaml", text))
    assert "#   rotations.participants  " in said
    assert "#   mitigations.switch  " in said
    assert "#   reviewed  " in said


def test_the_schemas_come_first_and_what_is_written_stays() -> None:
    files = {"people.yaml": b"people: {}\n", "opmodel.yaml": b"opmodel: 1\n"}
    made = filled_in(files)
    assert list(made) == [
        "schemas/manifest.schema.json",
        "schemas/registry.schema.json",
        "people.yaml",
        "opmodel.yaml",
    ]
    assert made["people.yaml"].endswith(b"people: {}\n")
