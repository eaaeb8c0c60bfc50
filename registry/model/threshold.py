"""An alert's condition in the words that people use."""

from registry.model.metrics import When


def said(when: When | None) -> str:
    """Write a condition as people say it: `drops by 10% over 1h for 10m`; empty for none."""
    if when is None:
        return ""
    parts = [
        f"{name.replace('_', ' ')} {getattr(when, name)}" if name != "expr" else f"{when.expr}"
        for name in when.operators
    ]
    over = f" over {when.over}" if when.over else ""
    return " and ".join(parts) + over + (f" for {when.holds_for}" if when.holds_for else "")
