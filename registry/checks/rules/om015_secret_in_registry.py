"""Something that looks like a key, a token or a password.

Why: a registry is read by everyone whom it names, copied to every laptop and never forgotten by
version control. A secret in it is no secret any more.

Mend: revoke it first, for removing the line does not take it back. Keep the new one in a secret
store, and write here only where that is.
"""

from collections import Counter
from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.span import Location


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each secret by its place in any file, the policy's included; none is ever shown."""
    for name, source in context.workspace.sources.files.items():
        seen: Counter[str] = Counter()
        for secret in source.secrets:
            path = source.path_at(secret.at.start)
            entity, field = context.workspace.entity_at(Location(name, path))
            seen[secret.kind] += 1
            yield Diagnostic(
                context.code,
                f"this looks like {secret.kind}",
                Label(Location(name, path), "not shown", secret.at),
                "revoke it, keep the new one in a secret store, and write here where that is",
                entity=entity,
                field=field if entity else None,
                distinguish=f"{secret.kind} {seen[secret.kind]}",
            )


RULE = rule(__name__, __doc__, "E E E", check, seeds=(4,))
