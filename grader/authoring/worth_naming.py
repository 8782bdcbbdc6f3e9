"""Wrong implementations of an exercise: which hidden checks reject them, what each shows, and which are worth an entry
in the bank. What is said of it is left to the author.

Those are worth an entry that are of kinds that learners make, each another behaviour, and none that the bank has. How
much a kind is worth was measured: on two lessons whose banks people wrote, how many of the mutants of a kind show the
same as an entry (`docs/authors.md`, "What is worth an entry").
"""

from __future__ import annotations

import ast
import re
import tempfile
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from grader.audit.mutants import Mutant
from grader.audit.reference import Edit, Reference
from grader.audit.trials import Kind, Subject, Trial, from_reference
from grader.audit.workers import Ask, AuditPlan, Show, Workers
from grader.checks.observed import Feature, alike
from grader.core.assignment import Assignment, Exercise
from grader.core.errors import GradingError
from grader.core.records import ExerciseStatus
from grader.grading.bank import MISTAKES, RIGHT
from grader.grading.pool import Lost

_LEFT_OUT = {"hidden", MISTAKES, RIGHT, "__pycache__"}


@contextmanager
def draft_course(root: Path, assignment: Assignment, hidden: Mapping[str, str]) -> Iterator[tuple[Path, Assignment]]:
    """A course that is one lesson with other hidden checks, to try those that are not written yet: its temporary
    folder, and the assignment with these exercises alone. `hidden` are the checks' texts; all else is linked to what
    lies in `root`."""
    root = root.resolve()
    with tempfile.TemporaryDirectory(prefix="grader-draft-") as place:
        folder = Path(place)
        lesson = folder / "solutions" / assignment.id
        (lesson / "hidden").mkdir(parents=True)
        for path in sorted((root / "solutions" / assignment.id).iterdir()):
            if path.name not in _LEFT_OUT:
                (lesson / path.name).symlink_to(path, target_is_directory=path.is_dir())
        if (root / "exercises").is_dir():
            (folder / "exercises").symlink_to(root / "exercises", target_is_directory=True)
        for id, text in hidden.items():
            (lesson / "hidden" / f"test_{id}.py").write_text(text, encoding="utf-8")
        exercises = {id: replace(assignment.exercises[id], needs=()) for id in hidden}
        yield folder, replace(assignment, exercises=exercises)


SEEDS = (1, 2, 3, 4, 5)  # with which the reference has to pass
MUTANT_SEEDS = SEEDS[:2]


@dataclass(frozen=True)
class Tried:
    """What hidden checks make of an exercise's implementations: what the reference fails, by check, with what is said;
    where it fails nothing, `trials` of the wrong ones and what all have `shown`, by their ids. What came to no end
    shows None. `unfair` are the bank's right answers that lose points, with the checks and what is said."""

    failed: Mapping[str, str]
    trials: Mapping[str, Trial]
    shown: Mapping[str, list[Feature] | None]
    unfair: Mapping[str, tuple[tuple[str, ...], str]]

    @property
    def rejected(self) -> int:
        """How many mutants were."""
        return sum(trial.rejected for trial in self.trials.values())

    @property
    def survivors(self) -> list[Trial]:
        """Mutants that pass with every seed that was tried."""
        return [trial for trial in self.trials.values() if trial.passed]

    def idle(self, check: str) -> bool:
        """Whether nothing that was tried fails a check."""
        return not any(check in trial.first.failed for trial in self.trials.values() if trial.first)


def try_out(
    root: Path,
    assignment: Assignment,
    exercise: Exercise,
    reference: dict[str, str],
    wrong: Sequence[Subject],
    bank: Sequence[Subject],
    jobs: int,
    *,
    with_right: bool,
) -> Tried:
    """Try the reference on the hidden checks in the course `root`; where it passes, also its mutants and what else is
    `wrong`, and see what the bank's mistakes show; `with_right`, also the bank's right answers. Raises `GradingError`
    when the checks can't be collected, or break on the reference."""
    whole = Subject(Kind.REFERENCE, exercise.id, "reference", "the reference solution", reference)
    with Workers(AuditPlan(root, assignment, reference, SEEDS), jobs) as workers:
        (right,) = workers.in_order([whole])
        if isinstance(right, Lost) or right.broke:
            raise GradingError(str(right) if isinstance(right, Lost) else right.broke)
        runs = [run for run in right.runs if not run.full]
        if runs:
            return Tried({name: run.said for run in runs for name in run.failed or ("",)}, {}, {}, {})
        (facts,) = workers.in_order([Ask(exercise.id)])
        mutants = [*from_reference(root, assignment, exercise.id, facts.constants), *wrong]
        trials: dict[str, Trial] = {}
        for task, result in workers.do(mutants):
            assert isinstance(task, Subject)
            trials[task.id] = Trial(task, (), ended=result.exit_code) if isinstance(result, Lost) else result
        shown: dict[str, list[Feature] | None] = {}
        for task, result in workers.do([Show(each) for each in [*bank, *mutants]]):
            assert isinstance(task, Show)
            shown[task.subject.id] = None if isinstance(result, Lost) else result
        rights = [each for each in bank if each.kind is Kind.RIGHT] if with_right else []
        unfair: dict[str, tuple[tuple[str, ...], str]] = {}
        for task, result in workers.do(rights):
            assert isinstance(task, Subject)
            runs = [] if isinstance(result, Lost) else [run for run in result.runs if not run.full]
            if runs:
                unfair[task.name] = (runs[0].failed, runs[0].said)
    return Tried({}, trials, shown, unfair)


