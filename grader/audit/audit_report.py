"""An audit's counts, as JSON for other programs, and as one HTML page for authors. `docs/audit.md` describes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from grader.audit.auditing import Audit
from grader.audit.trials import Kind, Trial, TrialRun, Worth
from grader.course.templates import style, template


@dataclass(frozen=True)
class Count:
    """So many of so many."""

    good: int
    all: int

    def __str__(self) -> str:
        return f"{self.good}/{self.all}" if self.all else "–"

    @property
    def complete(self) -> bool:
        """Whether it is all of them."""
        return self.good == self.all

    def __add__(self, other: Count) -> Count:
        return Count(self.good + other.good, self.all + other.all)


@dataclass(frozen=True)
class Counts:
    """Of one exercise, or of all: right answers with full points, mistakes rejected, mistakes named, mutants rejected,
    equivalent mutants shown to be that, and mistakes that a visible check shows."""

    right: Count
    mistakes: Count
    named: Count
    mutants: Count
    equivalents: Count
    at_home: Count


def counts(audit: Audit, exercise: str) -> Counts:
    """The counts of an exercise."""
    right, mistakes, mutants = (audit.of(kind, exercise) for kind in (Kind.RIGHT, Kind.MISTAKE, Kind.MUTANT))
    equivalent = {shown.id for shown in audit.shown if not shown.differs}
    claimed = [trial for trial in mutants if trial.subject.id in audit.listed]
    others = [trial for trial in mutants if trial.subject.id not in audit.listed]
    return Counts(
        Count(sum(trial.right for trial in right), len(right)),
        Count(sum(trial.rejected for trial in mistakes), len(mistakes)),
        Count(sum(trial.is_named for trial in mistakes), len(mistakes)),
        Count(sum(trial.rejected for trial in others), len(others)),
        Count(sum(trial.subject.id in equivalent for trial in claimed), len(claimed)),
        Count(sum(not audit.at_home[each.subject.id].passed for each in mistakes), len(mistakes))
        if audit.at_home
        else Count(0, 0),
    )


def total(each: list[Counts]) -> Counts:
    """The counts of all exercises together."""
    none = Count(0, 0)
    return Counts(
        sum((c.right for c in each), none),
        sum((c.mistakes for c in each), none),
        sum((c.named for c in each), none),
        sum((c.mutants for c in each), none),
        sum((c.equivalents for c in each), none),
        sum((c.at_home for c in each), none),
    )


def audited_words(audit: Audit) -> str:
    """`vectors`, `vectors, variant a`."""
    variant = audit.assignment.variant
    return f"{audit.assignment.id}, variant {variant}" if variant else audit.assignment.id


def verdict(audit: Audit) -> str:
    """The last word, in a sentence."""
    if audit.sound:
        return f"Audit of {audited_words(audit)} passed: every right answer got full points, every wrong one lost some."
    number = len(audit.problems)
    return f"Audit of {audited_words(audit)} failed: {number} {'problem' if number == 1 else 'problems'}."


def tried(audit: Audit) -> str:
    """What was tried, in a sentence."""
    seeds = len(audit.seeds)
    return (
        f"{len(audit.trials)} implementations with {seeds} {'seed' if seeds == 1 else 'seeds'}"
        f"{f', {len(audit.shown)} equivalents on {audit.shown[0].of} calls each' if audit.shown else ''}, in "
        f"{audit.seconds:.0f} s."
    )


VERSION = 1


def audit_as_json(audit: Audit) -> str:
    """The text of the file."""
    return json.dumps(as_data(audit), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_data(audit: Audit) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "version": VERSION,
        "assignment": audit.assignment.id,
        **({"variant": audit.assignment.variant} if audit.assignment.variant else {}),
        "sound": audit.sound,
        "seeds": list(audit.seeds),
        "seconds": round(audit.seconds, 1),
        "problems": list(audit.problems),
        "remarks": list(audit.remarks),
        "exercises": {name: _exercise(audit, name) for name in audit.exercises},
        "implementations": [_trial(trial, audit) for trial in audit.trials],
        "equivalents": [
            {
                "id": shown.id,
                "reason": audit.listed[shown.id].reason,
                "free": list(audit.listed[shown.id].free),
                "calls": shown.calls,
                "differs": shown.differs,
            }
            for shown in audit.shown
        ],
    }


def _exercise(audit: Audit, name: str) -> dict[str, Any]:
    found = counts(audit, name)
    return {
        "points": audit.assignment.exercises[name].points,
        "right": _count(found.right),
        "mistakes": _count(found.mistakes),
        "named": _count(found.named),
        "mutants": _count(found.mutants),
        "equivalents": _count(found.equivalents),
        "at_home": _count(found.at_home),
        "checks": [_check(worth) for worth in audit.worth[name]],
    }


def _count(count: Count) -> dict[str, int]:
    return {"good": count.good, "all": count.all}


def _check(worth: Worth) -> dict[str, Any]:
    return {
        "id": worth.check,
        "title": worth.info.title,
        "guard": not worth.info.points,
        "points": worth.points,
        "fails": len(worth.fails),
        "alone": len(worth.alone),
    }


def _trial(trial: Trial, audit: Audit) -> dict[str, Any]:
    subject = trial.subject
    home = audit.at_home.get(subject.id)
    return {
        "id": subject.id,
        "kind": str(subject.kind),
        "exercise": subject.exercise or None,
        "title": subject.title,
        "equivalent": subject.id in audit.listed,
        "named": trial.named,
        "at_home": {"passed": home.passed, "check": home.check} if home else None,
        "accepted_with": [run.seed for run in trial.runs if run.full] + list(trial.kept),
        "runs": [_run(run) for run in trial.runs[:1] + trial.others] if subject.exercise else _runs(trial),
        "diff": subject.mutant.diff if subject.mutant else None,
    }


def _runs(trial: Trial) -> list[dict[str, Any]]:
    first = trial.runs[0].seed if trial.runs else 0
    return [_run(run) for run in trial.runs if run.seed == first]


def _run(run: TrialRun) -> dict[str, Any]:
    return {
        "exercise": run.exercise,
        "seed": run.seed,
        "status": str(run.status),
        "score": run.score,
        "max_score": run.max_score,
        "checks": {name: str(status) for name, status in run.checks},
        "said": run.said,
    }


_KINDS = {
    Kind.MISTAKE: "Mistakes: each must fail a check",
    Kind.MUTANT: "Mutants: each must fail a check, or be equivalent",
    Kind.RIGHT: "Right answers: none may fail a check",
}


@dataclass(frozen=True)
class MatrixRow:
    """One implementation in the matrix. `cells` are true for passed, in the order of the checks; None for not run."""

    name: str
    title: str
    good: bool
    verdict: str
    cells: tuple[bool | None, ...]
    diff: str


@dataclass(frozen=True)
class Part:
    """The matrix of one exercise: its checks, and rows by kind."""

    exercise: str
    title: str
    counts: Counts
    checks: list[Worth]
    groups: list[tuple[str, bool, list[MatrixRow]]]


def audit_page(audit: Audit) -> str:
    """The page; everything in it is escaped."""
    parts = [_part(audit, name) for name in audit.exercises]
    page = template("grader.audit", "audit.html").render(
        audit=audit,
        css=Markup(style("grader.audit", "audit.css")),
        verdict=verdict(audit),
        tried=tried(audit),
        parts=parts,
        total=total([part.counts for part in parts]),
        problems=[_with_diff(problem) for problem in audit.problems],
    )
    return page.removesuffix("\n")


def _part(audit: Audit, exercise: str) -> Part:
    checks = audit.worth[exercise]
    groups = []
    for kind, title in _KINDS.items():
        rows = [_row(trial, checks, audit) for trial in audit.of(kind, exercise)]
        rows.sort(key=lambda row: row.good)
        if rows:
            # What isn't as it should be is to be seen at once.
            groups.append((f"{title} ({len(rows)})", any(not row.good for row in rows), rows))
    return Part(exercise, audit.assignment.exercises[exercise].title, counts(audit, exercise), checks, groups)


def _row(trial: Trial, checks: Sequence[Worth], audit: Audit) -> MatrixRow:
    subject = trial.subject
    shown = next((shown for shown in audit.shown if shown.id == subject.id), None)
    run = trial.first
    status = dict(run.checks) if run else {}
    cells = tuple(status[worth.check] == "passed" if worth.check in status else None for worth in checks)
    if subject.kind is Kind.RIGHT:
        good, words = trial.right, "full points" if trial.right else "rejected"
    elif shown:
        good, words = not shown.differs, "not equivalent" if shown.differs else "equivalent"
    else:
        good, words = trial.rejected, f"{run.score:g} of {run.max_score:g}" if run else "ended"
    if subject.mistake and not trial.is_named:
        words += f", taken for {trial.named}" if trial.named else ", not named"
    return MatrixRow(subject.name, subject.title, good, words, cells, subject.mutant.diff if subject.mutant else "")


def _with_diff(problem: str) -> tuple[str, str]:
    sentence, _, diff = problem.partition("\n")
    return sentence, diff
