"""The expected answers of the conformance suite, by rule: from an intent and `crosswalk.yaml`, and nothing else.

This file reads no carrier and imports nothing of Partita. The rules:

1. A statement counts where it is in force. A reservation limited to an AI system, a territory or an end that the
   carrier has no words for is said only where the intent chose to broaden; a permission so limited is never said.
2. Statements with the longest path come first; what they leave unsaid is said by shorter ones.
3. A label is written where all its leaves are meant. A broader label reserves only by choice, and never permits. Of
   labels that overlap the narrower decides, at equal width the reservation.
4. A permission that meets a reservation which the carrier cannot say in full is not said. What speaks of the whole site
   at once does not reserve where a part is excepted, unless the intent chose to broaden.
"""

# ruff: noqa: INP001  see make.py

from __future__ import annotations

import re
from typing import Any

Intent = dict[str, Any]
Stances = dict[str, str]

EXACT, BROADER, NARROWER, LOST = "exact", "broader", "narrower", "lost"


class Rules:
    """One carrier of the crosswalk, on one day."""

    def __init__(self, crosswalk: dict[str, Any], carrier: str, at: str) -> None:
        """`at` is the day of publishing, as 2026-11-22."""
        self.of = crosswalk["carriers"][carrier]
        self.groups = crosswalk["purposes"]
        self.at = at
        self.labels = {name: frozenset(leaves) for name, leaves in self.of.get("labels", {}).items()}

    def leaves(self, statement: Intent) -> frozenset[str]:
        """The leaves of a statement's purpose."""
        return frozenset(self.groups.get(statement["purpose"], [statement["purpose"]]))

    def in_force(self, one: Intent) -> bool:
        """Whether a statement holds on the day."""
        return str(one.get("from", "0")) <= self.at and not ("to" in one and str(one["to"]) <= self.at)

    def unsayable(self, one: Intent) -> bool:
        """Whether a statement has a limit that the carrier has no words for."""
        territory = one.get("territory", "world") != "world" and not self.of.get("territory")
        return one.get("system", "*") != "*" or "to" in one or territory

    def sayable(self, one: Intent, *, broaden: bool) -> bool:
        """Rule 1."""
        if not self.in_force(one) or (one["stance"] == "permit" and self.of.get("refuses_only")):
            return False
        return not self.unsayable(one) or (broaden and one["stance"] == "reserve")

    def answers(self, intent: Intent, url: str, names: frozenset[str] = frozenset()) -> Stances:
        """What the carrier says at a path, by leaf; a leaf that is absent is unsaid. `names` are names of the work."""
        spoken = self._spoken(intent)
        levels: dict[int, list[Intent]] = {}
        for one in spoken:
            near = self._nearness(one, url, names)
            if near is not None:
                levels.setdefault(near, []).append(one)
        chosen: dict[str, str] = {}
        for near in sorted(levels, reverse=True):
            for label, stance in self._labels(levels[near], broaden=intent.get("broaden", False)).items():
                taken = any(self._of(label) & self._of(other) for other in chosen if near != max(levels))
                if not taken:
                    chosen[label] = stance
        return self._by_leaf(chosen)

    def _spoken(self, intent: Intent) -> list[Intent]:
        """Rule 4, over the statements that rule 1 leaves."""
        broaden = intent.get("broaden", False)
        every = [one for one in intent["statements"] if self.in_force(one)]
        spoken = [one for one in every if self.sayable(one, broaden=broaden)]
        if self.of.get("whole_site") and not broaden:
            spoken = [one for one in spoken if not self._excepted(one, every)]
        said = frozenset().union(*(self.leaves(one) for one in spoken if one["stance"] == "reserve"))
        short = [one for one in every if one["stance"] == "reserve" and not (one in spoken and self._whole(one, said))]
        return [one for one in spoken if one["stance"] == "reserve" or not any(self._meets(one, r) for r in short)]

    def _whole(self, one: Intent, said: frozenset[str]) -> bool:
        """Whether labels within what is reserved say all of a statement."""
        if one.get("targets") and not self.of.get("paths"):
            return False
        if "codes" in self.of:
            return any(
                self.leaves(one) <= frozenset(code.get("reserve", ())) <= said for code in self.of["codes"].values()
            )
        return self.leaves(one) <= frozenset().union(*(label for label in self.labels.values() if label <= said))

    def _excepted(self, one: Intent, every: list[Intent]) -> bool:
        within = [other for other in every if other["stance"] == "permit" and other.get("targets")]
        whole = one["stance"] == "reserve" and not one.get("targets")
        return whole and any(self.leaves(other) & self.leaves(one) for other in within)

    def _meets(self, permission: Intent, reservation: Intent) -> bool:
        nearer = permission.get("targets") and not reservation.get("targets")
        return bool(self.leaves(permission) & self.leaves(reservation)) and not nearer

    def _nearness(self, one: Intent, url: str, names: frozenset[str]) -> int | None:
        """How near a statement is to a path; None where it does not speak of it."""
        if not one.get("targets"):
            return 0
        fitting = [len(target) for target in one["targets"] if target in names]
        if self.of.get("paths"):
            fitting += [len(target) for target in one["targets"] if target.startswith("/") and fits(target, url)]
        return max(fitting) if fitting else None

    def _labels(self, level: list[Intent], *, broaden: bool) -> Stances:
        """Rule 3, for statements that are equally near."""
        no = frozenset().union(*(self.leaves(one) for one in level if one["stance"] == "reserve"))
        yes = frozenset().union(*(self.leaves(one) for one in level if one["stance"] == "permit"))
        if "codes" in self.of:
            return self._code(no, yes, broaden=broaden)
        chosen = {name: "reserve" for name, label in self.labels.items() if label <= no}
        if broaden:
            for leaf in sorted(no):
                if not any(leaf in self.labels[name] for name in chosen):
                    around = [name for name, label in self.labels.items() if leaf in label]
                    around.sort(key=lambda name: (len(self.labels[name] & yes), len(self.labels[name])))
                    chosen |= dict.fromkeys(around[:1], "reserve")
        for name, label in self.labels.items():
            if label <= yes - no and not self.of.get("refuses_only"):
                chosen.setdefault(name, "permit")
        return chosen

    def _code(self, no: frozenset[str], yes: frozenset[str], *, broaden: bool) -> Stances:
        """The code of one value that says most."""
        best, most = "", (0, 0, 0)
        for name, code in self.of["codes"].items():
            refuses, allows = frozenset(code.get("reserve", ())), frozenset(code.get("permit", ()))
            wide = refuses - no
            if allows <= yes - no and (not wide or (broaden and refuses & no)):
                rank = len(refuses & no), len(allows), -len(wide)
                if rank[:2] > (0, 0) and (not best or rank > most):
                    best, most = name, rank
        return {best: "code"} if best else {}

    def _of(self, label: str) -> frozenset[str]:
        if label in self.labels:
            return self.labels[label]
        return frozenset(leaf for leaves in self.of["codes"][label].values() for leaf in leaves)

    def _by_leaf(self, chosen: Stances) -> Stances:
        found: dict[str, tuple[int, bool, str]] = {}
        for label, stance in chosen.items():
            if stance == "code":
                return {leaf: what for what, leaves in self.of["codes"][label].items() for leaf in leaves}
            for leaf in self.labels[label]:
                entry = (len(self.labels[label]), stance != "reserve", stance)
                found[leaf] = min(found.get(leaf, entry), entry)
        return {leaf: stance for leaf, (_, _, stance) in sorted(found.items())}

    def effect(self, intent: Intent, number: int, urls: list[str], names: frozenset[str]) -> str:
        """What becomes of one statement: exact, broader, narrower or lost."""
        one = intent["statements"][number]
        here = [url for url in urls if self._nearness(one, url, names) is not None]
        if one not in self._spoken(intent) or not here:
            return LOST
        told = [self.answers(intent, url, names) for url in here]
        nearest = [
            t
            for url, t in zip(here, told, strict=True)
            if self._nearness(one, url, names) == self._most(intent, url, names)
        ]
        got = [{leaf for leaf in self.leaves(one) if t.get(leaf) == one["stance"]} for t in nearest or told]
        if not any(got):
            return LOST
        meant = frozenset().union(*(self.leaves(s) for s in intent["statements"] if s["stance"] == "reserve"))
        beyond = any(stance == "reserve" and leaf not in meant for t in told for leaf, stance in t.items())
        if one["stance"] == "reserve" and (self.unsayable(one) or beyond):
            return BROADER
        short = any(leaves != self.leaves(one) for leaves in got) or (one.get("price") and not self.of.get("price"))
        return NARROWER if short else EXACT

    def _most(self, intent: Intent, url: str, names: frozenset[str]) -> int:
        found = [self._nearness(one, url, names) for one in intent["statements"]]
        return max(near for near in found if near is not None)


