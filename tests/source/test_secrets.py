"""What looks like a secret, what only looks like it, and that none is ever shown.

Every canary is put together at run time: none stands in this file.
"""

import random
import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.checks.report import concise, github, human, json, sarif
from registry.output.style import Style
from registry.source.secrets import secrets
from registry.source.sources import Source, Sources
from registry.workspace.options import Options
from tests.conftest import AT
from tests.effort import ends, is_linear

ALNUM = string.ascii_letters + string.digits


def canary(alphabet: str, length: int, seed: int = 7) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=length))


def tokens() -> Iterator[tuple[str, str]]:
    upper, base64, hexa = string.ascii_uppercase + "234567", ALNUM + "+/", string.hexdigits[:16]
    url = ALNUM + "-_"
    yield "an AWS access key", "AKIA" + canary(upper, 16)
    yield "an AWS access key", "ASIA" + canary(upper, 16)
    for kind in "opsur":
        yield "a GitHub token", f"gh{kind}_" + canary(ALNUM, 36)
    yield "a GitHub token", "github_pat_" + canary(ALNUM + "_", 82)
    yield "a GitLab token", "glpat-" + canary(url, 20)
    yield "a Slack token", "xoxb-" + canary(string.digits, 12) + "-" + canary(ALNUM, 24)
    yield "a Slack token", "xapp-1-" + canary(string.ascii_uppercase, 11) + "-" + canary(hexa, 40)
    yield "a Slack token", "xoxe.xoxp-1-" + canary(ALNUM, 60)
    yield "the address of a webhook", "hooks.slack.com/services/" + canary(ALNUM + "/", 40)
    yield (
        "the address of a webhook",
        "discord.com/api/webhooks/" + canary("123", 18) + "/" + canary(url, 68),
    )
    yield "the address of a webhook", "webhookb2/" + canary(hexa + "-@", 80)
    for region in ("", "eu."):
        host = f"events.{region}pagerduty.com"
        yield "the address of a webhook", f"{host}/integration/" + canary(hexa, 32)
    yield "an Anthropic key", "sk-ant-api03-" + canary(url, 93) + "AA"
    yield "an OpenAI key", "sk-proj-" + canary(url, 100)
    yield "an OpenAI key", "sk-" + canary(ALNUM, 48)
    yield "a Stripe key", "sk_live_" + canary(ALNUM, 24)
    yield "a Stripe key", "rk_test_" + canary(ALNUM, 24)
    yield "a Stripe key", "whsec_" + canary(base64, 32)
    yield "a Google key", "AIza" + canary(url, 35)
    yield "a Google key", "GOCSPX-" + canary(url, 28)
    yield "a Google key", "ya29." + canary(url, 60)
    yield "an Azure key", "AccountKey=" + canary(base64, 86) + "=="
    yield (
        "a JSON web token",
        ".".join("eyJ" + canary(url, 30, n) for n in (1, 2)) + "." + canary(url, 43),
    )
    yield "an access token", "hf_" + canary(string.ascii_letters, 34)
    yield "an access token", "npm_" + canary(ALNUM, 36)
    yield "an access token", "SG." + canary(url, 22) + "." + canary(url, 43)
    yield "an access token", "hvs." + canary(url, 24)
    yield "an access token", "glsa_" + canary(ALNUM, 32) + "_" + canary(hexa, 8)
    yield "an access token", "dapi" + canary(hexa, 32)
    yield "an access token", "lsv2_pt_" + canary(hexa, 32) + "_" + canary(hexa, 10)


TOKENS = list(tokens())


@pytest.mark.parametrize(("kind", "token"), TOKENS, ids=range(len(TOKENS)))
def test_tokens(kind: str, token: str) -> None:
    for before, after in (
        ("x: ", "\n"),
        ('x: "', '"\n'),
        ("x: [", ", a]"),
        ("see https://a/", " b"),
    ):
        text = f"ä: b\n{before}{token}{after}"
        (found,) = secrets(text.encode())
        assert found.kind == kind
        assert found.text == token
        assert found.at.start == (2, len(before) + 1)
        assert found.at.end == (2, len(before) + 1 + len(token))
    assert secrets(f"x: y{token}".encode()) == () or "." in token or "/" in token


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x-password: {}", "a password"), ("smtp_pass" + "wd = '{}'", "a password"),
        ('"pwd": "{}"', "a password"), ("PASSWORD={}", "a password"), ("passphrase: {}", "a password"),
        ("Log in with the password: {} and look.", "a password"),
        ("x-token: {}", "a secret value"), ("client_secret: {}", "a secret value"),
        ("api-key: {}", "a secret value"), ("The API key: {}, for now.", "a secret value"),
        ("routing_key: {}", "a secret value"), ("integration key: {}", "a secret value"),
        ("Authorization: GenieKey {}", "an access token"),
        ("x-access-key: '{}'", "a secret value"), ("?token={}", "a secret value"),
        ("Authorization: Bearer {}", "an access token"), ("curl -H 'basic {}'", "an access token"),
        ("db: postgres://app:{}@db.acme.example/x", "a password in an address"),
        ("amqps://:{}@[::1]:5671", "a password in an address"),
    ],
)  # fmt: skip
def test_values(text: str, kind: str) -> None:
    secret = "w" + canary(ALNUM, 12, 3) + "7a1"
    (found,) = secrets(text.format(secret).encode())
    assert found.kind == kind
    assert found.text == secret


