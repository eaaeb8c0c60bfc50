"""What belongs in no trace: found by its look, and never more than its kind is told."""

import pytest

from registry.traces.content import (
    MAIL,
    PHONE,
    is_hashed,
    is_masked,
    is_name,
    is_raw,
    is_suspect,
    kinds,
)
from registry.traces.context import in_traces, share, shown_id
from registry.traces.conventions import canonical, is_plain, kind_of, version

KEY = "sk-proj-4tGh8kLmN2pQrS5vWxYz7aBcD"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to jo.berg+work@acme.example.", (MAIL,)),
        ("call +49 30 5550-1234 or (212) 555-0123", (PHONE,)),
        ("an jürgen.möller@büro.example", (MAIL,)),
        ("इ@उदाहरण.भारत", (MAIL,)),
        ("212-555-0123", (PHONE,)),
        ("+44 20 7946 0018 x@y.example", (PHONE, MAIL)[::-1]),
        (f"key {KEY}", ("an OpenAI key",)),
        ("at 2026-11-20T09:00:00+01:00", ()),
        ("+1 2", ()),
        ("1760000000000000000", ()),
        ("6f9619ff-8b86-4011-b42d-00cf4fc964ff", ()),
        ("12.212-555-0123-9", ()),
        ("pkg@1.2.3", ()),
        ("+123456 78", (PHONE,)),
        ("+1234 567", ()),
        ("", ()),
    ],
)
def test_kinds(text: str, found: tuple[str, ...]) -> None:
    assert kinds(text) == tuple(sorted(found))
    if found:
        assert is_suspect(f'{{"stringValue":"{text}"}}'.encode())


@pytest.mark.parametrize(
    "escaped", ["jo\\u0040acme.example", "\\u002b49 30 5550 1234", "\\u0073k-proj"]
)
def test_what_json_spells_as_numbers_is_looked_at(escaped: str) -> None:
    assert is_suspect(escaped.encode())
    assert not is_suspect(b'{"stringValue":"\\u00e4"}')


@pytest.mark.parametrize(
    ("text", "redaction", "raw"),
    [
        ("9f86d081884c7d65", "hash", False),
        ("sha256:9F86D081884C7D659A2F", "hash", False),
        ("n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=", "hash", False),
        ("jo.berg", "hash", True),
        ("6f9619ff-8b86-4011-b42d-00cf4fc964ff", "hash", True),
        ("averylongnamewithnothingbutletters", "hash", True),
        ("DE** **** 4711", "mask", False),
        ("DE*** 4711", "mask", False),
        ("[REDACTED]", "mask", False),
        ("<PHONE_NUMBER>", "mask", False),
        ("xxxx-4711", "mask", False),
        ("DE89 3704", "mask", True),
        ("anything", "drop", True),
        ("anything", "raw", True),
        ("  ", "drop", False),
        ("[]", "raw", False),
    ],
)
def test_raw_values(text: str, redaction: str, raw: bool) -> None:
    assert is_raw(text, redaction) == raw
    assert is_hashed("9f86d081884c7d65")
    assert is_masked("***")


def test_names() -> None:
    assert canonical("gen_ai.system") == "gen_ai.provider.name"
    assert canonical("gen_ai.prompt") == "gen_ai.prompt"
    assert canonical("gen_ai.prompt.0.content") == "gen_ai.prompt.*.content"
    assert canonical("http2.x") == "http2.x"
    assert kind_of("gen_ai.evaluation.explanation") == kind_of("gen_ai.input.messages") == "content"
    assert kind_of("user.email") == "personal"
    assert kind_of("gen_ai.request.model") is None
    assert is_plain("gen_ai.prompt.x")
    assert not is_plain("mail of jo")
    assert version()[0].isdigit()


def test_words() -> None:
    assert share(1, 3) == "1 of 3 (33.3%)"
    assert share(99_999, 100_000) == "99999 of 100000 (99.9%)"
    assert share(1, 100_000) == "1 of 100000 (below 0.1%)"
    assert share(0, 0) == "0 of 0 (0.0%)"
    assert in_traces([]) == ""
    assert in_traces(["a"]) == ", as in the trace `a`"
    assert in_traces(["a", "b"]) == ", as in the traces `a` and `b`"
    assert shown_id("a" * 32) == "a" * 32
    assert shown_id("jo@acme.example").startswith("sha256:")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gen_ai.usage.input_tokens", True),
        ("http.request.header.x-api-key", True),
        ("disk-space.task_id", True),
        (f"x_{KEY}", False),
        (f"header.{KEY}", False),
        ("user-212-555-0123", False),
        ("mail of jo", False),
    ],
)
def test_names_that_are_told(name: str, told: bool) -> None:
    assert is_name(name) == told
