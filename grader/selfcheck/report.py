"""The beginner's report as lines of styled text: every exercise with its state, and one next thing; and hints."""

from __future__ import annotations

import contextlib
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.core.assignment import Assignment, Exercise
from grader.core.labels import bar, points
from grader.core.records import ExerciseStatus, Finding
from grader.core.sanitize import CUT, sanitized
from grader.selfcheck.state import ExerciseState, next_thing

WIDTH = 80
BAR = 16
SHORTEST_TITLE = 30
PRINTED_LINES = 12
PRINTED_CHARACTERS = 2000
HINTS_FILE = ".hints.json"
SYMBOLS = "✓◐✗○↑⊘∞■█░…"
_STYLES = {
    ExerciseStatus.PASSED: "green",
    ExerciseStatus.PARTIAL: "yellow",
    ExerciseStatus.TODO: "light",
    ExerciseStatus.BLOCKED: "light",
}

Line = list[tuple[str, str]]


@dataclass(frozen=True)
class Setting:
    """How to print, and the words for places: `files` names the modules' files, `command` starts the self-check of the
    lesson, `everything` that of all lessons, and `submit` submits, where there is something to say of that. `hints` is
    how many of an exercise's are shown, 0 for what is shown unasked. With
    `listed`, every exercise is listed; with `brief`, not those of a lesson that is done. `shared` are exercises whose
    names other lessons have too."""

    files: dict[str, str]
    command: str
    everything: str
    ascii: bool = False
    hints: int = 0
    listed: bool = True
    submit: str = ""
    brief: bool = False
    shared: frozenset[str] = frozenset()

    def place(self, module: str) -> str:
        """Where a module's functions are written."""
        return self.files[module]

    def all(self) -> str:
        """What looks at all exercises."""
        return self.everything

    def again(self, exercise: str) -> str:
        """What looks at an exercise again."""
        return f"{self._start(exercise)} -k {exercise}"

    def more(self, exercise: str) -> str:
        """What shows more hints for an exercise."""
        return f"{self._start(exercise)} --hint {exercise}"

    def ways(self, each: ExerciseState, more: bool) -> list[str]:
        """How to try again, and with `more` how to get more hints."""
        again = self.again(each.exercise.id) if each.is_reached else self.all()
        return [f"Try again with: {again}", *([f"More hints:     {self.more(each.exercise.id)}"] if more else [])]

    def told(self, label: str, text: str) -> str:  # noqa: ARG002
        """A fact as it is told here."""
        return text

    def _start(self, exercise: str) -> str:
        return self.command if exercise in self.shared else self.everything


def lesson_lines(lesson: Assignment, standing: Sequence[ExerciseState], setting: Setting) -> list[Line]:
    """All that is said about one lesson."""
    lines = [_heading(lesson, standing, setting)]
    if setting.brief and is_done(lesson, standing):
        submit = [[(f"  To submit: {setting.submit}", "light")]] if setting.submit else []
        return [*lines, [("  All visible checks pass.", "green")], *submit]
    for module in lesson.modules.values():
        rows = [each for each in standing if each.exercise.module == module.id]
        if rows and (setting.listed or rows[0].unusable):
            lines += [[], [(module.title, "bold"), (f" ({setting.place(module.id)})", "light")]]
            if rows[0].unusable:
                lines += wrapped(rows[0].unusable, "  can't be used: ", style="red")
            lines += _rows(rows, standing, setting) if setting.listed else []
    if len(standing) < len(lesson.exercises):
        lines += [[], [(f"Checked {len(standing)} of {len(lesson.exercises)} exercises.", "light")]]
    lines.append([])
    then = next_thing(standing)
    return lines + (_next(then, setting) if then else _all_done(lesson, standing, setting))


def is_done(lesson: Assignment, standing: Sequence[ExerciseState]) -> bool:
    """Whether every check of every exercise was tried, and passed."""
    done = [each for each in standing if each.whole and each.result.status is ExerciseStatus.PASSED]
    return len(done) == len(lesson.exercises)


def not_begun_lines(lessons: Iterable[tuple[Assignment, str]]) -> list[Line]:
    """A line for each lesson in which nothing is written yet, with the command that starts its self-check: below it,
    where they don't fit in one."""
    lines: list[Line] = []
    for lesson, command in lessons:
        about = f": not begun, {_exercises(lesson)}"
        title = _cut(lesson.title, WIDTH - len(about))
        if len(title) + len(about) + 2 + len(command) <= WIDTH:
            lines.append([(title, "bold"), (f"{about}: {command}", "")])
        else:
            lines += [[(title, "bold"), (about, "")], [(f"  Start with: {command}", "")]]
    return lines


def notebook_lines(command: str) -> list[Line]:
    """Where a learner's work is, of whose modules all was found to be still to do."""
    return [
        [],
        [("Your work is in the notebook. Save it, and check what is saved there with:", "yellow")],
        [(f"  {command} --source notebook", "")],
    ]


