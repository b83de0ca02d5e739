"""ODRL 2.2 policies: read from JSON-LD as licences and offers write them, and written; nothing is fetched or executed.

Source: W3C Recommendations ODRL Information Model 2.2 and ODRL Vocabulary & Expression 2.2 (2018-02-15). Contexts are
not loaded: names are taken with `odrl:`, as full addresses of the vocabulary, or bare. What is not understood is kept
by its name, so that an evaluator can say that it does not know it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

VOCABULARY = "http://www.w3.org/ns/odrl/2/"
PROFILE = "urn:partita:odrl"
"""Names of Partita's own: purposes as actions (`urn:partita:odrl:train_generative`), terms as left operands."""

SIZE_MOST = 1_000_000
RULES_MOST = 10_000
DEPTH_MOST = 20
KINDS = ("permission", "prohibition", "obligation")
LOGICAL = ("and", "or", "xone", "andSequence")


@dataclass(frozen=True, slots=True)
class Constraint:
    """`left operator right`, e.g. `dateTime lt 2026-01-01`; several values on the right for the set operators."""

    left: str
    operator: str
    right: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Logical:
    """Several constraints under `and`, `or`, `xone` or `andSequence`."""

    kind: str
    parts: tuple[Constraint | Logical, ...]


Condition = Constraint | Logical


@dataclass(frozen=True, slots=True)
class Rule:
    """A permission, prohibition or obligation, or a duty of one; empty text or tuple: no such limit.

    `actions` each stand for a rule of its own; `refinements` are conditions on the action, target or assignee.
    """

    kind: str
    uid: str = ""
    actions: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    assigners: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    refinements: tuple[Condition, ...] = ()
    duties: tuple[Rule, ...] = ()
    consequences: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A Set, Offer or Agreement: its rules, and which wins where a permission and a prohibition conflict."""

    uid: str
    kind: str
    rules: tuple[Rule, ...]
    conflict: str = ""
    profile: str = ""


def read(text: str) -> Policy:
    """The policy in a JSON text; raises ValueError that says which part is wrong."""
    if len(text) > SIZE_MOST:
        raise ValueError(f"the policy has {len(text):,} characters; at most {SIZE_MOST:,} are read")
    try:
        data = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the policy is not JSON: {error}") from None
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict):
        raise ValueError("the policy is no JSON object")  # noqa: TRY004
    return _policy(_plain(data))


def name(term: str) -> str:
    """A term without the vocabulary's address or prefix: `odrl:use` and `http://www.w3.org/ns/odrl/2/use` are `use`."""
    return term.removeprefix(VOCABULARY).removeprefix("odrl:")


def _policy(data: Mapping[str, Any]) -> Policy:
    shared = {key: data[key] for key in ("target", "assigner", "assignee", "action") if key in data}
    rules = tuple(
        _rule(shared | _plain(_object(item, kind)), kind, 0) for kind in KINDS for item in _several(data.get(kind))
    )
    if not rules:
        raise ValueError("the policy has no permission, prohibition or obligation")
    if len(rules) > RULES_MOST:
        raise ValueError(f"the policy has {len(rules):,} rules; at most {RULES_MOST:,} are read")
    kinds = [name(str(kind)) for kind in _several(data.get("@type", data.get("type")))]
    return Policy(
        uid=_identity(data.get("uid", data.get("@id", ""))),
        kind=kinds[0] if kinds else "Set",
        rules=rules,
        conflict=name(_identity(data.get("conflict", ""))),
        profile=" ".join(_identities(data.get("profile"))),
    )


def _rule(data: Mapping[str, Any], kind: str, depth: int) -> Rule:
    if depth > DEPTH_MOST:
        raise ValueError("duties are nested too deeply")
    actions, refined = _actions(data.get("action"), depth)
    return Rule(
        kind=kind,
        uid=_identity(data.get("uid", data.get("@id", ""))),
        actions=actions,
        targets=_identities(data.get("target")),
        assigners=_identities(data.get("assigner")),
        assignees=_identities(data.get("assignee")),
        conditions=tuple(_condition(item, depth) for item in _several(data.get("constraint"))),
        refinements=(*refined, *_refinements(data, depth)),
        duties=tuple(_rule(_plain(_object(d, "duty")), "duty", depth + 1) for d in _several(data.get("duty"))),
        consequences=tuple(
            _rule(_plain(_object(item, key)), "duty", depth + 1)
            for key in ("consequence", "remedy")
            for item in _several(data.get(key))
        ),
    )


