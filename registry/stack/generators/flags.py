"""Feature flags of flagd, one for each kill switch, as they are while nothing is switched off.

A flag's variants are texts, `normal` and the switch's effect, so that none has to know which way
about `true` is meant. To flip a switch is to make its effect the default variant; whoever is not
in the switch's scope gets `normal` all the same.
"""

import json
from collections.abc import Mapping

from registry.model.reference import names
from registry.model.runbooks import KillSwitch
from registry.stack.generator import Generated, Generator, Missing, Order, only
from registry.stack.header import COMMENT, header

_NORMAL = "normal"
_SCHEMA = "https://flagd.dev/schema/v0/flags.json"


def build(order: Order) -> Generated:
    """Write the flags of all kill switches that name one."""
    switches = order.workspace.all(KillSwitch)
    flags: dict[str, object] = {}
    users: dict[str, str] = {}
    missing: list[Missing] = []
    for id_, one in switches.items():
        if one.flag is None:
            missing.append(order.missing("kill_switches", id_, ("flag",), "missing: no flag"))
        elif order.is_secret(one.flag):
            message = "it holds what looks like a secret"
            missing.append(order.missing("kill_switches", id_, ("flag",), message))
        elif users.setdefault(one.flag, id_) != id_:
            message = f"it is the flag of `{users[one.flag]}` already: one of each"
            missing.append(order.missing("kill_switches", id_, ("flag",), message))
        else:
            flags[one.flag] = _flag(order, id_, one)
    name = order.workspace.manifest.name
    made = {
        COMMENT: " ".join(header("flags", order)),
        "$schema": _SCHEMA,
        "metadata": {"flagSetId": name},
        "flags": flags,
    }
    text = f"{json.dumps(made, indent=2)}\n"
    counts = {"flag": (len(flags), len(switches))}
    return only(order, text, missing, counts)


def _flag(order: Order, id_: str, one: KillSwitch) -> dict[str, object]:
    owner = names(one.owner)
    about = {
        "kill_switch": id_,
        "description": order.text(one.action or ""),
        "owner": owner[0] if len(owner) == 1 else "",
        "operators": ", ".join(one.operators),
        "takes_effect_within": str(one.takes_effect_within or ""),
        "restore": order.text(one.restore or ""),
    }
    return {
        "state": "ENABLED",
        "variants": {_NORMAL: _NORMAL, one.effect: one.effect},
        "defaultVariant": _NORMAL,
        **({"targeting": _within(one.scope)} if one.scope else {}),
        "metadata": {key: text for key, text in about.items() if text},
    }


def _within(scope: Mapping[str, str]) -> dict[str, object]:
    """Write that the default holds in a scope, and elsewhere all is normal."""
    each: list[object] = [{"==": [{"var": field}, value]} for field, value in scope.items()]
    inside = each[0] if len(each) == 1 else {"and": each}
    return {"if": [inside, None, _NORMAL]}


GENERATOR = Generator(
    "flags", "flags of flagd, one for each kill switch", build, "flags.json", (".json",)
)
