"""Telephone numbers and e-mail addresses in free text, and numbers that only look like them."""

import pytest

from registry.output.contacts import HIDDEN_EMAIL, HIDDEN_PHONE, hide_contacts
from tests.effort import ends, is_linear

pytestmark = pytest.mark.no_cover

PHONES = [
    "+49 151 23456789",
    "+4915123456789",
    "(0151) 234 567 89",
    "+44 20 7946 0018",
    "020 7946 0018",
    "0151/23456789",
    "015123456789",
    "07700 900123",
    "555-123-4567",
    "(555) 123-4567",
    "1-800-555-0199",
    "+1 (555) 010-9999",
    "+49 (0)151 2345678",
    "0044 20 7946 0018",
    "00442079460018",
    "01 23 45 67 89",
    "01.23.45.67.89",
    "+49\u00a0151\u00a023456789",
    "+49\u200b151\u200b23456789",
    "+49\u2011151\u201123456789",
    "\uff0b\uff14\uff19 151 23456789",
]
SAID = ["phone: {}", "Tel. {}", "tel {}", "mobile: {}", "Telephone {}", "cell #{}", "Fax no: {}"]
EMAILS = [
    "ana@acme.example",
    "a.b+c@sub.acme.example",
    "ana\uff20acme.example",
    "ana[at]acme.example",
    "ana (at) acme.example",
    "ana%40acme.example",
    "info@m\u00fcnchen.example",
    "user@xn--80ak6aa92e.xn--p1ai",
    '"ana example"@acme.example',
]
NEITHER = """\
2026-11-24T03:00:00-05:00|1.22.333.4444|10.192.168.255|127.0.0.1:8080|v2.10.0-rc1|2026-11-20
05-06-2026|05/06/2026 09:00|30,000 employees|1000000000|+10 000 000 requests|rises by +1000000
buckets 100 250 1000 5000|0.001 0.005 0.01 0.05 0.1|react@18.2.0|git@github.com:acme/app|@priya
histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[5m])))|end() @ 1609746000|#copilot
image@sha256:0123456789abcdef0123456789abcdef|ISBN 978-3-16-148410-0|08:30-17:30 Mon-Fri
DE89370400440532013000|sev1 5m; sev2 1h|1 700 000 000|550e8400-e29b-41d4-a716-446655440000
20261124090000|0000000001|x > 1700000000 + 86400|0m: ai-oncall (A, B); 15m: IC; 30m: Dana
rc-v7 2026-10 1.2.3.4:9090|cost 0.40 USD|100-200-3000|CVE-2021-42574|RFC 5545 3.3.10|-1000000000
phone 5 people|mobile 2.4.1 app|rises by 100% over 1d for 15m|0800-1700 daily|A/R"""


@pytest.mark.parametrize("phone", PHONES)
def test_phone(phone: str) -> None:
    assert hide_contacts(phone) == HIDDEN_PHONE
    assert hide_contacts(f"At night call {phone}, then wait.") == (
        f"At night call {HIDDEN_PHONE}, then wait."
    )


@pytest.mark.parametrize("said", SAID)
def test_number_that_is_called_a_phone(said: str) -> None:
    assert hide_contacts(said.format("7946 0018")) == said.format(HIDDEN_PHONE)


@pytest.mark.parametrize("email", EMAILS)
def test_email(email: str) -> None:
    assert hide_contacts(email) == HIDDEN_EMAIL
    assert hide_contacts(f"<{email}>; or wait.") == f"<{HIDDEN_EMAIL}>; or wait."


@pytest.mark.parametrize("text", [one for line in NEITHER.split("\n") for one in line.split("|")])
def test_other_text_stays(text: str) -> None:
    assert hide_contacts(text) == text


def test_several() -> None:
    text = "ana@acme.example (+44 20 7946 0018), bo@acme.example (+44 20 7946 0021)"
    hidden = f"{HIDDEN_EMAIL} ({HIDDEN_PHONE}), {HIDDEN_EMAIL} ({HIDDEN_PHONE})"
    assert hide_contacts(text) == hidden


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a@", "1 ", "+1", "0 1 2 3 ", "(0", "phone 1 ", "x@a.", "0044 ", "%40"]
)
def test_time_grows_with_length(piece: str) -> None:
    """A quarter of a megabyte made to be slow ends, and no call is made for each pair of places."""
    with ends():
        assert hide_contacts(piece * (250_000 // len(piece)) + "@")
    assert is_linear(lambda size: hide_contacts(piece * size + "@"), 2000, 8000)