def _refinements(data: Mapping[str, Any], depth: int) -> Iterator[Condition]:
    for key in ("target", "assigner", "assignee"):
        for item in _several(data.get(key)):
            if isinstance(item, dict):
                yield from (_condition(part, depth) for part in _several(_plain(item).get("refinement")))


def _actions(value: Any, depth: int) -> tuple[tuple[str, ...], tuple[Condition, ...]]:
    names: list[str] = []
    refined: list[Condition] = []
    for item in _several(value):
        if isinstance(item, dict):
            data = _plain(item)
            names.append(name(_identity(data.get("rdf:value", data.get("value", data.get("@id", ""))))))
            refined += [_condition(part, depth) for part in _several(data.get("refinement"))]
        else:
            names.append(name(str(item)))
    if not all(names):
        raise ValueError("an action has no name")
    return tuple(names), tuple(refined)


def _condition(value: Any, depth: int) -> Condition:
    if depth > DEPTH_MOST:
        raise ValueError("constraints are nested too deeply")
    data = _plain(_object(value, "constraint"))
    for kind in LOGICAL:
        if kind in data:
            held = data[kind]
            held = held["@list"] if isinstance(held, dict) and "@list" in held else held
            return Logical(kind, tuple(_condition(part, depth + 1) for part in _several(held)))
    missing = [key for key in ("leftOperand", "operator") if key not in data]
    if missing or not {"rightOperand", "rightOperandReference"} & set(data):
        raise ValueError(f"a constraint lacks {', '.join(missing) or 'rightOperand'}")
    right = tuple(_value(item) for item in _several(data.get("rightOperand", data.get("rightOperandReference"))))
    return Constraint(
        left=name(_identity(data["leftOperand"])),
        operator=name(_identity(data["operator"])),
        right=right,
        unit=_identity(data.get("unit", "")),
    )


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name(key): value for key, value in data.items()}


def _several(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} {value!r:.80} is no JSON object")  # noqa: TRY004
    return value


def _identity(value: Any) -> str:
    if isinstance(value, dict):
        value = _plain(value)
        value = value.get("@id", value.get("uid", value.get("source", value.get("@value", ""))))
    return str(value)


def _identities(value: Any) -> tuple[str, ...]:
    return tuple(text for text in (_identity(item) for item in _several(value)) if text)


def _value(item: Any) -> str:
    found = item.get("@value", item.get("@id", "")) if isinstance(item, dict) else item
    return str(found).lower() if isinstance(found, bool) else str(found)


def write(policy: Policy) -> str:
    """The policy as JSON-LD, keys sorted, so that equal policies have equal bytes."""
    data: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/odrl.jsonld",
        "@type": policy.kind,
        "uid": policy.uid,
        **({"profile": policy.profile} if policy.profile else {}),
        **({"conflict": policy.conflict} if policy.conflict else {}),
    }
    for kind in KINDS:
        rules = [_written(rule) for rule in policy.rules if rule.kind == kind]
        if rules:
            data[kind] = rules
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _written(rule: Rule) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if rule.uid:
        data["uid"] = rule.uid
    refined = [_written_condition(part) for part in rule.refinements]
    if refined:
        data["action"] = [{"rdf:value": {"@id": action}, "refinement": refined} for action in rule.actions]
    elif rule.actions:
        data["action"] = _one_or_all(rule.actions)
    for key, values in (("target", rule.targets), ("assigner", rule.assigners), ("assignee", rule.assignees)):
        if values:
            data[key] = _one_or_all(values)
    if rule.conditions:
        data["constraint"] = [_written_condition(part) for part in rule.conditions]
    if rule.duties:
        data["duty"] = [_written(duty) for duty in rule.duties]
    if rule.consequences:
        data["remedy" if rule.kind == "prohibition" else "consequence"] = [_written(d) for d in rule.consequences]
    return data


def _written_condition(part: Condition) -> dict[str, Any]:
    if isinstance(part, Logical):
        return {part.kind: [_written_condition(inner) for inner in part.parts]}
    data: dict[str, Any] = {
        "leftOperand": part.left,
        "operator": part.operator,
        "rightOperand": _one_or_all(part.right),
    }
    return data | ({"unit": part.unit} if part.unit else {})


def _one_or_all(values: Iterable[str]) -> str | list[str]:
    listed = list(values)
    return listed[0] if len(listed) == 1 else listed
