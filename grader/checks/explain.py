"""An exception that came out of a learner's function, as a failed check with a sentence for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.checks.compare import call_text
from grader.checks.explanations.calls import ARGUMENTS_ROWS, NOTHING_ROWS, RETURNED_ROWS
from grader.checks.explanations.numbers import DTYPES_ROWS, NUMBERS_ROWS, OPERANDS_ROWS
from grader.checks.explanations.row import MESSAGE, SYNTAX, Row, Seen
from grader.checks.explanations.sequences import ENDING_ROWS, SEQUENCES_ROWS
from grader.checks.explanations.shapes import SHAPES_ROWS
from grader.checks.explanations.syntax import NEWER_ROWS, SYNTAX_ROWS
from grader.checks.explanations.training import DATA_ROWS, GRADIENTS_ROWS
from grader.checks.explanations.unknown_names import ATTRIBUTES_ROWS, NAMES_ROWS
from grader.checks.marks import CheckFailed, FindingScope
from grader.checks.transport import PARAMETERS, Function, Source, Transport, told_apart
from grader.core.records import CheckStatus, Finding
from grader.core.sanitize import sanitized
from grader.reading.definitions import Signature
from grader.reading.module_text import NOTEBOOK
from grader.sandbox.inside.materialize import Unlike
from grader.sandbox.protocol.messages import Call, ChildEnded, CodeLine, Raised
from grader.sandbox.protocol.plain import TOO_LARGE, is_of_learners

BY_HAND = "The code itself raises this exception."
# Raised by hand they still do what they do.
_ENDS = ("SystemExit", "KeyboardInterrupt", "MemoryError", "OutOfMemoryError")

ROWS: tuple[Row, ...] = (
    *NEWER_ROWS,
    *SYNTAX_ROWS,
    *RETURNED_ROWS,
    *GRADIENTS_ROWS,
    *SHAPES_ROWS,
    *DTYPES_ROWS,
    *DATA_ROWS,
    *NOTHING_ROWS,
    *NAMES_ROWS,
    *ATTRIBUTES_ROWS,
    *ARGUMENTS_ROWS,
    *OPERANDS_ROWS,
    *SEQUENCES_ROWS,
    *NUMBERS_ROWS,
    *ENDING_ROWS,
)


def in_words(raised: Raised, call: Call, place: str, signature: str = "") -> str:
    """What an exception means and what to do about it, in a sentence or two; empty when that isn't known.

    `place` is the learner's line that it came out of, as `line_of` gives it: `lesson.py, line 3:  return total`;
    `signature` what the exercise's function is called with, where that is known: `mse(t1, t2)`.
    """
    seen = seen_of(raised, call, place, signature)
    if _raises_it(seen):
        return BY_HAND
    return next((sanitized(said, 600) for row in ROWS if (said := row.sentence(seen))), "")


def _raises_it(seen: Seen) -> bool:
    """Whether the line raises this very exception, with a message of the learner's own."""
    found = re.match(r"raise\s{1,9}(?:\w{1,60}\.){0,5}(\w{1,60})", seen.line)
    return found is not None and found[1] == seen.type_name and found[1] not in _ENDS


def seen_of(raised: Raised, call: Call, place: str, signature: str = "") -> Seen:
    """An exception as the rows see it."""
    line = place.partition(":  ")[2] or place
    message = raised.message[:MESSAGE]
    given = len(call.args) - (call.method is not None)
    in_cell = place[:5].lower() == "cell "
    return Seen(raised.stage, raised.type_name, message, line, call.function, call.module, given, signature, in_cell)


