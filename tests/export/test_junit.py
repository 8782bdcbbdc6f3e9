"""JUnit XML, held against both schemas that are in use, as far as they say something of what we write."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

Export = Callable[..., Any]
# Element -> attributes that it must have, and those that it may have, by junit-10.xsd (jenkinsci/xunit-plugin) and
# JUnit.xsd (windyroad/JUnit-Schema) both.
ATTRIBUTES = {
    "testsuites": (set(), set()),
    "testsuite": (
        {"name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"},
        {"skipped"},
    ),
    "properties": (set(), set()),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname", "time"}, set()),
    "skipped": (set(), {"type", "message"}),
    "error": ({"type"}, {"message"}),
    "failure": ({"type"}, {"message"}),
    "system-out": (set(), set()),
    "system-err": (set(), set()),
}
# Element -> the order in which its children stand.
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"properties (testcase )*system-out system-err ",
    "properties": r"(property )*",
    "testcase": r"(skipped |error |failure )?",
}


def check(element: Element) -> None:
    needed, allowed = ATTRIBUTES[element.tag]
    assert needed <= set(element.keys()) <= needed | allowed, element.tag
    children = "".join(f"{child.tag} " for child in element)
    assert re.fullmatch(CHILDREN.get(element.tag, ""), children), (element.tag, children)
    for token in {"name", "classname", "package", "hostname"} & set(element.keys()):
        assert element.attrib[token] == " ".join(element.attrib[token].split()) != ""
    if element.tag == "testsuite":
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", element.attrib["timestamp"])
        for count, kind in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            assert int(element.attrib[count]) == len(element.findall(f"testcase/{kind}"))
        assert int(element.attrib["tests"]) == len(element.findall("testcase"))
    for child in element:
        check(child)


@pytest.fixture
def suites(export: Export) -> dict[str, Element]:
    root = ElementTree.parse(export("junit", name="results.xml").out).getroot()
    check(root)
    assert [int(suite.attrib["id"]) for suite in root] == list(range(17))
    return {suite.attrib["name"]: suite for suite in root}


def kinds(suite: Element) -> dict[str, str]:
    return {case.attrib["name"]: case[0].tag if len(case) else "passed" for case in suite.iter("testcase")}


def properties(suite: Element) -> dict[str, str]:
    return {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}


def test_what_became_of_an_exercise_is_what_became_of_its_test_case(suites: dict[str, Element]) -> None:
    assert kinds(suites["ada"]) == {"add": "passed", "mean": "passed"}
    assert kinds(suites["mended"]) == {"add": "failure", "mean": "passed"}
    assert kinds(suites["broken"]) == {"add": "passed", "mean": "error"}
    assert kinds(suites["half"]) == {"add": "passed", "mean": "skipped"}
    assert kinds(suites["refused"]) == kinds(suites["unseen"]) == {"what was handed in": "error"}
    assert kinds(suites["pardoned"]) == {"what was handed in": "failure", "mean": "failure"}
    assert kinds(suites["lost"]) == {"what was handed in": "error"}


def test_points_are_properties_and_none_where_they_are_not_final(suites: dict[str, Element]) -> None:
    assert properties(suites["mended"]) | {
        "score": "4",
        "points.add": "1 of 2",
        "set_by_a_person": "add",
    } == properties(suites["mended"])
    assert properties(suites["broken"])["score"] == ""
    assert properties(suites["trusty"])["trusted"] == "yes"


def test_names_survive_as_far_as_xml_can_hold_them(suites: dict[str, Element]) -> None:
    assert {"=cmd()|x", "李", 'O\'Hara, "Zed"; Ann', "\\u202eevil", "a b"} <= suites.keys()


def test_learners_text_is_text(suites: dict[str, Element]) -> None:
    failure = next(suite for name, suite in suites.items() if name.startswith("Zo")).find("testcase/failure")
    assert failure is not None
    assert "<script>alert(1)</script> & *bold*" in (failure.text or "")
    assert "\\x1b[31m\\u202e" in (failure.text or "")
    assert (failure.attrib["type"], failure.attrib["message"][:8]) == ("partial", "<script>")
