"""Servers as resources and in charts' values: nothing is too odd to be read."""

from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.model import Deployed, Operated
from registry.deployed.readers.operated import READER, recognizes
from registry.source.foreign import UnreadableError, documents


def read(text: str) -> Deployed:
    assert READER.read is not None
    return READER.read("k.yml", [one for one in documents(text.encode()) if recognizes(one)])


def test_an_alertmanager_of_each_operator() -> None:
    found = read(
        "kind: Alertmanager\nmetadata: {name: main, namespace: m}\nspec: {configSecret: s}\n---\n"
        "kind: VMAlertmanager\nmetadata: {name: v}\n"
        "spec: {disableNamespaceMatcher: true, disableRouteContinueEnforce: true,\n"
        "  enforcedTopRouteMatchers: [a=b]}\n"
    )
    first, second = found.alertmanagers
    assert isinstance(first, Operated)
    assert (first.secret, first.strategy, first.forced, first.is_victoria) == (
        "s", "OnNamespace", True, False,
    )  # fmt: skip
    assert (second.secret, second.strategy, second.forced, second.is_victoria) == (
        "vmalertmanager-v-config", "None", False, True,
    )  # fmt: skip
    assert ([one.label for one in second.asked], found.not_read) == (["a"], ())
    wrong = read("kind: VMAlertmanager\nspec: {enforcedTopRouteMatchers: [prod]}\n")
    assert wrong.alertmanagers == ()
    assert [one.reason.partition(":")[0] for one in wrong.not_read] == [
        "the operator rejects `enforcedTopRouteMatchers`"
    ]


def test_values_in_a_config_map() -> None:
    head = "kind: ConfigMap\ndata:\n  values.yaml: |\n    prometheus:\n"
    (sender,) = read(f"{head}      prometheusSpec: {{externalLabels: {{a: b}}}}\n").senders
    assert sender.external_labels["a"].value == "b"
    assert not recognizes(next(documents(f"{head}      prometheusSpec: {{\n".encode())))
    assert not recognizes(next(documents(f"{head}      text: prometheusSpec\n".encode())))


def test_a_namespace() -> None:
    text = "kind: Namespace\nmetadata: {name: n, labels: {a: b}, annotations: {team: x}}\n"
    (space,) = read(text).namespaces
    assert (space.name, space.labels, space.annotations["team"].value) == ("n", {"a": "b"}, "x")


@given(
    st.lists(
        st.sampled_from(["kind: Prometheus\n", "kind: Alertmanager\n", "kind: VMAlert\n", "metadata:", "spec:",
                         "prometheusSpec:", "alertmanagerSpec:", "serverFiles:", "vmalert:", "ruleSelector:",
                         "matchLabels:", "matchExpressions:", "externalLabels:", "alertRelabelConfigs:", "- ",
                         "additionalAlertRelabelConfigs:", "action: drop", " ", "\n", "\n  ", "{", "}", "[", "]",
                         ",", "a: b", "modulus: 9", "null", "prometheus.yml:", "|\n"]),
        max_size=25,
    )
)  # fmt: skip
def test_no_document_is_too_odd(parts: list[str]) -> None:
    try:
        read("".join(parts))
    except UnreadableError as error:
        assert error.reason


def test_relabelling_in_a_secret_is_not_read() -> None:
    for field in (
        "additionalAlertRelabelConfigs: {name: s, key: k}",
        "notifierConfigRef: {name: s}",
    ):
        found = read(f"kind: Prometheus\nspec: {{{field}}}\n")
        assert [one.relabelling for one in found.senders] == [None]
        assert [one.reason for one in found.not_read] == [
            "its alert relabelling stands elsewhere, and may change any label"
        ]
    found = read("prometheusSpec: {additionalAlertRelabelConfigs: [{action: drop}]}\n")
    assert found.not_read == ()
    found = read("x: {prometheusSpec: {additionalAlertRelabelConfigs: [{action: drop}]}}\n")
    (sender,) = found.senders
    assert [one.action for one in sender.relabelling or ()] == ["labeldrop", "drop"]
