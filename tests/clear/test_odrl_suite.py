"""The ODRL test suite of SolidLab (MIT), run where it lies; it is not part of the project.

Set PARTITA_VECTORS to a folder that holds a checkout of it as `ODRL-Test-Suite`.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, URIRef
from rdflib.term import Node

from partita.clear import odrl
from partita.clear.odrl import Request
from partita.formats.odrl import Condition, Constraint, Logical, Policy, Rule, name

ODRL = rdflib.Namespace("http://www.w3.org/ns/odrl/2/")
EX = rdflib.Namespace("http://example.org/")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
REPORT = rdflib.Namespace("https://w3id.org/force/compliance-report#")
FOLDER = Path(os.environ.get("PARTITA_VECTORS", "vectors")) / "ODRL-Test-Suite" / "data"
KINDS = {REPORT.PermissionReport: "permission", REPORT.ProhibitionReport: "prohibition"}
PREMISES = {REPORT.TargetReport: "target", REPORT.PartyReport: "party", REPORT.ActionReport: "action"}


def case_files() -> list[Path]:
    """The cases, or none where the suite is absent."""
    return sorted((FOLDER / "test_cases").glob("*.ttl"))


class World:
    """The suite's folders as one graph, and Partita's records read from it."""

    def __init__(self, case: Path) -> None:
        self.case = rdflib.Graph().parse(case, format="turtle")
        self.root = next(self.case.subjects(RDF.type, EX.TestCase))
        self.policy = self.named("policies", EX.policy)
        self.request = self.named("requests", EX.request)
        self.sotw = self.named("sotw", EX.sotw)

    def named(self, folder: str, link: URIRef) -> tuple[rdflib.Graph, Node]:
        """The graph that holds the thing a case links to, and the thing."""
        thing = next(self.case.objects(self.root, link))
        for file in sorted((FOLDER / folder).glob("*.ttl")):
            graph = rdflib.Graph().parse(file, format="turtle")
            if (thing, None, None) in graph:
                return graph, thing
        raise AssertionError(f"{thing} stands in no file of {folder}")


def condition(graph: rdflib.Graph, node: Node) -> Condition:
    """A constraint of the graph."""
    for kind in ("and", "or", "xone"):
        parts = sorted(graph.objects(node, ODRL[kind]), key=str)
        if parts:
            return Logical(kind, tuple(condition(graph, part) for part in parts))
    left, relation = (name(str(next(graph.objects(node, ODRL[key])))) for key in ("leftOperand", "operator"))
    return Constraint(left, relation, tuple(str(right) for right in graph.objects(node, ODRL.rightOperand)))


def rule(graph: rdflib.Graph, node: Node, kind: str) -> Rule:
    """A rule of the graph."""

    def texts(key: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(found) for found in graph.objects(node, key)))

    return Rule(
        kind,
        uid=str(node),
        actions=tuple(name(text) for text in texts(ODRL.action)),
        targets=texts(ODRL.target),
        assignees=texts(ODRL.assignee),
        conditions=tuple(condition(graph, part) for part in sorted(graph.objects(node, ODRL.constraint), key=str)),
        duties=tuple(rule(graph, part, "duty") for part in graph.objects(node, ODRL.duty)),
    )


def policy(world: World) -> Policy:
    """The policy of a case."""
    graph, node = world.policy
    rules = [
        rule(graph, part, kind) for kind in ("permission", "prohibition") for part in graph.objects(node, ODRL[kind])
    ]
    return Policy(str(node), "Set", tuple(rules))


def request(world: World) -> Request:
    """The request of a case in its state of the world."""
    graph, node = world.request
    asked = next(graph.objects(node, ODRL.permission))
    state, _ = world.sotw
    issued = next(state.objects(URIRef("http://example.com/request/currentTime"), DCT.issued))
    groups: dict[str, set[str]] = {}
    for member, group in state.subject_objects(ODRL.partOf):
        groups.setdefault(str(member), set()).add(str(group))
    duties = {
        str(next(state.objects(report, REPORT.rule))): str(deontic).removeprefix(str(REPORT)).lower()
        for report, deontic in state.subject_objects(REPORT.deonticState)
    }
    one = {key: str(next(graph.objects(asked, ODRL[key]))) for key in ("action", "target", "assignee")}
    return Request(
        action=name(one["action"]),
        target=one["target"],
        assignee=one["assignee"],
        at=dt.datetime.fromisoformat(str(issued)),
        member_of={member: frozenset(found) for member, found in groups.items()},
        states=duties,
    )


def satisfied(graph: rdflib.Graph, node: Node) -> bool:
    """What a part of the expected report says."""
    return next(graph.objects(node, REPORT.satisfactionState)) == REPORT.Satisfied


def expected(world: World) -> dict[str, tuple[str, bool, dict[str, bool], list[bool]]]:
    """By rule: its kind, whether it is active, its premises, and its top-level constraints."""
    graph, result = world.case, {}
    for report in graph.subjects(REPORT.rule, None):
        kind = KINDS[next(graph.objects(report, RDF.type))]
        active = next(graph.objects(report, REPORT.activationState)) == REPORT.Active
        premises, constraints = {}, []
        for part in graph.objects(report, REPORT.premiseReport):
            sort = next(graph.objects(part, RDF.type), None)
            if sort is None:  # one case refers to premises that it does not describe: any will do
                premises |= dict.fromkeys(PREMISES.values(), True)
                continue
            if sort in PREMISES:
                premises[PREMISES[sort]] = satisfied(graph, part)
            else:
                constraints.append(satisfied(graph, part))
        result[str(next(graph.objects(report, REPORT.rule)))] = (kind, active, premises, sorted(constraints))
    return result


def found(world: World) -> dict[str, tuple[str, bool, dict[str, bool], list[bool]]]:
    """The same of Partita's evaluation."""
    result = {}
    for report in odrl.evaluate(policy(world), request(world)).rules:
        parts = {part.what: part.holds is True for part in report.premises if part.what in PREMISES.values()}
        constraints = sorted(part.holds is True for part in report.premises if part.what not in PREMISES.values())
        result[report.rule.uid] = (report.rule.kind, report.active is True, parts, constraints)
    return result


@pytest.mark.skipif(not case_files(), reason="the ODRL test suite is not here: set PARTITA_VECTORS")
def test_every_case_of_the_suite_agrees() -> None:
    """Kind, activation, premises and constraints of each rule are what the suite's reports expect, in all 68 cases."""
    cases = case_files()
    wrong = [case.name for case in cases if expected(World(case)) != found(World(case))]
    assert len(cases) == 68
    assert wrong == []
