"""The duties of the licences on which an answer rests: what was done of them, and what they take back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from partita.clear import Answer, odrl
from partita.clear.odrl import Request
from partita.errors import InputError
from partita.formats import odrl as policies
from partita.price import models
from partita.registry.facts import Offer, Said

VIOLATED = "duty_violated"
"""The code of an answer that a licence allowed until a duty was not fulfilled in time."""

UNREADABLE = "terms_unreadable"
"""The code of an answer that a licence would allow, whose duties cannot be read although they are to be evaluated."""

UNSTATED = "unstated"
"""The state of a duty where nobody says what was done."""

BROKEN = {
    "violated": (VIOLATED, "A duty of the licence was not fulfilled", "授權所附之義務未履行"),
    "unreadable": (UNREADABLE, "The terms of the licence cannot be read", "授權條款無法辨識"),
}
"""States of a duty under which a licence allows nothing: the code, and words in English and Chinese."""


def of_licences(
    offers: Iterable[Offer], request: Request, figures: Mapping[str, str], *, stated: bool
) -> list[dict[str, Any]]:
    """Each duty of the offers' terms and its state on the request's day; `unstated` where no deeds are `stated`.

    Rules that are obligations of their own count as duties.
    """
    found = []
    for offer in offers:
        try:
            policy = policies.read(offer.terms)
        except ValueError as error:
            state = "unreadable" if stated else UNSTATED
            found.append({"offer": offer.offer_id, "duty": "", "action": "terms", "state": state, "reason": str(error)})
            continue
        asked = replace(request, owed_micro=_owed(offer, policy, figures))
        listed = [duty for rule in policy.rules for duty in (rule, *rule.duties) if duty.kind not in _GIVING]
        reports = [odrl.duty(duty, asked) for duty in listed]
        found += [{"offer": offer.offer_id, "duty": report.duty.uid, "action": ", ".join(report.duty.actions),
                   "state": report.state if stated else UNSTATED, "reason": report.reason}
                  for report in reports]  # fmt: skip
    return found


_GIVING = frozenset({"permission", "prohibition"})
"""Rules that are no duties."""


def _owed(offer: Offer, policy: policies.Policy, figures: Mapping[str, str]) -> dict[str, int]:
    """What each duty to pay owes by the offer's model, where the figures are given."""
    try:
        return models.owed(models.fee(models.model(offer.model), models.terms_of(policy), figures, offer.currency))
    except InputError:
        return {}


def applied(
    shown: Mapping[str, Any], answer: Answer, duties: Iterable[Mapping[str, Any]], language: str
) -> dict[str, Any]:
    """The answer as `shown`; unknown where a licence that it rests on has a duty that is violated, or unreadable.

    The shares that rested on such a licence are no longer allowed.
    """
    broken = [row for row in duties if row["state"] in BROKEN]
    if not broken:
        return dict(shown)
    code, english, chinese = BROKEN[broken[0]["state"]]
    about = f"{broken[0]['action']}, {broken[0]['reason']} (offer {broken[0]['offer']})"
    offers = {row["offer"] for row in broken}
    parts, lost = [], {}
    for part, row in zip(answer.parts, shown["shares"]["parts"], strict=True):
        said = part.statement
        rests = part.answer == "allowed" and isinstance(said, Said) and said.offer_id in offers
        parts.append(row | {"answer": "unknown", "code": code} if rests else row)
        if rests and part.held is not None and part.thing[0] == "work":
            lost[part.held] = part.held.share_ppm
    reasons = {"en": f"{english}: {about}", "zh-Hant": f"{chinese}：{about}"}
    shares = {"allowed_ppm": shown["shares"]["allowed_ppm"] - sum(lost.values()), "parts": parts}
    return dict(shown) | {"answer": "unknown", "code": code, "reason": reasons[language],
                          "reason_zh": reasons["zh-Hant"], "shares": shown["shares"] | shares}  # fmt: skip
