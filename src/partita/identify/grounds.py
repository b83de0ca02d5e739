"""Why a line was or was not matched: found by asking the rules themselves what would have changed their answer.

No threshold is repeated here. A candidate's figures are changed in one respect at a time (as if the performers were the
same, as if no numbers stood there), and the rules and the scorer are asked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from partita.identify import outcome, scorer, words
from partita.identify.features import NAMES, Figures
from partita.identify.policy import IdentifyPolicy

_AT = {name: place for place, name in enumerate(NAMES)}
_EQUAL_TITLE: Mapping[str, float] = {
    "title_core": 1, "title_full": 1, "title_raw": 1, "title_begin": 1, "title_loose": 1, "edits": 0, "cut": 0,
    "sound": 0, "numbers": 1, "aside": 1,
}  # fmt: skip
_OTHERS = "the performers stated are plainly others, and no writer agrees"
_NO_PERFORMER, _NO_WRITER, _NO_NAME = "no performer agrees", "no writer agrees", "no performer or writer agrees"
_IF: tuple[tuple[Mapping[str, float], str], ...] = (
    ({"performer_state": 1, "performer_best": 0, "performer_all": 0}, _OTHERS),
    ({"numbers": 0.5}, "the numbers in the titles differ"),
    ({"aside": -1}, "what stands in the titles' brackets differs"),
    ({"sound": 1}, "too much of a short title is another one, and it does not even sound the same"),
    ({"edits": 1}, "the titles are short and differ in more than one letter"),
    ({"reading": 0}, "title and performer would have to change places, and not both agree"),
    ({"performer_state": 0, "performer_best": 1, "performer_all": 1}, _NO_PERFORMER),
    ({"writer_state": 0, "writer_best": 1}, _NO_WRITER),
    (_EQUAL_TITLE, "the titles differ"),
)  # fmt: skip
"""What if, and what it is in words that stands in the way."""
_ONLY_SOUNDS = "the titles only sound alike, and no second field agrees"
_EFFECT_LEAST = 0.05


def with_values(figures: Figures, values: Mapping[str, float]) -> Figures:
    """One row of figures with other values; names that this version does not know are left out."""
    changed = figures.copy()
    for name, number in values.items():
        if name in _AT:
            changed[_AT[name]] = number
    return changed


def in_the_way(figures: Figures) -> list[str]:
    """What keeps a pair from being matched however probable it is; empty where nothing does."""
    if outcome.sure_enough(figures[None, :])[0]:
        return []
    if _value(figures, "sound") == 1 and outcome.sure_enough(with_values(figures, _EQUAL_TITLE)[None, :])[0]:
        return [_ONLY_SOUNDS]
    tried = np.stack([with_values(figures, values) for values, _ in _IF])
    would = outcome.sure_enough(tried)
    said = [text for (_, text), better in zip(_IF, would.tolist(), strict=True) if better]
    if _OTHERS in said or {_NO_PERFORMER, _NO_WRITER} <= set(said):
        said = [text for text in said if text not in (_NO_PERFORMER, _NO_WRITER)] + [_NO_NAME] * (_OTHERS not in said)
    return said or ["the titles are unlike, and neither a performer nor a writer agrees"]


def _value(figures: Figures, name: str) -> float | None:
    return float(figures[_AT[name]]) if name in _AT else None


def stopped_by(
    shares: Sequence[float], figures: Figures, policy: IdentifyPolicy, matched: bool
) -> list[str]:  # fmt: skip
    """Which rules stopped a line that was not matched; `shares` and `figures` are its candidates', best first."""
    if matched:
        return []
    if not shares:
        return ["no title, name or key of sound proposes any work"]
    best, second = shares[0], shares[1] if len(shares) > 1 else 0.0
    said = []
    if best < policy.reject:
        said.append(f"the best candidate's probability {best:.4f} is below reject = {policy.reject:g}")
    elif best < policy.accept:
        said.append(f"the best candidate's probability {best:.4f} is below accept = {policy.accept:g}")
    if best >= policy.reject and best - second < policy.margin:
        said.append(f"the next candidate is too near: {best:.4f} less {second:.4f} is below margin = {policy.margin:g}")
    return said + in_the_way(figures[0])


def differences(first: Figures, second: Figures) -> list[dict[str, Any]]:
    """In what the second candidate is worse, the weightiest first, by what the scorer would give it if it were not.

    `effect`: how much the logarithm of its odds would rise with the first's values in that group of features.
    """
    found = []
    for name in words.GROUPS:
        members = [m for m in NAMES if words.group(m) == name and first[_AT[m]] != second[_AT[m]]]
        if not members:
            continue
        taken = with_values(second, {m: float(first[_AT[m]]) for m in members})
        odds = scorer.odds(np.stack([taken, second]))
        effect = float(np.log(odds[0]) - np.log(odds[1]))
        if effect >= _EFFECT_LEAST:
            found.append({"about": name, "effect": round(effect, 3), "features": _told(members, first, second)})
    return sorted(found, key=lambda row: (-row["effect"], words.GROUPS.index(row["about"])))


def _told(members: Sequence[str], first: Figures, second: Figures) -> list[dict[str, Any]]:
    one, other = (
        words.told({name: round(float(value), 4) for name, value in zip(NAMES, row, strict=True)})
        for row in (first, second)
    )
    return [{"name": m, "label": words.label(m), "first": one[m], "second": other[m]} for m in members]


def runner_up(ids: Sequence[str], shares: Sequence[float], rows: Sequence[Mapping[str, Any]]) -> str:
    """Why the second candidate lost, in one sentence; empty where there is none."""
    if len(ids) < 2:
        return "no other work came near" if ids else ""
    if not rows:
        return f"{ids[1]} is as like the line as {ids[0]}"
    said = []
    for row in rows[:3]:
        shown = row["features"][0]
        said.append(f"{row['about']} ({shown['label']}: {shown['second']}, not {shown['first']})")
    verb = "lost" if shares[0] > shares[1] else "stands behind"
    return f"{ids[1]} {verb} on {', '.join(said)}"
