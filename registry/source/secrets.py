"""What looks like a key, token or password in a text: found by its shape, never shown.

Issuers give their credentials fixed beginnings so that they can be found; those are certain. A
value behind a word such as `password` counts where it is neither a placeholder nor the name of the
place where the secret is kept; behind `token`, `secret` or `key` it also has to look random.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from registry.span import Position, Span


class Secret(NamedTuple):
    """One secret: what it looks like, where it stands, and its text, which no output may hold."""

    kind: str
    at: Span
    text: str


_WEBHOOKS = (
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{24,}"
    r"|discord(?:app)?\.com/api/webhooks/[0-9]{15,}/[A-Za-z0-9_-]{40,}"
    r"|webhookb2/[A-Za-z0-9@/-]{40,}|events\.(?:eu\.)?pagerduty\.com/integration/[0-9a-z]{32}"
)
_OTHER_TOKENS = (
    r"hf_[A-Za-z]{34}|npm_[A-Za-z0-9]{36}|pypi-AgEI[A-Za-z0-9_-]{50,}|dop_v1_[0-9a-f]{64}"
    r"|dapi[0-9a-f]{32}|SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}|hvs\.[A-Za-z0-9_-]{24,}"
    r"|gl(?:sa|c)_[A-Za-z0-9+/_=]{32,}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}|NRAK-[A-Z0-9]{27}"
    r"|lsv2_[a-z]{2}_[0-9a-f]{32}_[0-9a-f]{10}|pplx-[A-Za-z0-9]{40,}|gsk_[A-Za-z0-9]{40,}"
    r"|xai-[A-Za-z0-9]{60,}|r8_[A-Za-z0-9]{36,}|AGE-SECRET-KEY-1[0-9A-Z]{58}"
)
_TOKENS = (
    ("an AWS access key", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    ("a GitHub token", r"gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255}"),
    ("a GitLab token", r"gl(?:pat|ptt|dt|rt|cbt|ft|imt|soat|agent|oas)-[A-Za-z0-9_.-]{20,}"),
    ("a Slack token", r"xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{20,}"),
    ("the address of a webhook", _WEBHOOKS),
    ("an Anthropic key", r"sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{20,}"),
    ("an OpenAI key", r"sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{32,}"),
    ("a Stripe key", r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,}"),
    ("a Google key", r"AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{30,}"),
    ("an Azure key", r"AccountKey=[A-Za-z0-9+/]{86}=="),
    ("a JSON web token", r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("an access token", _OTHER_TOKENS),
)
"""Kinds of token by their issuers' published formats."""

_BEGINNINGS = (
    r"A[KSBC][IC]A|AIza|AccountKey=|AGE-SECRET-KEY-1|dapi|discord(?:app)?\.com/|dop_v1_|events\.(?:eu\.)?pagerduty\.com/|eyJ"
    r"|gh[opsur]_|github_pat_|gl[a-z]+[_-]|gsk_|GOCSPX-|hf_|hooks\.slack\.com/|hvs\.|lsv2_"
    r"|NRAK-|npm_|pplx-|pypi-|r8_|[rs]k_(?:live|test)_|SG\.|shp[a-z]+_|sk-|webhookb2/|whsec_"
    r"|xai-|xapp-|xox[a-z]|ya29\."
)
"""What tokens begin with: the scan of a whole file looks for no more, and so stays fast."""

_WORDS = (
    r"pass(?:word|wd|phrase)|pwd"
    r"|secret|token|(?:api|access|private|routing|integration|service|signing)[_ -]?key"
    r"|credentials?"
)
SCAN = "|".join(
    (
        rf"(?:^|[^A-Za-z0-9_-])((?:{_BEGINNINGS})[A-Za-z0-9_./+=@-]{{12,}})",
        r"(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)",
        r"[a-z]://[^\s/:@\"'<>]*:([^\s/@\"'<>]{3,})@[A-Za-z0-9\[]",
        r"(?i:bearer|basic|geniekey)[ \t]+([A-Za-z0-9._~+/=-]{12,})",
        rf"(?i:({_WORDS}))[\"']?[ \t]*[:=][ \t]*[\"']?([^\s\"'`<>,;|{{}}\[\]()]{{4,}})",
    )
)
"""What a text holds wherever a secret is in it (RE2); where nothing fits, there is none."""

_TOKEN, _KEY, _URL, _HEADER, _WORD, _VALUE = range(1, 7)
"""The groups of `SCAN`."""

_END = b"-----END "
_LONGEST_KEY = 16_384
_LONGEST_SCANNED_AGAIN = 300

_MADE_UP = re.compile(
    r"(?i)example|x{4}|\*{3}|\.{3}|placeholder|redacted|dummy|change_?-?me|replace|your[_-]|\$[{(]"
)
_KEPT_ELSEWHERE = re.compile(
    r"(?i)[$%@&*!]|(?:aws|env|os\.environ|vault|op|arn|ref\+|secrets?|ssm|file|projects|kv|k8s)[:./+]"
    r"|[a-z][a-z0-9+.-]*://|[a-z]+(?:[/.:][a-z][a-z0-9_-]*)+$"
)
_PATH = re.compile(r"/?[a-z][a-z0-9._-]*(?:/[a-z0-9._-]+)+")
_STRETCH = re.compile(r"[a-z0-9]{16,}")
_RESOURCE = re.compile(
    r"(?:[a-z0-9]+-)*(?:auth|cert|creds?|credentials?|keys?|secrets?|tls|tokens?)(?:-[a-z0-9]{1,10})?"
)
"""What a path in a store looks like, and a Kubernetes Secret's name with its hash."""
_EXISTING = b"existing"

