"""What came of each attack, judged: each function gives what is wrong, and nothing when all is well."""

from __future__ import annotations

import csv
import re

from grader.results.reports import page_names
from tests.attacks.attack import Attack
from tests.attacks.batch import JOBS, Batch
from tests.attacks.packages import Package
from tests.attacks.world import CANARY, LIMITS, SEARCH_SECONDS

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKUP = re.compile(r"<script|<img|<b>", re.IGNORECASE)
_FORMULA = re.compile(r"[=+@\t\r]|-\D")
_TOLD = re.compile(r"RuntimeError: (SUCCEEDED|STOPPED)")


def feedback(batch: Batch, student: str) -> str:
    """All that a learner is told."""
    record = batch.records[student]
    return "\n".join(filter(None, [record["note"], *(each["feedback"] for each in record["exercises"].values())]))


def earned_too_much(batch: Batch, attack: Attack) -> str:
    """It earned points that it did not earn."""
    earned = {name: batch.exercise(attack.student, name)["score"] for name in attack.attacks}
    too_much = {name: score for name, score in earned.items() if score > attack.earns.get(name, 0)}
    return f"it earned {too_much}" if too_much else ""


def succeeded(batch: Batch, attack: Attack) -> str:
    """It did something that should not be possible, or did not say."""
    told = feedback(batch, attack.student)
    if attack.tells and not attack.status and not _TOLD.search(told):
        return f"it told nothing: {told}"
    return told if "RuntimeError: SUCCEEDED" in told else ""


def lost_others(batch: Batch, attack: Attack) -> str:
    """Exercises that it did not touch lost points."""
    others = {name: batch.exercise(attack.student, name) for name in attack.untouched}
    lost = {
        name: each["feedback"]
        for name, each in others.items()
        if each["score"] < attack.lesson.exercises[name]["points"]
    }
    return f"other exercises lost points: {lost}" if lost else ""


def oddly_told(batch: Batch, attack: Attack) -> str:
    """Its status or its feedback are not what they should be."""
    told = feedback(batch, attack.student)
    status = {name: batch.exercise(attack.student, name)["status"] for name in attack.attacks or attack.spoils}
    every = [each["status"] for each in batch.records[attack.student]["exercises"].values()]
    if batch.records[attack.student]["status"] != "graded" or "grader_error" in every:
        return f"its grading failed: {told}"
    if attack.status and not set(status.values()) <= attack.status:
        return f"{status} is not {sorted(attack.status)}: {told}"
    return "" if re.search(attack.words, told) else f"{attack.words} is not in: {told}"


def misjudged(batch: Batch, package: Package) -> str:
    """What is no submission got another status, score or reason than it should."""
    record, told = batch.records.get(package.student), ""
    if record is None:
        return "it got no result"
    told = f"{record['status']}, {record['score']}: {feedback(batch, package.student)}"
    right = record["status"] in package.statuses and (package.scores is None or record["score"] in package.scores)
    return "" if right and re.search(package.words, told) else told


def what_became(batch: Batch, package: Package) -> str:
    """The status, the points and the note of what was handed in."""
    record = batch.records.get(package.student)
    if record is None:
        return "it got no result"
    return f"{record['status']}, {record['score']:g} of {record['max_score']:g}. {record['note']}"


def showed_secrets(batch: Batch, student: str) -> str:
    """Something secret is in its results or on its pages."""
    found = CANARY.findall("\n".join([str(batch.records[student]), *_pages(batch, student).values()]))
    where = [name for name, canary in batch.canaries.items() if canary in found]
    return f"it shows what only {where} hold" if found else ""


def _pages(batch: Batch, student: str) -> dict[str, str]:
    name = page_names(batch.records)[student]
    every = (f"feedback/{name}.html", f"feedback/{name}.txt", f"source/{name}.html")
    return {page: batch.outputs[page] for page in every if page in batch.outputs}


def shows_live_text(batch: Batch, student: str) -> str:
    """Its pages hold characters that can't be seen, or markup of its own."""
    pages = _pages(batch, student)
    live = [name for name, text in pages.items() if _UNSEEN.search(text)]
    live += [name for name, text in pages.items() if name.endswith(".html") and _MARKUP.search(text)]
    return f"{live} are not inert" if live else ""


def formulas(batch: Batch) -> list[str]:
    """Cells of the gradebook that a spreadsheet would compute."""
    rows = csv.reader(batch.outputs["grades.csv"].splitlines())
    return [cell for row in rows for cell in row if _FORMULA.match(cell)]


def took_too_long(batch: Batch, attack: Attack) -> str:
    """It took more than the limits of the exercises that it is in, a further one, and the work of honest submissions.
    On a machine that has nothing else to do: on another one, waiting for a processor is no fault of an attack."""
    honest = max(batch.took[name] for name in batch.honest)
    touched = len(attack.attacks | attack.spoils) * LIMITS["exercise_seconds"]
    touched += LIMITS["import_seconds"] if attack.module else 0
    allowed = min(touched, LIMITS["submission_seconds"]) + LIMITS["exercise_seconds"] + 2 * honest
    allowed += SEARCH_SECONDS if attack.searched else 0
    took = batch.took[attack.student]
    return f"it took {took:.1f} s, not {allowed:.1f} s" if took > allowed else ""


def allowed_cpu(batch: Batch) -> float:
    """The processor time that a batch may take: its start, the limits that were hit, the other work, and the reports."""
    limits = sum(batch.limits_hit(name) for name in batch.records)
    work = sum(batch.work(name) for name in batch.records)
    return JOBS * batch.start_up_cpu + limits + work + batch.reporting


def allowed_seconds(batch: Batch) -> float:
    """What a batch may take on a machine that has nothing else to do: its start, the limits that were hit and the other work, divided by the jobs, one longest
    limit, and the writing of the reports."""
    limits = sum(batch.limits_hit(name) for name in batch.records)
    work = sum(batch.work(name) for name in batch.records)
    return batch.start_up + (limits + work) / JOBS + LIMITS["submission_seconds"] + batch.reporting


def problems(batch: Batch, attack: Attack) -> list[str]:
    """All that is wrong with what came of an attack, but for what is known."""
    found = [lost_others(batch, attack), oddly_told(batch, attack), took_too_long(batch, attack)]
    found += [showed_secrets(batch, attack.student), shows_live_text(batch, attack.student)]
    if not attack.known_to_succeed(batch.level):
        found += [earned_too_much(batch, attack), succeeded(batch, attack)]
    return [each for each in found if each]


def what_stopped(batch: Batch, attack: Attack) -> str:
    """In the attack's own words, or else in those of the grading."""
    told = feedback(batch, attack.student)
    if stopped := re.search(r"RuntimeError: (STOPPED by|SUCCEEDED:) (.*)", told):
        return stopped[2] if stopped[1].startswith("STOPPED") else f"nothing: {stopped[2]}"
    exercises = batch.records[attack.student]["exercises"]
    ours = [exercises[name] for name in sorted(attack.attacks or attack.spoils)]
    worst = max(ours, key=lambda each: each["max_score"] - each["score"])
    summary = worst["feedback"].splitlines()[0] if worst["feedback"] else ""
    if raised := re.search(r"^ *raised +(.*)", worst["feedback"], re.MULTILINE):
        summary = f"{summary} {raised[1]}"
    return f"{worst['status']}: {summary[:160]}" if summary else f"nothing: {attack.gap or worst['status']}"
