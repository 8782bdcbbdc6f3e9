"""An audit as JSON, for other programs. `docs/audit.md` describes it."""

from __future__ import annotations

import json
from typing import Any

from grader.audit.auditing import Audit
from grader.audit.summary import Count, counts
from grader.audit.trial import Run, Trial
from grader.audit.worth import Worth

VERSION = 1


def as_json(audit: Audit) -> str:
    """The text of the file."""
    return json.dumps(as_data(audit), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_data(audit: Audit) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "version": VERSION,
        "assignment": audit.assignment.id,
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
    return {
        "id": subject.id,
        "kind": str(subject.kind),
        "exercise": subject.exercise or None,
        "title": subject.title,
        "equivalent": subject.id in audit.listed,
        "named": trial.named,
        "accepted_with": [run.seed for run in trial.runs if run.full] + list(trial.kept),
        "runs": [_run(run) for run in trial.runs[:1] + trial.others] if subject.exercise else _runs(trial),
        "diff": subject.mutant.diff if subject.mutant else None,
    }


def _runs(trial: Trial) -> list[dict[str, Any]]:
    first = trial.runs[0].seed if trial.runs else 0
    return [_run(run) for run in trial.runs if run.seed == first]


def _run(run: Run) -> dict[str, Any]:
    return {
        "exercise": run.exercise,
        "seed": run.seed,
        "status": str(run.status),
        "score": run.score,
        "max_score": run.max_score,
        "checks": {name: str(status) for name, status in run.checks},
        "said": run.said,
    }