def fits(pattern: str, url: str) -> bool:
    """Whether a path pattern of robots.txt fits a path: `*` any characters, `$` last the end, else a prefix."""
    body = pattern.removesuffix("$")
    text = ".*".join(re.escape(part) for part in body.split("*"))
    return re.match(text + ("$" if pattern.endswith("$") else ""), url) is not None


def may_fetch(intent: Intent, crosswalk: dict[str, Any], crawler: str, url: str, at: str) -> bool:
    """Whether robots.txt lets a crawler fetch a path: not where one statement reserves all that it fetches for."""
    of = crosswalk["crawlers"]["names"][crawler]
    rules = Rules({"carriers": {"robots": {}}, "purposes": crosswalk["purposes"]}, "robots", at)
    wanted = frozenset(of["purposes"])
    verdicts: dict[int, bool] = {}
    for one in intent["statements"]:
        system = one.get("system", "*")
        broaden = intent.get("broaden", False)
        limited = "to" in one or "territory" in one
        if not rules.in_force(one) or system not in ("*", of["system"]) or (limited and not broaden):
            continue
        near = [len(target) for target in one.get("targets", ["/"]) if target.startswith("/") and fits(target, url)]
        meant = wanted <= rules.leaves(one) or (broaden and one["stance"] == "reserve" and wanted & rules.leaves(one))
        if near and meant:
            reserved = one["stance"] == "reserve"
            verdicts[max(near)] = verdicts.get(max(near), True) and not reserved
    return verdicts[max(verdicts)] if verdicts else True
