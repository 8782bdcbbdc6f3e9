"""The sealed mistakes of a lesson for its learners, made from the bank: `exercises/LESSON/.mistakes.json`.

A mistake is sealed with what it shows in the visible checks, and with its predicate, if it has one; one that shows what
is right in all their calls, or what another one shows, with what they say of it as well. One that passes them isn't
sealed, nor are those that can't be told apart so, nor one that is so near to what is right that the right answer would
open it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.core.assignment import SEALED, Assignment, Exercise
from grader.core.errors import BankError
from grader.grading.bank import MISTAKES, Bank, Mistake, lesson_parts, load_bank, reference
from grader.reading.definitions import signature_of

_FORM = 4  # of the file; another one is out of date

if TYPE_CHECKING:  # these import torch, which nobody needs to know whether the file is up to date
    from grader.checks.observed import Feature
    from grader.grading.collected_checks import CollectedChecks


def seal_mistakes(root: Path, assignment: Assignment) -> Path | None:
    """Write the file anew, if it is out of date; the path if it was written.

    Raises `BankError`, and `GradingError` when the visible checks can't be run.
    """
    path = root / "exercises" / assignment.id / SEALED
    if not out_of_date(root, assignment):
        return None
    try:
        path.write_bytes(sealed_mistakes(root, assignment))
    except OSError as error:
        raise BankError(f'"{path}" can\'t be written: {error.strerror or error}.') from None
    return path


def out_of_date(root: Path, assignment: Assignment) -> str:
    """A sentence when the file isn't made from the bank and the visible checks as they are now; else nothing.

    What it was made from is noted in it: to make it takes a while, and its last digits may differ from one machine to
    another.
    """
    file = f"exercises/{assignment.id}/{SEALED}"
    wanted, found = made_from(root, assignment), ""
    try:
        found = json.loads((root / file).read_text(encoding="utf-8"))["made from"]
    except FileNotFoundError:
        if not any(load_bank(root, assignment).mistakes.values()):
            return ""
    except (OSError, ValueError, KeyError, TypeError):
        pass
    remedy = '"python -m grader stubs" brings it up to date.'
    return "" if found == wanted else f"{file} is not what bank and visible checks give; {remedy}"


def made_from(root: Path, assignment: Assignment) -> str:
    """A digest of all that the sealed mistakes are made from: bank, reference, visible checks, the lesson's parts."""
    solutions, exercises = root / "solutions" / assignment.id, root / "exercises" / assignment.id
    paths = [*(solutions / MISTAKES).rglob("*.py"), *(solutions / f"{module}.py" for module in assignment.modules)]
    digest = hashlib.sha256(json.dumps([_FORM, lesson_parts(root, assignment)]).encode())
    for path in sorted([*paths, *(exercises / "checks").rglob("*.py")]):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def sealed_mistakes(root: Path, assignment: Assignment) -> bytes:
    """The content of the file. Raises `BankError`, and `GradingError` when the visible checks can't be run."""
    from grader.grading.collected_checks import run_visible
    from grader.sandbox.inside.warmup import first_steps

    bank = load_bank(root, assignment)
    sources = reference(root, assignment)
    exercises: dict[str, Any] = {}

    def run_all(checks: CollectedChecks) -> None:
        first_steps()  # what is imported late must not be interrupted by a limit on time
        for exercise in assignment.exercises.values():
            signature = signature_of(sources[exercise.module], exercise.function)
            exercises[exercise.id] = {
                "signature": signature.text if signature else "",
                **_sealed(checks, assignment, exercise, bank, sources),
            }

    run_visible(root, assignment, run_all)
    lines = [f"  {json.dumps(name)}: {_lines(known)}" for name, known in exercises.items()]
    source = json.dumps(made_from(root, assignment))
    return (f'{{"made from": {source},\n "exercises": {{\n' + ",\n".join(lines) + "\n}}\n").encode()


def _sealed(
    checks: CollectedChecks, assignment: Assignment, exercise: Exercise, bank: Bank, sources: dict[str, str]
) -> dict[str, Any]:
    from grader.checks.observed import alike, looked_at, shown
    from grader.grading.local_run import implemented, self_checked
    from grader.selfcheck.known_mistakes import Known, opened, said, seal, sealed_json

    calls = self_checked(checks, assignment, exercise, sources).calls
    looked = looked_at(calls)
    right = shown(calls, looked) or []
    ran_all: list[tuple[Mistake, list[Feature], list[Feature]]] = []
    for mistake in bank.mistakes[exercise.id]:
        for way in mistake.ways:
            ran = self_checked(checks, assignment, exercise, implemented(sources, exercise.module, way.source))
            if not ran.passed and (seen := shown(ran.calls, looked)):
                ran_all.append((mistake, seen, said(ran.outcomes)))
    found: list[tuple[Mistake, list[Feature]]] = []
    for mistake, seen, says in ran_all:
        others = [known for other, known, _ in ran_all if other is not mistake]
        if not mistake.predicate and any(alike(seen, known) for known in (right, *others)):
            seen = [*seen, *says]
        if not any(mistake is other and alike(seen, known) for other, known in found):
            found.append((mistake, seen))
    sealed = [
        seal(seen, Known(mistake.told, mistake.predicate))
        for mistake, seen in found
        if mistake.predicate or _is_alone(mistake, seen, found)
    ]
    return {
        "looked": [[check, number, sorted(aspects)] for (check, number), aspects in looked.items()],
        "sealed": [sealed_json(each) for each in sealed if opened(each, right) is None],
    }


def _is_alone(mistake: Mistake, seen: list[Feature], found: list[tuple[Mistake, list[Feature]]]) -> bool:
    from grader.checks.observed import alike

    return not any(
        other is not mistake and not other.predicate and alike(seen, shows_too) for other, shows_too in found
    )


def _lines(known: dict[str, Any]) -> str:
    """An exercise's part with a line for each mistake, so that a change is seen where it is."""
    sealed = ",\n    ".join(json.dumps(each) for each in known["sealed"])
    signature, looked = json.dumps(known["signature"]), json.dumps(known["looked"])
    return f'{{"signature": {signature},\n   "looked": {looked},\n   "sealed": [\n    {sealed}]}}'