_NO_PASSWORD = frozenset(
    {"passwd", "pass", "secret", "token", "string", "text", "true", "false", "none", "null",
     "required", "optional", "hidden", "unset", "empty", "disabled", "enabled", "vault",
     "1password", "bitwarden", "lastpass", "keeper", "keychain", "prompt", "ldap", "rotated",
     "rotate", "unknown", "user", "username"}
)  # fmt: skip
"""Words that stand where a password would, and are none."""

_REST = re.compile(r"[A-Za-z0-9_-]*")
_ENDS = frozenset({b"", b"\n", b"\r", b'"', b"'", b",", b"}"})
_SEGMENTS = re.compile(r"[^A-Za-z0-9]+")


@cache
def _scan() -> Any:
    import re2

    return re2.compile(SCAN.encode())


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile("|".join(f"({shape})" for _, shape in _TOKENS))


def secrets(data: bytes) -> tuple[Secret, ...]:
    """Find the secrets in a file's bytes, in order; in time linear in its size."""
    return tuple(_placed(data, _found(data)))


def _found(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield what each secret looks like, with its first byte and the one after its last.

    What is no secret in one way may still hold one: the scan goes on inside it, if it is short;
    only the name of the place where a secret is kept holds no value of its own.
    """
    pattern, at, named_until = _scan(), 0, 0
    while (match := pattern.search(data, at)) is not None:
        group = match.lastindex
        start, end = match.span(group)
        text = data[start:end].decode("utf-8", "replace")
        token = _tokens().match(text)
        kind = ""
        if group == _KEY:
            kind, end = "a private key", _end_of_key(data, match.end())
        elif token is not None and not _is_made_up(token[0]):
            kind = _TOKENS[(token.lastindex or 1) - 1][0]
            end = start + _REST.match(text, token.end()).end()  # type: ignore[union-attr]
        elif group == _VALUE and (_is_kept_elsewhere(text) or _is_named(match, data)):
            named_until = end
        elif group != _VALUE or start >= named_until:
            kind = _kind(match, group, text, data)
        at = end if kind or end - start > _LONGEST_SCANNED_AGAIN else start + 1
        if kind:
            yield kind, start, end


def _kind(match: Any, group: int, text: str, data: bytes) -> str:
    """Say what a match that is no token looks like; "" where it is no secret after all."""
    if group == _TOKEN or _is_made_up(text) or _is_kept_elsewhere(text):
        return ""
    if group == _URL:
        return "a password in an address" if _is_password(text, alone=True) else ""
    if group == _VALUE and match[_WORD].lower().startswith((b"pas", b"pw")):
        if data[match.start() - 1 : match.start()] in {b"?", b"&"}:
            return ""  # the link of a meeting, which lets in whoever has it
        alone = data[match.end() : match.end() + 1] in _ENDS
        return "a password" if _is_password(text, alone=alone) else ""
    if not _looks_random(text):
        return ""
    return "an access token" if group == _HEADER else "a secret value"


def _is_kept_elsewhere(text: str) -> bool:
    """Whether a text says where a secret is kept, and is none itself."""
    if _KEPT_ELSEWHERE.match(text):
        return True
    plain = text.rstrip(".")
    if _PATH.fullmatch(plain):
        return any(part.isalpha() for part in plain.split("/")) and not _STRETCH.search(plain)
    return "-" in plain and _RESOURCE.fullmatch(plain) is not None


def _is_named(match: Any, data: bytes) -> bool:
    """Whether the word before a value is `existingSecret`, as charts call a Secret's name."""
    before = data[max(0, match.start() - len(_EXISTING) - 1) : match.start()]
    return before.lower().rstrip(b"_-").endswith(_EXISTING)


def _is_made_up(text: str) -> bool:
    return len(set(text[-16:])) < 3 or _MADE_UP.search(text) is not None


def _is_password(text: str, *, alone: bool) -> bool:
    """Judge a value behind `password:`; in the middle of a sentence a plain word is none."""
    if text.casefold().rstrip(".") in _NO_PASSWORD or text.casefold().endswith("password"):
        return False
    return alone or (len(text) >= 6 and not text.rstrip(".!?:").isalpha())


def _looks_random(text: str) -> bool:
    """Whether some stretch of it mixes letters and digits as no word or version does."""
    return any(
        len(part) >= 10
        and sum(char.isdigit() for char in part) >= 2
        and sum(char.isalpha() for char in part) >= 3
        for part in _SEGMENTS.split(text)
    )


def _end_of_key(data: bytes, start: int) -> int:
    """Find where a private key ends; one without its last line ends where the text does."""
    limit = start + _LONGEST_KEY
    end = data.find(_END, start, limit)
    if end < 0:
        return min(limit, len(data))
    line = data.find(b"-----", end + len(_END), end + 100)
    return line + 5 if line >= 0 else end


def _placed(data: bytes, found: Iterator[tuple[str, int, int]]) -> Iterator[Secret]:
    """Turn bytes into positions, passing over the text once."""
    line, column, known = 1, 1, 0
    for kind, start, end in found:
        spot = []
        for offset in (start, end):
            between = data[known:offset]
            breaks = between.count(b"\n")
            line, column = line + breaks, 1 if breaks else column
            column += len(between[between.rfind(b"\n") + 1 :].decode("utf-8", "replace"))
            known = offset
            spot.append(Position(line, column))
        yield Secret(kind, Span(*spot), data[start:end].decode("utf-8", "replace"))