@pytest.mark.parametrize(
    "text",
    [
        "x-password: ${PAGER_PASSWORD}", "x-password: $PAGER_PASSWORD", "x-password: {{ password }}",
        "x-password: <password>", "x-password: xxxxxxxx", "x-password: ********", "x-password: ...",
        "x-password: changeme", "x-password: vault:ops/pager", "x-password: op://ops/pager/password",
        "x-password: env:PASSWORD", "x-password: arn:aws:secretsmanager:eu-west-1:1:secret:a1b2c3d4e5",
        "x-password: required", "x-password: your-password", "x-password: my-password", "x-password:",
        "x-password: null", "x-password: ''", "x-password: [a, b]", "x-password: {a: b}",
        "x-password-policy: strict", "x-passwords: several", "password: see the vault.",
        "password: 1Password has it", "password: ask Priya", "passwordless: yes12345",
        "token: the request's own id", "max_token: 4096", "cost_per_token: 0.0021",
        "x-token: pagerduty-token-v2", "x-secret: groundedness-drop", "x-secret: prompt_v20261031",
        "classification: secret", "access_token:\n  group: correlation", "secret: {redaction: drop}",
        "x-api-key: projects/acme/secrets/key1234567890", "x-secret: https://vault.acme.example/a1b2c3d4e5f6",
        "a bearer of bad news", "Bearer token", "basic-understanding-of-the-system", "Basic authentication",
        "https://acme.example:8080/a@b", "https://user@acme.example", "postgres://app:password@db/x",
        "postgres://app:${DB_PASSWORD}@db/x", "postgres://app:$PW@db/x", "mailto:priya@acme.example",
        "https://zoom.example/j/123?pwd=ekVmNGRjT214MGJkY1JUUU", "urn:a:b@c",
        "AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + "x" * 36, "sk-" + "0" * 48, "sk-proj-" + "your-key" * 4,
        "https://events.pagerduty.com/v2/enqueue", "routing_key: assistant-pager",
        "x-service-key: ai-oncall-2026", "secret: pagerduty-routing-key-7f9c2d1e4b",
        "credentials: pager-secret-5d41402abc", "x-password: db-creds", "existingSecret: db-1a2b3c4d5e",
        "service_key: /etc/secrets/pd-key-0a1b2c3d4e", "api_key: aws:ssm:/prod/pd1a2b3c4d5e6",
        "token: infra/pager/a1b2c3d4e5f6", "routing_key: arn:aws:ssm:eu-west-1:1:parameter/x1y2z3a4b5",
        "sk-learn-is-a-library", "task-sk-123", "hf_hub_download", "npm_config_registry", "r8_x",
        "SG.1.2", "eyJhbGciOiJIUzI1NiJ9", "xoxo-with-love", "glossary-of-terms-and-conditions",
        "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----",
    ],
)  # fmt: skip
def test_no_secret(text: str) -> None:
    assert secrets(text.encode()) == ()


def test_a_value_in_a_path_is_a_secret() -> None:
    value = "9f8e7d6c" + canary("abcdef", 12, 3)
    assert len(secrets(f"x-token: infra/pager/{value}".encode())) == 1


def pem(lines: int = 3, kind: str = "RSA ", indent: str = "") -> str:
    begin, end = f"-----BEGIN {kind}PRIVATE " + "KEY-----", f"-----END {kind}PRIVATE " + "KEY-----"
    body = [canary(ALNUM + "+/", 64, n) for n in range(lines)]
    return "\n".join(indent + line for line in (begin, *body, end))


def test_a_private_key_is_one_secret_to_its_last_line() -> None:
    text = f"x-key: |\n{pem(indent='  ')}\nteams: {{}}\n"
    (found,) = secrets(text.encode())
    assert found.kind == "a private key"
    assert found.at.start == (2, 3)
    assert found.at.end == (6, 32)
    shown = Source("a.yaml", text.encode()).lines
    assert shown[1:6] == [re.sub(r"\S", "*", line) for line in text.split("\n")[1:6]]
    assert shown[6] == "teams: {}"


def test_a_private_key_without_an_end() -> None:
    text = pem()[: -len("-----END RSA PRIVATE KEY-----")]
    (found,) = secrets(text.encode())
    assert found.text == text
    (cut,) = secrets((text + "-----END ").encode())
    assert cut.text == text
    (bounded,) = secrets((text + "x" * 100_000).encode())
    assert len(bounded.text) < 20_000
    assert [one.kind for one in secrets((pem(kind="") + "\n" + pem(kind="EC ")).encode())] == [
        "a private key"
    ] * 2


