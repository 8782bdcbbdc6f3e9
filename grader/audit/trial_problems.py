"""What is wrong with a lesson by what became of each implementation under its checks, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from grader.audit.equivalents import CALLS, PARTS, Listed, Shown
from grader.audit.survivors import advice
from grader.audit.trials import Kind, Trial, TrialRun
from grader.core.assignment import Assignment
from grader.core.labels import joined
from grader.core.records import ExerciseStatus

NAMED = 0.95  # of the mistakes that are asked about


def reference_problems(trial: Trial) -> Iterator[str]:
    """The reference earns everything, whatever the seed."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for run in trial.runs:
        if not run.full:
            alike.setdefault((run.exercise, _earned(run), run.said), []).append(run.seed)
    for (exercise, earned, said), seeds in alike.items():
        yield f"{exercise}: the reference solution earns {earned}{_seeds(seeds, trial) or ' with every seed'}. {said}"


def stub_problems(trial: Trial) -> Iterator[str]:
    """An untouched stub is to do, and earns nothing."""
    for run in trial.runs:
        if run.score or run.status is not ExerciseStatus.TODO:
            yield f"{run.exercise}: the untouched stub is {run.status}, with {_earned(run)}; expected todo and none."


def right_problems(trial: Trial) -> Iterator[str]:
    """A right answer earns everything, in every exercise, whatever the seed."""
    short = [run for run in (*trial.runs, *trial.others) if not run.full]
    if short:
        run = short[0]
        where = "" if run.exercise == trial.subject.exercise else f" in {run.exercise}"
        times = f" (with {len(short)} seeds)" if len(short) > 1 else f" with seed {run.seed}"
        yield (
            f"{_named(trial)} is listed as right, and earns {_earned(run)}{where}{times}: it fails "
            f"{joined(run.failed) or 'nothing'}. {run.said}"
        )


def mistake_problems(trial: Trial, assignment: Assignment) -> Iterator[str]:
    """A mistake is rejected whatever the seed, always with the same points, and costs nothing elsewhere."""
    full = [run.seed for run in trial.runs if run.full]
    if full:
        yield f"{_named(trial)} earns full points{_seeds(full, trial)}: no check fails it."
        return  # what needs the exercise can't be said to be blocked by it then
    if len(verdicts := {run.verdict for run in trial.runs}) > 1:
        told = joined(sorted(f"{score:g} points ({status})" for status, score in verdicts))
        yield f"{_named(trial)} doesn't always earn the same: {told}, depending on the seed."
    for run in trial.others:
        needs = assignment.exercises[run.exercise].needs
        if not run.full and not (trial.subject.exercise in needs and run.status is ExerciseStatus.BLOCKED):
            yield f"{_named(trial)} costs points in {run.exercise}, too: {_earned(run)}, {run.status}. {run.said}"


def naming_problems(trials: Sequence[Trial]) -> tuple[list[str], list[str]]:
    """Problems and remarks: a mistake is named as itself or, rarely, not at all."""
    asked = [trial for trial in trials if trial.subject.mistake and trial.runs and not trial.passed]
    wrong = [trial for trial in asked if trial.named is not None and not trial.is_named]
    silent = [trial for trial in asked if trial.named is None]
    problems = [f'{_named(trial)} is taken for "{trial.named}".' for trial in wrong]
    told = [f"{_named(trial)} is not named." for trial in silent]
    others = [trial for trial in asked if trial.is_named and trial.named != trial.subject.mistake]
    for_others = [f"{_named(trial)} does what another variant asks for, and is told so." for trial in others]
    right = len(asked) - len(wrong) - len(silent)
    if asked and right < NAMED * len(asked):
        problems.append(f"{right} of {len(asked)} mistakes are named; expected {NAMED:.0%} of them.")
        return [*problems, *told], for_others
    return problems, [*told, *for_others]


