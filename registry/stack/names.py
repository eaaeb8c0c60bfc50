"""How the registry's names are written where only some signs may stand."""

import re

LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
"""A label's name, as every version of Prometheus takes it."""


def label_name(field: str) -> str:
    """Name the label that carries a telemetry field: its id, with `_` for each other sign."""
    return _plain(field)


def series_name(metric: str) -> str:
    """Name the series that a metric is recorded as: `opmodel:` and its id."""
    return f"opmodel:{re.sub('[^a-zA-Z0-9_]', '_', metric)}"


def object_name(id_: str) -> str:
    """Write an id as Kubernetes and OpenSLO name objects: small letters, digits and `-`."""
    return re.sub("[^a-z0-9]+", "-", id_.lower()).strip("-")[:63].strip("-") or "unnamed"


def escaped_template(text: str) -> str:
    """Write a text so that a template of Prometheus shows it as it is."""
    return text.replace("{{", '{{ "{{" }}')


def _plain(text: str) -> str:
    found = re.sub("[^a-zA-Z0-9_]", "_", text)
    return found if LABEL.fullmatch(found) else f"_{found}"