def both(one: Tried | None, other: Tried | None) -> tuple[list[Trial], dict[str, list[Feature] | None]]:
    """Of two sets of checks, either of which may be missing: the trials of those that both know, by the second set
    where there is one, and all that both see of each implementation."""
    there = [tried for tried in (other, one) if tried is not None and not tried.failed]
    if not there:
        return [], {}
    shown: dict[str, list[Feature] | None] = {}
    for id in there[0].shown:
        parts = [tried.shown.get(id) for tried in there]
        shown[id] = None if None in parts else [feature for part in parts for feature in part or ()]
    return list(there[0].trials.values()), shown


MOST = 5
IN_PLACE = "changed in place"
# A kind of change, by what is said of it, and of a hundred such mutants about how many show what an entry does.
_KINDS: tuple[tuple[str, int], ...] = (
    (rf"\w+ is {IN_PLACE}$", 90),
    (r"`.*` after the loop$|`.*` before the loop$", 60),
    (r"`.*` inside the loop$|the loop ends after its first round$", 60),
    (r"`.*` without its first line$", 80),
    (r"`.*` and `.*` exchanged$", 55),
    (r"`.*[^:]` removed$|\w+ without its parentheses$|the call of \w+ dropped$", 50),
    (r"the argument \w+ dropped$|argument \d+ of \S+ dropped$", 50),
    (r"None returned$|the result is not returned$", 35),
    (r"sum for mean$|mean for sum$", 65),
    (r"a loop one (?:shorter|longer)$|a loop that starts at 1$", 40),
    (r"two items exchanged$|two arguments exchanged$", 43),
    (r"only the left side of [-+*/]$", 40),
    (r"a detached result$", 40),
    (r"\w+ ignored$", 35),
    (r"the operands of - exchanged$", 33),
    (r"an index dropped$|an item without its brackets$|an item doubled$", 20),
    (r"True for False$|False for True$|a condition (?:negated|is always true|is never true)$", 45),
    (r"-?[\d.e+-]+ for -?[\d.e+-]+$", 25),
    (r"another comparison$", 25),
    (r"another operator than ", 15),
    (r"the smallest so far$|\w+ is kept from call to call$", 30),
    (r"\w+ is always -?[\d.e+-]+$", 20),
    (r"the call of \S+ dropped, its argument kept$", 20),
    (r"only the right side of [-+*/]$|the operands of / exchanged$", 10),
    (r"rounded to (?:two decimals|a whole number)$", 6),
)
_LEAST = 15


@dataclass(frozen=True)
class Entry:
    """One mistake that is worth an entry: its id, the first line of its text, how it shows, and its code."""

    id: str
    title: str
    shows: str
    code: str
    learners: int = 0

    def text(self, lesson: str) -> str:
        """The file in the bank's format, which is refused as long as nothing is said of it. `lesson` is the anchor."""
        shows = textwrap.fill(f"Shows: {self.shows}", 110, subsequent_indent="    ", break_on_hyphens=False)
        head = f'"""{self.title}\n\n{shows}\nSays:\nLesson: {lesson}\n"""'
        return f"{head}\n\n\n{self.code.strip()}\n"


def changed_in_place(references: Sequence[Reference]) -> Iterator[Subject]:
    """The reference with an operation on a parameter done in place of the parameter's numbers."""
    methods = {ast.Add: "add_", ast.Sub: "sub_", ast.Mult: "mul_", ast.Div: "div_", ast.Pow: "pow_"}
    for reference in references:
        for statement in reference.statements:
            for node in ast.walk(statement):
                if not isinstance(node, ast.BinOp) or not isinstance(node.left, ast.Name):
                    continue
                name, method = node.left.id, methods.get(type(node.op))
                if method and name in reference.parameters:
                    new = ast.parse(f"{name}.data.{method}({ast.unparse(node.right)})", mode="eval").body
                    what = f"{name} is {IN_PLACE}"
                    text = reference.edited(Edit({node: new}, what))
                    id = f"{reference.exercise.id}-{name}-{method}{node.lineno}-{node.col_offset}"
                    mutant = Mutant(id, reference.exercise.id, what, text, "")
                    modules = {reference.exercise.module: text}
                    yield Subject(Kind.MUTANT, reference.exercise.id, id, what, modules, text, mutant)