def next_lesson_lines(lesson: Assignment, command: str, page: str) -> list[Line]:
    """What comes after a lesson that is done. `page` is the next one's page or text, empty where it has none."""
    return [
        [("Next lesson: ", "bold"), (lesson.title, "bold"), (f", not begun, {_exercises(lesson)}", "")],
        *([[(f"  Read:       {page}", "")]] if page else []),
        [(f"  Start with: {command}", "")],
    ]


def _exercises(lesson: Assignment) -> str:
    count = len(lesson.exercises)
    return "1 exercise" if count == 1 else f"{count} exercises"


def _heading(lesson: Assignment, standing: Sequence[ExerciseState], setting: Setting) -> Line:
    known = [each for each in standing if each.whole]
    earned = sum(each.result.score for each in known)
    possible = sum(each.result.max_score for each in known)
    if not possible:
        return [(lesson.title, "bold")]
    words = f"  {points(earned)} of {points(possible)} points"
    drawn = bar(earned / possible, BAR, ascii=setting.ascii)
    title = _cut(lesson.title, WIDTH - BAR - len(words) - 2)
    gap = " " * (WIDTH - BAR - len(words) - len(title))
    return [(title, "bold"), (gap, ""), (drawn, "green"), (words, "")]


def _rows(rows: Sequence[ExerciseState], standing: Sequence[ExerciseState], setting: Setting) -> list[Line]:
    names = max(len(each.exercise.id) for each in standing)
    room = WIDTH - names - 11 - max(5, *(len(earned_by(each)) for each in standing))
    words = max(len(_words(each, room)) for each in standing)
    titles = min(room - words, max(len(each.exercise.title) for each in standing))
    lines: list[Line] = []
    for each in rows:
        state = each.words
        style = _STYLES.get(each.result.status, "red")
        title, *rest = textwrap.wrap(each.exercise.title, titles, break_on_hyphens=False)
        start = f" {each.exercise.id:<{names}}  {title:<{titles}}  {earned_by(each):>5}"
        after = _words(each, room)
        symbol = (state.ascii if setting.ascii else state.symbol, style)
        lines.append([("  ", ""), symbol, (start, ""), *([(f"   {after}", style)] if after else [])])
        lines += [[(f"{'':<{names + 6}}{line}", "")] for line in rest]
    return lines


def earned_by(each: ExerciseState) -> str:
    """An exercise's points, `2/4`, `?/4` where it was not reached, or how many of its checks passed where its points
    aren't known."""
    if not each.whole:
        return f"{each.passed} of {each.tried} {'check' if each.tried == 1 else 'checks'}"
    earned = points(each.result.score) if each.is_reached else "?"
    return f"{earned}/{points(each.result.max_score)}"


def _words(each: ExerciseState, room: int) -> str:
    """The state in words; as many of those that block an exercise are named as there is room for."""
    if each.result.status is ExerciseStatus.PASSED:
        return ""
    for blockers in (each.blocked_by, each.blocked_by[:1], ()):
        words = replace(each, blocked_by=blockers).words.words
        if len(words) <= min(room - len(each.exercise.title), room - SHORTEST_TITLE):
            break
    return words


def _next(each: ExerciseState, setting: Setting) -> list[Line]:
    exercise, finding = each.exercise, each.result.finding or Finding("")
    what, where = (exercise.id, setting.place(exercise.module)) if each.is_reached else _obstacle(each, setting)
    lines: list[Line] = [[("Next: ", "bold"), (what, "bold"), (f", in {where}" if where else "", "")]]
    to_do = each.result.status is ExerciseStatus.TODO
    if each.title and not to_do and each.is_reached:
        lines += wrapped(f"Failed check: {exercise.id} {each.title}.", "  ", style="light")
    lines += wrapped(finding.summary, "  ")
    facts = facts_of(each, setting)
    labels = max((len(label) for label, _ in facts), default=0)
    for label, text in facts:
        lines += wrapped(text, f"    {label:<{labels}}  ")
    hints = hints_of(each, finding, setting)
    for hint in hints:
        lines += wrapped(hint, "  Hint: ", style="yellow")
    again, *more = setting.ways(each, more_hints(each, hints))
    return [*lines, [(f"  {again}", "")], *([(f"  {way}", "light")] for way in more)]


def _obstacle(each: ExerciseState, setting: Setting) -> tuple[str, str]:
    """What keeps a function from being tried, as far as that is known: the line, and where it is if that has to be
    said: `exercises/lesson/module.py, line 3`; `cell 5, line 3` and the notebook."""
    finding = each.result.finding or Finding("")
    file, comma, line = obstacle(finding).partition(",")
    module = file.removesuffix(".py") if file.endswith(".py") else "" if file else each.exercise.module
    if module in setting.files:
        return f"{setting.place(module)}{comma}{line}", ""
    return f"{file}{comma}{line}", setting.place(each.exercise.module)


