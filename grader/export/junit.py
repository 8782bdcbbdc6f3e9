"""JUnit XML, for CI systems: a test suite for each submission, a test case for each exercise.

Valid by both schemas that are in use: junit-10.xsd of Jenkins's xUnit plugin, and JUnit.xsd of windyroad/JUnit-Schema
(Apache Ant). The latter is the stricter one, and asks for times: records have none, so they are 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.export.cells import points
from grader.export.standing import Standing, part_text
from grader.inert import inert
from grader.records import ExerciseResult, ExerciseStatus, SubmissionStatus

# What is not written yet is skipped, what we failed at is an error, what earned less than all is a failure.
_KINDS = {
    ExerciseStatus.PASSED: "",
    ExerciseStatus.TODO: "skipped",
    ExerciseStatus.GRADER_ERROR: "error",
}


def junit_xml(standings: Iterable[Standing], assignment: str, begun: str) -> Iterator[str]:
    """The file in pieces, one for each submission. `begun` is when the batch was begun, ISO 8601 in UTC."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for number, standing in enumerate(standings):
        suite = _suite(standing, assignment, begun[:19], number)
        indent(suite, level=1)
        yield f"  {tostring(suite, encoding='unicode')}\n"
    yield "</testsuites>\n"


def _suite(standing: Standing, assignment: str, begun: str, number: int) -> Element:
    result = standing.result
    suite = Element("testsuite", name=_token(result.student), package=assignment, id=str(number), hostname="localhost")
    properties = SubElement(suite, "properties")
    known = {
        "status": result.status.value,
        "score": points(result.score) if standing.final else "",
        "max_score": points(result.max_score),
        **{f"points.{e.id}": f"{points(e.score)} of {points(e.max_score)}" for e in result.exercises},
        **({"set_by_a_person": " ".join(e.id for e in result.overridden)} if result.overridden else {}),
        **({"trusted": "yes"} if result.trusted else {}),
    }
    for name, value in known.items():
        SubElement(properties, "property", name=name, value=value)
    kinds = []
    if result.status is not SubmissionStatus.GRADED:
        kinds.append("failure" if standing.final else "error")
        case = SubElement(suite, "testcase", name="what was handed in", classname=assignment, time="0")
        _outcome(case, kinds[-1], result.status.value, standing.opening())
    by_id = {exercise.id: exercise for exercise in result.exercises}
    for part in standing.parts:
        exercise = by_id[part.id]
        kinds.append(_kind(exercise))
        case = SubElement(suite, "testcase", name=exercise.id, classname=assignment, time="0")
        _outcome(case, kinds[-1], exercise.status.value, part_text(part))
    SubElement(suite, "system-out").text = standing.opening()
    SubElement(suite, "system-err").text = ""
    counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    suite.attrib |= {"tests": str(len(kinds)), **{name: str(kinds.count(kind)) for name, kind in counts.items()}}
    suite.attrib |= {"time": "0", "timestamp": begun}
    return suite


def _kind(exercise: ExerciseResult) -> str:
    return _KINDS.get(exercise.status, "failure")


def _outcome(case: Element, kind: str, status: str, text: str) -> None:
    if kind:
        first = text.split("\n")[1] if "\n" in text else text
        SubElement(case, kind, type=status, message=inert(first, 300)).text = text


def _token(name: str) -> str:
    """XML's tokens have no spaces at their ends and no two in a row."""
    return " ".join(inert(name, 300).split()) or "(no name)"