_ALLOWED = (
    "Code that is graded may read Python's own files and use its scratch folder; it has no other files, no network and "
    "no other processes."
)
_MEMORY = ("MemoryError", "OutOfMemoryError")
# With these the hints for an exercise can't help: they are about names, files and limits.
_SURROUNDINGS = (
    *(*SYNTAX, *_MEMORY, "NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "PermissionError"),
    *("FileNotFoundError", "OSError", "EOFError", "SystemExit", "KeyboardInterrupt", "RecursionError"),
)
# What a value of another kind than was thought leads to.
_OTHER_VALUES = ("TypeError", "AttributeError", "ValueError", "RuntimeError", "IndexError")


class BrokenCheck(Exception):
    """A check's own arguments could not be built where the learner's function runs: the check's fault."""


def explain(raised: Raised, call: Call, transport: Transport, functions: Mapping[str, Function]) -> Exception:
    """The `CheckFailed` for an exception. `BrokenCheck` when the learner's function was not even reached.

    `functions` are all that the exercises ask for.
    """
    error = sanitized(raised.type_name, 100) + (f": {sanitized(raised.message, 400)}" if raised.message else "")
    function, module = call.name, call.module
    if raised.stage == "build":
        return BrokenCheck(f"the arguments of {function} could not be built: {error}")
    source = transport.source(module, function)
    if raised.stage == "missing":
        return _missing(raised, call, source.file, functions)
    last = raised.where[-1] if raised.where else None
    line = transport.line_of(last) if last else ""
    wanted = functions[function].signature if function in functions else None
    if raised.type_name == Unlike.__name__ and not raised.where:
        said = f"{sanitized(raised.message, 200)}: its parameters and buffers should be those of the exercise."
        called = (("called", call_text(call.function, call.args)),)
        what = f"This object of {function}" if call.method is not None else f"What {function} is given here"
        return CheckFailed(Finding(f"{what} can't be filled. {said}", called))
    said = in_words(raised, call, line, wanted.text if wanted else "")
    if raised.stage == "import":
        return _unimportable(source, function, said, (("raised", error), *((("where", line),) if line else ())), last)
    # What is below another exercise's function is not shown: that one may be right, and be called wrongly.
    others = functions.keys() - {function}
    roots = [place.function.partition(".")[0] for place in raised.where]  # of a method, its class
    inside = next((at for at, root in enumerate(roots) if root in others), None)
    shown = raised.where[inside - 1] if inside else last
    # Where what a function is given could not be made, it was not reached.
    was_reached = raised.where or call.method is not None or not is_of_learners(call.args)
    place = shown or (transport.definition(module, call.function) if was_reached else None)
    facts = (("called", call_text(call.function, call.args)), ("raised", error))
    where = (("where", transport.line_of(place)),) if place else ()
    if raised.stage == "backward":
        facts = (facts[0], ("raised", f"backward() on the result: {error}"))
        gradient = Finding(said or "No gradient can be computed through the result.", (*facts, *where))
        return CheckFailed(gradient, place=place)
    if raised.stage == "iterate":
        return CheckFailed(
            Finding(said or "The result can't be used in a for loop.", (*facts, *where)),
            place=place,
        )
    if raised.stage == "encode" and raised.type_name == TOO_LARGE:
        found = Finding(f"The result is too large to check: {sanitized(raised.message, 200)}.", (*facts, *where))
        return CheckFailed(found, scope=FindingScope.SURROUNDINGS, place=place)
    if raised.stage == "encode":
        found = Finding("The result can't be read.", (*facts, *where))
        return CheckFailed(found, scope=FindingScope.SURROUNDINGS, place=place)
    reached = raised.where[inside].function if inside is not None else last.function if last else function
    culprit = reached if reached.partition(".")[0] != function else None
    scope = FindingScope.SURROUNDINGS if raised.type_name in _SURROUNDINGS else FindingScope.FUNCTION
    if raised.type_name == "PermissionError" and said != BY_HAND:
        denied = Finding("Your code tried something that the sandbox doesn't allow.", (*facts, *where), _ALLOWED)
        return CheckFailed(denied, culprit=culprit, scope=scope, place=place)
    if last and raised.type_name == "NotImplementedError" and "NotImplementedError" in line:
        if last.function.partition(".")[0] == function:
            of_method = where if "." in last.function else ()
            to_do = Finding(f"{sanitized(last.function, 100)} is still to do.", of_method)
            return CheckFailed(to_do, CheckStatus.TODO)
        if not source.written:  # an object that it is given could not be made
            return CheckFailed(Finding(f"{function} is still to do."), CheckStatus.TODO)
        summary = f"Your code calls {sanitized(last.function, 60)}, which is still to do."
        return CheckFailed(Finding(summary, (*facts, *where)), culprit=culprit, scope=FindingScope.SURROUNDINGS)
    if raised.type_name in _MEMORY or "can't allocate memory" in raised.message:
        memory = Finding("The code needed more memory than is available.", (*facts, *where))
        return CheckFailed(memory, culprit=culprit, scope=FindingScope.SURROUNDINGS, place=place)
    signature = source.signature
    if wanted and signature and call.method is None and (other := _other_signature(raised, call, wanted, signature)):
        defined = transport.definition(module, function)
        head = CodeLine(defined.module if defined else module, signature.line, function)
        at = transport.line_of(head)
        label = PARAMETERS if signature.takes(len(call.args)) else "exercise"
        return CheckFailed(
            Finding(other, (*facts, (label, wanted.text), ("where", at))), scope=FindingScope.SURROUNDINGS, place=head
        )
    if shown is not last:
        name = sanitized(reached, 60)
        said = said.replace(" on this line", f" in {name}")
        said = f"{name} stopped with an error when it was called here. {said}".rstrip()
    stopped = Finding(said or "The function stopped with an error.", (*facts, *where))
    return CheckFailed(stopped, culprit=culprit, scope=scope, place=place)


def explain_end(ended: ChildEnded, call: Call, transport: Transport) -> CheckFailed:
    """The same for a call that came to no end."""
    why = str(ended).replace(f"{call.module}.py", transport.source(call.module, call.name).file)
    called = (("called", call_text(call.function, call.args)),) if ended.in_call else ()
    status = CheckStatus.TIMED_OUT if ended.overran else CheckStatus.CRASHED
    return CheckFailed(Finding(why[:1].upper() + why[1:], called), status)


def _missing(raised: Raised, call: Call, file: str, functions: Mapping[str, Function]) -> CheckFailed:
    """A function or a class that there is not: what is asked for, or what it is given an object of."""
    message, function = sanitized(raised.message, 200), call.name
    other = raised.message.partition(" ")[0]
    if call.method is None and other != function and other in functions:
        return CheckFailed(Finding(f"{function} is given an object of {other}, and {message}."), CheckStatus.TODO)
    what = "function" if call.method is None else "class"
    return CheckFailed(Finding(f"There is no {what} {function} in {file}: {message}."), CheckStatus.TODO)


def _unimportable(
    source: Source, function: str, said: str, facts: tuple[tuple[str, str], ...], place: CodeLine | None
) -> CheckFailed:
    if source.is_alone:  # nothing is said of the whole module: other exercises may get on without what is missing here
        return CheckFailed(Finding(f"What {function} needs can't be defined. {said}".rstrip(), facts), place=place)
    summary = f"{source.file} can't be imported, so nothing in it can be checked. {said}"
    if source.file == NOTEBOOK:
        summary = f"The code of this part of the notebook can't be run, so nothing in it can be checked. {said}"
    status = CheckStatus.FAILED if source.written else CheckStatus.TODO
    return CheckFailed(Finding(summary.rstrip(), facts), status, scope=FindingScope.MODULE, place=place)


def _other_signature(raised: Raised, call: Call, wanted: Signature, found: Signature) -> str:
    """A sentence when the trouble is that the function has other parameters; else nothing."""
    if raised.type_name not in _OTHER_VALUES:
        return ""
    if raised.where and not found.takes(len(call.args)):
        return ""  # it was called, whatever its source says
    return told_apart(call.function, wanted, found, call.args)