def mutant_problems(trial: Trial, listed: Mapping[str, Listed], checks: Sequence[str], file: str) -> Iterator[str]:
    """A mutant is rejected whatever the seed, or listed as equivalent and accepted whatever the seed."""
    assert trial.subject.mutant is not None
    accepted = [run.seed for run in trial.runs if run.full] + list(trial.kept)
    known = trial.subject.id in listed
    if known and (not trial.passed or len(accepted) < len(trial.runs)):
        yield f"{_named(trial)} is listed as equivalent, and is rejected: {_first_failed(trial)}."
    if accepted and not known:
        when = _seeds(accepted, trial) if not trial.passed or len(accepted) < len(trial.runs) else ""
        mutant, who = trial.subject.mutant, _who(trial, checks, file)
        entry = f'\n[{mutant.id}]\nchange = {json.dumps(mutant.what, ensure_ascii=False)}\nreason = "WHY"\n'
        entry = entry if trial.passed and not trial.noticed else ""
        yield f"{_named(trial)} earns full points{when}. {who}\n{mutant.diff}{entry}"


def equivalent_problems(
    listed: Mapping[str, Listed], there: Sequence[str], shown: Sequence[Shown], file: str
) -> list[str]:
    """A listed mutant exists, and answers as the reference does."""
    gone = [id for id in listed if id not in set(there)]
    return [
        *(f"{file}: [{id}] is no mutant of the lesson any more; take it out." for id in gone),
        *(
            f"{file}: [{each.id}] is not equivalent: {PARTS[each.differs]} differs in call {each.calls + 1} of those "
            "that were compared."
            for each in shown
            if each.differs
        ),
        *(
            f"{file}: [{each.id}] can be compared on {each.of} calls only; expected {CALLS}."
            for each in shown
            if each.of < CALLS
        ),
    ]


def broken_checks(trial: Trial) -> Iterator[str]:
    """No hidden check breaks, whatever it is given; no mistake or right answer ends the process. A mutant may: that is
    a rejection."""
    runs = [run for run in (*trial.runs, *trial.others) if run.status is ExerciseStatus.GRADER_ERROR]
    if trial.broke or runs:
        diff = f"\n{trial.subject.mutant.diff}" if trial.subject.mutant else ""
        said = trial.broke or runs[0].said
        yield f"{_named(trial)} can't be judged: a hidden check breaks on it, which is our failure. {said}{diff}"
    if trial.ended != 0 and trial.subject.kind is not Kind.MUTANT:
        yield f"{_named(trial)} ends the process that tries it (exit status {trial.ended})."


def _who(trial: Trial, checks: Sequence[str], file: str) -> str:
    """Which check should have caught a survivor: one that saw a difference and let it pass, if there is one."""
    if not trial.passed:
        return "With other seeds it is rejected: the checks' inputs don't always tell it from a right answer."
    if trial.noticed:
        return (
            f"It answered calls of {joined(trial.noticed)} in another way than the reference did, and the check didn't "
            "look at that or allowed it."
        )
    helps = advice(trial.subject.title) or "they need other inputs"
    return (
        f"No call of its checks ({joined(checks)}) tells it from the reference: {helps}. If nothing could tell it, it "
        f"is equivalent: add what stands below the change to {file}, with the reason."
    )


def _first_failed(trial: Trial) -> str:
    run = next((run for run in trial.runs if not run.full), None)
    return f"{joined(run.failed)} with seed {run.seed}" if run else "with some seeds"


def _named(trial: Trial) -> str:
    subject = trial.subject
    what = {Kind.MISTAKE: "the mistake", Kind.RIGHT: "the answer", Kind.MUTANT: "the mutant"}.get(subject.kind, "")
    return f"{subject.exercise or 'all'}: {what} {subject.name} ({subject.title.rstrip('.')})"


def _earned(run: TrialRun) -> str:
    return f"{run.score:g} of {run.max_score:g} points"


def _seeds(seeds: Sequence[int], trial: Trial) -> str:
    if len(seeds) == len(trial.runs) and not trial.kept:
        return ""
    some = ", ".join(map(str, seeds[:5])) + (", …" if len(seeds) > 5 else "")
    return f" with {'seed' if len(seeds) == 1 else 'seeds'} {some}"