def test_what_is_no_secret_may_hold_one() -> None:
    token = "ghp_" + canary(ALNUM, 36)
    for text in (f"token: see:{token}", f"secret: https://a:{token}@b.example", f"sk-/{token}"):
        (found,) = secrets(text.encode())
        assert found.text == token


def test_several_on_a_line_and_over_lines() -> None:
    one, two = "ghp_" + canary(ALNUM, 36, 1), "ghp_" + canary(ALNUM, 36, 2)
    found = secrets(f"中: {one},{two}\n\n  ä{one[0]}: '{two}'".encode())
    assert [(secret.text, secret.at.start) for secret in found] == [
        (one, (1, 4)), (two, (1, 45)), (two, (3, 8)),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.no_cover
def test_hostile_texts_take_linear_time() -> None:
    pieces = ("password=", "sk-./", "a://:xyz@b ", "bearer abcdefghijkl ", "token: abcd ",
              "-----BEGIN PRIVATE KEY-----\n", "https://", "eyJ.", "x-password: hunter2x\n")  # fmt: skip
    for piece in pieces:
        with ends():
            assert is_linear(
                lambda size, piece=piece: secrets((piece * size).encode()), 2000, 8000
            ), piece


@pytest.fixture
def leaking(tmp_path: Path) -> tuple[Path, list[str]]:
    """A registry with secrets wherever a message or an excerpt may quote them."""
    token, other = "ghp_" + canary(ALNUM, 36, 5), "sk_live_" + canary(ALNUM, 24, 6)
    password = "z" + canary(ALNUM, 9, 8)
    (tmp_path / "policies").mkdir()
    (tmp_path / "opmodel.yaml").write_text(
        "opmodel: 1\nname: leaking\nstage: poc\npolicy: policies/own.yaml\n"
        f"people:\n  tom:\n    name: Tom Reyes\n    email: {token}\n    emial: {token}\n"
        f"    x-password: {password}\n    timezone: {password}\n    until: {other}\n"
        f"  {token}: {{nam: x}}\n  '{token}{token}{token}{token}': {{name: y}}\n"
        f"teams:\n  a: {{name: A, lead: {token}, members: [{other}]}}  # password: {password}\n"
        f"metrics:\n  # opmodel: ignore[OM201] asked with {token}\n"
        f"  m: {{bucket: quality, response: page, {token}: 1}}\n{other}: {{a: b}}\n",
        "utf-8",
    )
    (tmp_path / "policies/own.yaml").write_text(
        f"settings: {{horizon: {other}}}\nwaivers:\n"
        f"  - {{rule: {token}, entity: a/b, reason: x, until: 2027-01-01}}\n", "utf-8",
    )  # fmt: skip
    (tmp_path / "wide.yaml").write_text(f"x: \x1b {token}\n", "utf-8")
    (tmp_path / "latin.yaml").write_bytes(f"x: {other} \xe9\n".encode("latin-1"))
    (tmp_path / "key.yaml").write_text(
        f"people:\n  ann:\n    name: Ann\n    email: |\n{pem(indent='      ')}\n", "utf-8"
    )
    body = pem().split("\n")[1]
    return tmp_path, [token, other, password, body]


def test_no_report_shows_a_secret(leaking: tuple[Path, list[str]]) -> None:
    root, canaries = leaking
    result = check(str(root), Options(AT))
    assert sum(one.code == "OM015" for one in result.diagnostics) >= 14
    assert {"OM001", "OM003", "OM004", "OM006", "OM007", "OM014"} <= {
        one.code for one in result.diagnostics
    }
    for module in (human, concise, json, sarif, github):
        text = module.REPORTER.render(result, Style(show_suppressed=True))
        for secret in canaries:
            for length in (len(secret), 10):
                assert secret[:length] not in text, module.__name__


def test_each_has_a_fingerprint_of_its_own(leaking: tuple[Path, list[str]]) -> None:
    result = check(str(leaking[0]), Options(datetime(2026, 11, 20, tzinfo=UTC), select="OM015"))
    marks = [one.fingerprint for one in result.diagnostics if one.code == "OM015"]
    assert len(set(marks)) == len(marks)


def test_masking_keeps_the_columns() -> None:
    token = "ghp_" + canary(ALNUM, 36)
    source = Source("a.yaml", f"ä: {token} # 中\n".encode())
    assert source.line(1) == f"ä: {'*' * 40} # 中"
    assert source.line(0) == source.line(3) == ""


def test_masking_of_messages() -> None:
    token, short = "ghp_" + canary(ALNUM, 36), "q7x!"
    sources = Sources({"a.yaml": Source("a.yaml", f"x: {token}\npassword: {short}\n".encode())})
    assert sources.masked(f"`{token}` is") == f"`{'*' * 40}` is"
    assert sources.masked(f"`{token[:20]}…`") == f"`{'*' * 20}…`"
    assert sources.masked(f"{short}{short} {token}") == "*" * 8 + " " + "*" * 40
    assert sources.masked("ghp_ tokens") == "ghp_ tokens", "few characters in common are chance"
    assert Sources({}).masked(token) == token
