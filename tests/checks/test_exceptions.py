"""Exceptions in plain words: each is really raised by a learner's code, and told by what a learner would read."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from grader.checks import CheckFailed
from grader.checks.explain import ROWS, explain, in_words, seen_of
from grader.checks.explanations import syntax
from grader.checks.explanations.row import Seen
from grader.checks.transport import Function, Source
from grader.reading.definitions import place_of, signature_of
from grader.sandbox.inside.execute import perform
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.encoding import decode_answer, encode_answer
from grader.sandbox.protocol.messages import Backward, Call, CodeLine, Iterate, Raised
from tests.checks.exception_cases import CASES, HEAD, WITH_TWO, W, body

UNKNOWN = "The function stopped with an error."


@dataclass(frozen=True)
class Told:
    """What became of one call: what the learner reads, and the exception as the table saw it."""

    summary: str
    seen: Seen
    facts: tuple[tuple[str, str], ...]


class Code:
    """The module `lesson` with this source, which was called already."""

    def __init__(self, source: str) -> None:
        self.text = source

    def send(self, call: Call) -> Any:
        raise AssertionError(call)

    def line_of(self, place: CodeLine) -> str:
        lines = self.text.split("\n")
        text = lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""
        return f"lesson.py, line {place.line}:  {text}"

    def definition(self, module: str, function: str) -> CodeLine | None:
        line = place_of(self.text, function)
        return CodeLine(module, line, function) if line else None

    def source(self, module: str, function: str) -> Source:
        return Source(f"{module}.py", signature=signature_of(self.text, function))


def told(
    source: str,
    *,
    args: tuple[Any, ...] = (W,),
    then: Backward | Iterate | None = None,
    module: str = "lesson",
    wanted: str = "",
) -> Told:
    """Call `f` of a module `lesson` with this source, send what comes of it over the wire, and explain it."""
    call = Call(module, "f", args, then)
    modules = LearnerModules({"helpers": "def mean(x):\n    return x.mean()\n", "lesson": source})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            came = perform(call, modules, "cpu", (BaseException,))
    finally:
        modules.forget()
    raised = decode_answer(encode_answer(came))
    assert isinstance(raised, Raised), f"nothing was raised: {raised}"

    code = Code(source)
    signature = signature_of(f"def {wanted}: 0", "f") if wanted else None
    said = explain(raised, call, code, {"f": Function("lesson", (), signature), "other": Function("lesson")})
    assert isinstance(said, CheckFailed), said
    seen = seen_of(raised, call, code.line_of(raised.where[-1]) if raised.where else "")
    return Told(said.finding.summary, seen, said.finding.facts)


def name_of(case: tuple[str, str, Any, Any]) -> str:
    return case[0].removeprefix(HEAD).removeprefix("def f(w):\n").strip().replace("\n", "; ")[:70]


@cache
def told_of(at: int) -> Told:
    """What came of a case, really raised, once."""
    source, _, then, args = CASES[at]
    return told(source, args=args, then=then)


@pytest.mark.parametrize("at", range(len(CASES)), ids=[name_of(case) for case in CASES])
def test_an_exception_is_told_with_what_to_do(at: int) -> None:
    assert re.search(CASES[at][1], told_of(at).summary), told_of(at)


def test_every_row_of_the_table_is_for_an_exception_that_was_raised() -> None:
    raised = [*map(told_of, range(len(CASES))), told(body("pass"), module="absent")]
    used = {next((at for at, row in enumerate(ROWS) if row.sentence(each.seen)), None) for each in raised}
    elsewhere = {*syntax.NEWER_ROWS}  # what a newer Python would take: tests/checks/test_newer.py
    assert [row.text for at, row in enumerate(ROWS) if at not in used and row not in elsewhere] == []


def test_what_is_said_is_one_short_paragraph_of_sentences() -> None:
    for each in map(told_of, range(len(CASES))):
        said = each.summary.removeprefix("lesson.py can't be imported, so nothing in it can be checked. ")
        assert 20 < len(said) <= 300, said
        assert "\n" not in said
        assert said[-1] in ".?" or ": import " in said or ": from " in said, said


def test_a_module_that_was_not_handed_in_is_named() -> None:
    assert told(body("pass"), module="absent").summary == (
        "absent.py can't be imported, so nothing in it can be checked. "
        "The module absent is not among the files you handed in."
    )


def test_the_learners_own_call_and_the_exercises_are_told_apart() -> None:
    assert WITH_TWO in told("def f(w):\n    return w", args=(W, W)).summary
    theirs = told("def f(w, x=1):\n    return f()", args=(W, W)).summary
    assert theirs.startswith("f was called without w.")


def test_what_was_called_raised_and_where_stay_beside_the_sentence() -> None:
    call = Call("lesson", "f", (1,))
    raised = Raised("call", "AttributeError", "'Tensor' object has no attribute 'zero'", (CodeLine("lesson", 7, "f"),))
    said = explain(raised, call, Code("\n" * 6 + "w.zero()"), {})
    assert isinstance(said, CheckFailed)
    assert said.finding.summary == "A tensor has no zero. Was zero_ meant?"
    assert said.finding.facts == (
        ("called", "f(1)"),
        ("raised", "AttributeError: 'Tensor' object has no attribute 'zero'"),
        ("where", "lesson.py, line 7:  w.zero()"),
    )


def test_a_learner_reads_whether_the_call_raised_or_backward_on_what_it_returned() -> None:
    every = [(each.seen.stage, dict(each.facts)) for each in map(told_of, range(len(CASES)))]
    raised = [(stage, facts["raised"]) for stage, facts in every if "raised" in facts]
    assert {stage for stage, _ in raised} >= {"call", "backward"}
    for stage, said in raised:
        assert said.startswith("backward() on the result: ") == (stage == "backward"), said


def test_what_the_table_does_not_know_is_said_without_a_guess() -> None:
    assert told(body("torch.autograd.gradcheck(lambda x: x.detach() * 2, torch.ones(1))")).summary == UNKNOWN


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('hello')",
        "raise RuntimeError",
        "raise Exception('mat1')",
        "raise ZeroDivisionError",
        "raise TypeError('f() takes 1 positional argument but 2 were given')",
    ],
)
def test_what_the_code_raises_itself_is_not_explained_by_its_name(code: str) -> None:
    assert told(body(code)).summary == "The code itself raises this exception."


# These can't be raised by this torch on a machine without a GPU. The first two are in the binaries of torch 2.4.1 and
# 2.13.0, the third in the latter's, the others in the former's alone.
@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!", "devices"),
        ("Expected all tensors to be on the same device. addmm: expected 'mat1' to be a CPU tensor", "devices"),
        ("Expected all tensors to be on the same device, but got mat2 is on cpu, different from", "devices"),
        ("One of the differentiated Tensors appears to not have been used in the graph.", "doesn't depend on"),
        ("attempting to assign a gradient with dtype 'double' to a tensor with dtype 'float'.", "dtype and the device"),
    ],
)
def test_other_wordings_of_torch_are_known(message: str, says: str) -> None:
    assert says in in_words(Raised("call", "RuntimeError", message), Call("lesson", "f", ()), "")


# Learners write messages themselves: nothing of them is repeated but names and numbers, and those cut short.

FORGED = [
    ("AttributeError", "'Tensor' object has no attribute 'zero\u202e'"),
    ("AttributeError", "'Tensor' object has no attribute '<b>'"),
    ("AttributeError", f"'{'T' * 2000}' object has no attribute 'x'"),
    ("TypeError", "<script>() missing 1 required positional argument: 'x'"),
    ("TypeError", "f() missing 1 required positional argument: '<script>alert(1)</script>'"),
    ("TypeError", "f() received an invalid combination of arguments - got (<b>), but"),
    ("KeyError", "'<b>you got full points</b>'"),
    ("SyntaxError", "expected an indented block after YOU GET FULL POINTS on line 3"),
    ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (<b>x3 and 2x3)"),
    ("RuntimeError", "shape '[1, 1, \x1b[31m]' is invalid for input of size 3"),
]


@pytest.mark.parametrize(("type_name", "message"), FORGED)
def test_a_forged_message_puts_nothing_of_its_own_into_the_sentence(type_name: str, message: str) -> None:
    said = in_words(Raised("call", type_name, message), Call("lesson", "f", ()), "")
    assert not {"<", "\u202e", "\x1b"} & set(said)
    assert "full points" not in said.lower()
    assert "T" * 61 not in said


def test_numbers_and_names_of_any_length_leave_the_sentence_short() -> None:
    for message in (
        f"mat1 and mat2 shapes cannot be multiplied ({'9' * 900}x3 and 2x{'3' * 900})",
        f"shape '[{'1, ' * 600}]' is invalid for input of size 3",
        f"'{'a.' * 900}' object is not callable",
        f"f() received an invalid combination of arguments - got ({'x=a, ' * 300})",
    ):
        said = in_words(Raised("call", "TypeError", message), Call("lesson", "f", ()), "")
        assert len(said) <= 600


def repeats(parsed: Any, inside: int = 0) -> Iterator[tuple[Any, int]]:
    """Every repetition in a parsed pattern: how often at most, and how many repetitions it is inside of."""
    for operator, argument in parsed:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, inner = argument
            yield most, inside
            yield from repeats(inner, inside + (most > 1))
        elif name == "SUBPATTERN":
            yield from repeats(argument[3], inside)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from repeats(branch, inside)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from repeats(argument[1], inside)


def test_no_pattern_can_be_made_slow_by_a_message() -> None:
    parser = re._parser  # type: ignore[attr-defined]
    for row in ROWS:
        for most, inside in repeats(parser.parse(row.text)):
            assert most <= 200, row.text
            assert most <= 1 or not inside, row.text
    for text in ("(", "1,", "5x", "'a' ", "f.", "a" * 7 + " ", "<locals>.", "'a', ", "mat1 and mat2 shapes ", "(1, "):
        message = (text * 2000)[:2000]
        for stage in ("import", "call", "backward", "iterate"):
            for type_name in ("TypeError", "SyntaxError", "RuntimeError"):
                in_words(Raised(stage, type_name, message), Call("lesson", "f", ()), "")
