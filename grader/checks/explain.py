"""An exception that came out of a learner's function, as a failed check with a sentence."""

from __future__ import annotations

from collections.abc import Callable

from grader.checks.describe import call_text
from grader.checks.exceptions.table import in_words
from grader.checks.failure import CheckFailed
from grader.inert import inert
from grader.records import CheckStatus, Finding
from grader.wire.messages import Call, Place, Raised

_ALLOWED = (
    "Code that is graded may read Python's own files and use its scratch folder; it has no other files, no network and "
    "no other processes."
)


class BrokenCheck(Exception):
    """A check's own arguments could not be built where the learner's function runs: the check's fault."""


def explain(raised: Raised, call: Call, defined: Callable[[], str], line_of: Callable[[Place], str]) -> Exception:
    """The `CheckFailed` for an exception. `BrokenCheck` when the learner's function was not even reached.

    `defined` tells where the function is, for exceptions that went through no line of the learner's.
    """
    error = inert(raised.type_name, 100) + (f": {inert(raised.message, 400)}" if raised.message else "")
    last = raised.where[-1] if raised.where else None
    place = line_of(last) if last else defined()
    where = (("where", place),) if place else ()
    function, module = call.function, call.module
    facts = (("called", call_text(function, call.args)), ("raised", error), *where)
    if raised.stage == "build":
        return BrokenCheck(f"the arguments of {function} could not be built: {error}")
    if raised.stage == "missing":
        summary = f"There is no function {function} in {module}.py: {inert(raised.message, 200)}."
        return CheckFailed(Finding(summary), CheckStatus.TODO)
    said = in_words(raised, call, line_of(last) if last else "")
    if raised.stage == "import":
        facts = (("raised", error), *where)
        summary = f"{module}.py can't be imported, so nothing in it can be checked. {said}".rstrip()
        return CheckFailed(Finding(summary, facts))
    if raised.stage == "backward":
        return CheckFailed(Finding(said or "No gradient can be computed through what it returned.", facts))
    if raised.stage == "iterate":
        return CheckFailed(Finding(said or "What it returned can't be gone through in a for loop.", facts))
    if raised.stage == "encode":
        return CheckFailed(Finding("What it returned can't be looked at.", facts))
    culprit = last.function if last and last.function != function else None
    if raised.type_name == "PermissionError":
        return CheckFailed(Finding("It was denied something that it asked for.", facts, _ALLOWED), culprit=culprit)
    if last and raised.type_name == "NotImplementedError" and "NotImplementedError" in line_of(last):
        if last.function == function:
            return CheckFailed(Finding(f"{function} is still to do."), CheckStatus.TODO)
        summary = f"It calls {inert(last.function, 60)}, which is still to do."
        return CheckFailed(Finding(summary, facts), culprit=culprit)
    if raised.type_name in ("MemoryError", "OutOfMemoryError") or "can't allocate memory" in raised.message:
        return CheckFailed(Finding("It asked for more memory than it may use.", facts), culprit=culprit)
    return CheckFailed(Finding(said or "It stopped with an error.", facts), culprit=culprit)