def obstacle(finding: Finding) -> str:
    """The line that a finding is about, without its text: `module.py, line 3`; empty where that isn't known."""
    return dict(finding.facts).get("where", "").partition(":  ")[0]


def facts_of(each: ExerciseState, setting: Setting) -> list[tuple[str, str]]:
    """What is shown beside the finding's sentence."""
    facts = [*each.result.finding.facts] if each.result.finding else []
    shown = printed_of(each.printed)
    return [(label, setting.told(label, text)) for label, text in facts] + ([("printed", shown)] if shown else [])


def hints_of(each: ExerciseState, finding: Finding, setting: Setting) -> list[str]:
    """The finding's hint, or else the gentlest, where that can help and the mistake has neither a name nor a line; and
    as many as were asked for."""
    if not each.can_be_helped:
        return []
    is_known = each.result.misconception or each.result.cause
    first = [finding.hint or each.exercise.hints[0]] if not is_known else []
    return list(dict.fromkeys([*first, *each.exercise.hints[: setting.hints]]))


def more_hints(each: ExerciseState, shown: Sequence[str]) -> bool:
    """Whether there are hints beyond those that are shown."""
    return each.can_be_helped and not set(each.exercise.hints) <= set(shown)


def _all_done(lesson: Assignment, standing: Sequence[ExerciseState], setting: Setting) -> list[Line]:
    if len(standing) < len(lesson.exercises) or not all(each.whole for each in standing):
        return [[("These checks pass.", "green")], [(f"Go on with: {setting.all()}", "")]]
    return [
        [("All visible checks pass.", "green")],
        [("Grading also tries other inputs.", "")],
        *([[(f"Now you can submit your work: {setting.submit}", "")]] if setting.submit else []),
    ]


def printed_of(text: str) -> str:
    """What a learner's code printed, made inert and cut."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    shown = lines[:PRINTED_LINES]
    out = sanitized("\n".join(line[:200] for line in shown), PRINTED_CHARACTERS, lines=True)
    return f"{out}\n{CUT} and {len(lines) - len(shown)} more lines" if len(lines) > len(shown) else out


def wrapped(text: str, label: str, style: str = "") -> list[Line]:
    """Lines of text behind a label, no wider than the page; lines that the text has of its own are kept."""
    room = max(20, WIDTH - len(label))
    wrapped: list[str] = []
    for line in text.split("\n"):
        wrapped += textwrap.wrap(line, room, break_on_hyphens=False, drop_whitespace=True) or [""]
    first, *rest = wrapped
    return [[(label + first, style)], *([(" " * len(label) + line, style)] for line in rest)]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(0, width - 1)] + CUT


def hint_text(folder: Path, exercise: Exercise, command: str) -> str:
    """The next hint of an exercise of the lesson in `folder`.

    `command` starts the self-check, and is empty where it is running. How many hints were shown is kept in
    `.hints.json` in the folder; where nothing can be written there, all are shown at once.
    """
    path, count = folder / HINTS_FILE, len(exercise.hints)
    shown = _shown(path)
    number = shown.get(exercise.id, 0) + 1
    again = f"  Try with:  {command} -k {exercise.id}"
    if number > count or not _keep(path, {**shown, exercise.id: number}):
        lines = [f"All {count} hints for {exercise.id}, {exercise.title}:", ""]
        for each, hint in enumerate(exercise.hints, start=1):
            lines += _wrapped(hint, f"{each}. ")
        return "\n".join([*lines, *(["", again] if command else []), ""])
    lines = [f"Hint {number} of {count} for {exercise.id}, {exercise.title}:", ""]
    lines += _wrapped(exercise.hints[number - 1])
    more = f"  Next hint: {command} --hint {exercise.id}" if number < count else "  That was the last one."
    return "\n".join([*lines, *(["", again, more] if command else []), ""])


def one_more_hint(folder: Path, each: ExerciseState) -> int:
    """How many hints of an exercise are to be shown when one more is asked for than was shown. They are counted as for
    `hint_text`; where nothing can be written there, all of them."""
    unasked = hints_of(each, each.result.finding or Finding(""), Setting({}, "", ""))
    path, count = folder / HINTS_FILE, len(each.exercise.hints)
    shown = _shown(path)
    number = max(shown.get(each.exercise.id, 0), int(each.exercise.hints[0] in unasked)) + 1
    return min(number, count) if _keep(path, {**shown, each.exercise.id: min(number, count)}) else count


def _wrapped(text: str, label: str = "") -> list[str]:
    """Lines of text behind a label, which stands alone in its column."""
    indent = "  " + " " * len(label)
    return textwrap.wrap(text, WIDTH, initial_indent="  " + label, subsequent_indent=indent, break_on_hyphens=False)


def _shown(path: Path) -> dict[str, int]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return {name: number for name, number in found.items() if type(number) is int and number >= 0}
    return {}


def _keep(path: Path, shown: Mapping[str, int]) -> bool:
    try:
        path.write_text(json.dumps(shown), encoding="utf-8")
    except OSError:
        return False
    return True