def worth_naming(
    exercise: Exercise,
    trials: Sequence[Trial],
    shown: Mapping[str, list[Feature] | None],
    known: Sequence[str],
    taken: Collection[str],
) -> list[Entry]:
    """The best few of what was rejected, each with another behaviour. `known` are the ids of the bank's own mistakes,
    whose behaviours are among `shown`; `taken` are names of mistakes that there are in the lesson."""
    ranked = sorted(
        ((weight, len(trial.subject.source), trial) for trial in trials if (weight := _weight(trial, shown))),
        key=lambda each: (-each[0], each[1], each[2].subject.id),
    )
    behaviours = [found for id in known if (found := shown.get(id)) is not None]
    kinds: dict[int, int] = {}
    names = set(taken)
    entries: list[Entry] = []
    for _, _, trial in ranked:
        features = shown[trial.subject.id]
        kind = _kind(trial.subject.title)
        if features is None or kinds.get(kind, 0) == _OF_A_KIND or any(alike(features, other) for other in behaviours):
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        behaviours.append(features)
        # Of all that do the same, the shortest is what somebody would write.
        same = [each for each in trials if (also := shown.get(each.subject.id)) and alike(features, also)]
        code, title, said = min(_written(exercise, each) for each in same if each.rejected and each.first)
        if _is_empty(code):
            continue  # as if nothing were written
        entries.append(Entry(new_name(exercise.id, title, names), _sentence(title), said, code))
        names.add(entries[-1].id)
        if len(entries) == MOST:
            break
    return entries


def _is_empty(code: str) -> bool:
    return not code or code.split(":\n", 1)[-1].strip() in ("pass", "return")


def _written(exercise: Exercise, trial: Trial) -> _Written:
    return _Written(_code(exercise, trial.subject.source), trial.subject.title, _shows(trial))


class _Written(NamedTuple):
    """Code with what was done and what is said of it; the shorter, the less."""

    code: str
    title: str
    said: str

    def __lt__(self, other: object) -> bool:
        assert isinstance(other, _Written)
        return (len(self.code), *self) < (len(other.code), *other)


def _weight(trial: Trial, shown: Mapping[str, list[Feature] | None]) -> int:
    """How likely it is that learners make it; 0 for what is not worth an entry."""
    features = shown.get(trial.subject.id)
    kind = _kind(trial.subject.title)
    if not trial.rejected or features is None or kind < 0 or trial.first is None:
        return 0
    if trial.first.status not in (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL):
        return 0
    if any(each.text.startswith("raised ") for each in features):
        return 0  # an exception says by itself what is wrong
    return _KINDS[kind][1] if _KINDS[kind][1] >= _LEAST else 0


def _kind(what: str) -> int:
    return next((at for at, (pattern, _) in enumerate(_KINDS) if re.match(pattern, what)), -1)


_OF_A_KIND = 2
_BEGINS = re.compile(r"(?:the|a|an|another|only|two|argument)\b")


def _sentence(what: str) -> str:
    """What was done as a sentence: names stay as they are."""
    what = re.sub(r"^(\S+) for (\S+)$", r"\1 in place of \2", what)
    return f"{what[:1].upper() if _BEGINS.match(what) else what[:1]}{what[1:]}."


def _shows(trial: Trial) -> str:
    said = trial.first.said if trial.first else ""
    return " ".join(said.split()) or "It fails " + ", ".join(trial.first.failed if trial.first else ())


def new_name(exercise: str, what: str, taken: Collection[str]) -> str:
    """An id for a mistake, which no other has."""
    what = re.sub(r"`(.*?)`", lambda code: " ".join(re.findall(r"\w+", code[1])[:4]), what)
    words = re.findall(r"\w+", what)
    left = [word for word in words if word not in ("the", "a", "an", "of", "is", "its", "and", "that", "it")]
    name = re.sub(r"_+", "_", "_".join([exercise, *left])[:50].lower()).strip("_")
    at, wanted = 2, name
    while wanted in taken:
        wanted, at = f"{name}_{at}", at + 1
    return wanted


class _Bare(ast.NodeTransformer):
    """Takes away docstrings, and `pass` where there is something else."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if not isinstance(body, list):
                continue
            first = body[:1] if isinstance(node, ast.FunctionDef | ast.ClassDef) and field == "body" else []
            is_text = bool(first) and isinstance(first[0], ast.Expr) and isinstance(first[0].value, ast.Constant)
            kept = [each for each in (body[1:] if is_text else body) if not isinstance(each, ast.Pass)]
            setattr(node, field, kept or ([ast.Pass()] if field == "body" else []))
        return node


def _code(exercise: Exercise, text: str) -> str:
    """The definition of an exercise in a module's text, without what says what it is for; empty when it needs more."""
    tree = ast.parse(text)
    for node in tree.body:
        if getattr(node, "name", "") == exercise.function:
            return ast.unparse(ast.fix_missing_locations(_Bare().visit(node)))
    return ""
