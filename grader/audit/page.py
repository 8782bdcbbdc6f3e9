"""An audit as one self-contained HTML file: no script, nothing from elsewhere. For authors: it shows hidden checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.audit.auditing import Audit
from grader.audit.subjects import Kind
from grader.audit.summary import Counts, counts, total, tried, verdict
from grader.audit.trial import Trial
from grader.audit.worth import Worth

_KINDS = {
    Kind.MISTAKE: "Mistakes: each must fail a check",
    Kind.MUTANT: "Mutants: each must fail a check, or be equivalent",
    Kind.RIGHT: "Right answers: none may fail a check",
}


@dataclass(frozen=True)
class Row:
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
    groups: list[tuple[str, bool, list[Row]]]


def html_page(audit: Audit) -> str:
    """The page; everything in it is escaped."""
    environment = Environment(
        loader=PackageLoader("grader.audit"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    assert environment.loader is not None
    css = Markup(environment.loader.get_source(environment, "audit.css")[0])
    parts = [_part(audit, name) for name in audit.exercises]
    return environment.get_template("audit.html").render(
        audit=audit,
        css=css,
        verdict=verdict(audit),
        tried=tried(audit),
        parts=parts,
        total=total([part.counts for part in parts]),
        problems=[_with_diff(problem) for problem in audit.problems],
    )


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


def _row(trial: Trial, checks: Sequence[Worth], audit: Audit) -> Row:
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
    if subject.mistake and trial.named != subject.mistake:
        words += f", taken for {trial.named}" if trial.named else ", not named"
    return Row(subject.name, subject.title, good, words, cells, subject.mutant.diff if subject.mutant else "")


def _with_diff(problem: str) -> tuple[str, str]:
    sentence, _, diff = problem.partition("\n")
    return sentence, diff
