"""GOV.UK's list of repositories as an operating-model registry.

Each repository becomes an ownership row with the team that it names, and nobody accountable, since
it names no person. Teams are known by their Slack channel alone. Where a repository says which
channel its alerts go to, that is an alert that files a ticket there; no reader is named.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.written import slug, write_registry

Data = Mapping[str, Any]


def convert(source: Path, folder: Path) -> str:
    """Write the registry into `folder`; return its path."""
    repos: list[Data] = yaml.load(source.read_bytes(), Loader=yaml.CSafeLoader)
    alerted = [repo for repo in repos if repo.get("alerts_team")]
    return write_registry(
        folder,
        "govuk",
        {
            "teams": list({_team(repo): {"name": repo["team"]} for repo in repos}.items()),
            "channels": list({_channel(repo): {"kind": "slack"} for repo in alerted}.items()),
            "ownership": [(repo["repo_name"], _row(repo)) for repo in repos],
            "metrics": [("repository-alerts", {"bucket": "reliability", "response": "ticket"})],
            "alerts": [(repo["repo_name"], _alert(repo)) for repo in alerted],
        },
    )


def _row(repo: Data) -> Data:
    return {
        "title": repo["repo_name"],
        "description": repo.get("description"),
        "team": _team(repo),
    }


def _alert(repo: Data) -> Data:
    return {
        "metric": "repository-alerts",
        "severity": "sev3",
        "response": "ticket",
        "notify": [_channel(repo)],
    }


def _team(repo: Data) -> str:
    return slug(repo["team"])


def _channel(repo: Data) -> str:
    return f"alerts-{slug(repo['alerts_team'])}"
