"""ODRL policies: what they permit and forbid, and duties that are evaluated with money and days."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from partita.clear import odrl
from partita.clear.odrl import Deed, Request
from partita.formats.odrl import read, write

CASES = yaml.safe_load((Path(__file__).parent / "odrl_cases.yaml").read_text(encoding="utf-8"))


def request(given: dict[str, object]) -> Request:
    """A request as a case states it."""
    deeds = tuple(
        Deed(
            deed["action"],
            deed["day"],
            deed.get("duty", ""),
            int(deed.get("amount_micro", 0)),
            deed.get("currency", ""),
        )
        for deed in given.get("deeds", [])  # type: ignore[attr-defined]
    )
    return Request(
        action=str(given["action"]),
        target=str(given.get("target", "urn:work:1")),
        assignee=str(given.get("assignee", "urn:party:suno")),
        at=dt.datetime.combine(given["at"], dt.time(12), dt.UTC),  # type: ignore[arg-type]
        world={key: tuple(values) for key, values in given.get("world", {}).items()},  # type: ignore[attr-defined]
        deeds=deeds,
        owed_micro=given.get("owed_micro", {}),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_given_and_expected(case: dict[str, object]) -> None:
    """Each case of the file has the answer and the duties that it states."""
    report = odrl.evaluate(read(json.dumps(case["policy"])), request(case["request"]))  # type: ignore[arg-type]
    assert report.answer == case["answer"], report.reason
    found = [duty.state for rule in report.rules for duty in rule.duties]
    assert found == case.get("duties", found)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_writing_and_reading_gives_the_same_policy(case: dict[str, object]) -> None:
    """A policy written and read again is the same."""
    policy = read(json.dumps(case["policy"]))
    assert read(write(policy)) == policy


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "not JSON"),
        ("[1, 2]", "no JSON object"),
        ("{}", "no permission"),
        ('{"permission": ["x"]}', "no JSON object"),
        ('{"permission": [{"constraint": [{"leftOperand": "dateTime"}]}]}', "operator"),
        ('{"permission": [{"action": [{}]}]}', "no name"),
        ("[" * 100_000, "not JSON"),
        (" " * 1_000_001, "at most"),
    ],
)
def test_what_is_no_policy_is_refused_in_words(text: str, wrong: str) -> None:
    """Broken, empty and endless texts are refused with the part that is wrong."""
    with pytest.raises(ValueError, match=wrong):
        read(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=9),
        lambda t: (
            st.lists(t)
            | st.dictionaries(
                st.sampled_from(
                    ["permission", "action", "constraint", "duty", "leftOperand", "operator", "rightOperand", "and"]
                ),
                t,
            )
        ),
    )
)
def test_any_json_is_a_policy_or_a_value_error(data: object) -> None:
    """No JSON gives another error than ValueError, and no odd policy is an allowance without a permission."""
    try:
        policy = read(json.dumps(data))
    except ValueError:
        return
    asked = Request("train_generative", "urn:work:1", "urn:party:suno", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    report = odrl.evaluate(policy, asked)
    if not any(rule.kind == "permission" for rule in policy.rules):
        assert report.answer != "allowed"


duty_days = st.integers(-20, 20)


@given(
    due=duty_days,
    paid=st.lists(st.tuples(duty_days, st.integers(0, 100)), max_size=4),
    owed=st.integers(1, 200),
    other=st.sampled_from(["none", "permission", "prohibition"]),
)
def test_a_violated_duty_never_allows(due: int, paid: list[tuple[int, int]], owed: int, other: str) -> None:
    """Less than owed by the deadline, once it has passed: no permission stands on it; another permission may."""
    today = dt.date(2026, 6, 1)
    deadline = today + dt.timedelta(days=due)
    licence = {
        "action": "urn:partita:odrl:train",
        "duty": [{
            "uid": "urn:d", "action": [{"rdf:value": {"@id": "compensate"}, "refinement": [
                {"leftOperand": "payAmount", "operator": "eq", "rightOperand": str(owed), "unit": "EUR"}]}],
            "constraint": [{"leftOperand": "dateTime", "operator": "lteq", "rightOperand": deadline.isoformat()}],
        }],
    }  # fmt: skip
    policy = {"uid": "urn:p", "@type": "Agreement", "permission": [licence]}
    if other != "none":
        policy[other] = [*policy.get(other, []), {"action": "urn:partita:odrl:train"}]  # type: ignore[misc]
    deeds = tuple(
        Deed("compensate", today + dt.timedelta(days=day), "urn:d", amount * 1_000_000, "EUR") for day, amount in paid
    )
    asked = Request("train", "urn:work:1", "urn:party:x", dt.datetime.combine(today, dt.time(12), dt.UTC), deeds=deeds)
    report = odrl.evaluate(read(json.dumps(policy)), asked)
    state = report.rules[0].duties[0].state
    in_time = sum(amount for day, amount in paid if day <= min(due, 0))

    assert state == ("fulfilled" if in_time >= owed else "violated" if due < 0 else "open")
    if state == "violated":
        assert report.rules[0].active is False
        assert report.answer == {"none": "unknown", "permission": "allowed", "prohibition": "refused"}[other]
    if other == "prohibition":
        assert report.answer == "refused"
