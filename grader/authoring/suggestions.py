"""What could be added to an exercise: checks on drawn inputs, and entries in the bank, made of its reference solution.

Nothing is suggested that was not tried: the reference passes each check with several seeds, and each mistake loses
points, and does something else than any that the bank has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.audit.equivalents import read_equivalents
from grader.audit.reference import read_references
from grader.audit.survivors import advice
from grader.audit.trials import Kind, Trial, from_bank, references
from grader.authoring.check_texts import HiddenChecks, hidden_checks
from grader.authoring.class_texts import hidden_of_module, module_of, tried, visible_of_module
from grader.authoring.docstring_inputs import Described, Input, described
from grader.authoring.drawn_inputs import drawing
from grader.authoring.leftovers import Leftovers, leftovers_of
from grader.authoring.reference_trial import Behaviour, ReferenceTrial
from grader.authoring.visible_text import visible_check
from grader.authoring.worth_naming import Entry, Tried, both, changed_in_place, draft_course, try_out, worth_naming
from grader.core.assignment import Assignment, Exercise
from grader.core.errors import BankError, GradingError, ReleaseError
from grader.core.labels import joined
from grader.derived.stubs import parse_solution, solution_file
from grader.grading.bank import Bank, load_bank


@dataclass(frozen=True)
class Survivor:
    """A mutant that the author's checks let pass: what it does, and what would reject it."""

    what: str
    caught_by: tuple[str, ...]
    advice: str


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for one exercise. `to_say` is what its docstring should say, or what to see to by hand; `own`
    says what the author's own hidden checks come to. Texts are None where there is nothing to suggest."""

    exercise: Exercise
    signature: str
    to_say: tuple[str, ...]
    hidden: str | None
    visible: str | None
    worth: str
    own: str
    survivors: tuple[Survivor, ...]
    entries: tuple[Entry, ...]
    leftovers: Leftovers


class Suggesting:
    """Makes suggestions for an assignment. Raises `ReleaseError` when its reference can't be read."""

    def __init__(self, root: Path, assignment: Assignment, jobs: int) -> None:
        self._root, self._assignment, self._jobs = root, assignment, jobs
        self._reference = references(root, assignment)
        self._bank, self.bank_problem = _bank(root, assignment)

    def suggestion(self, exercise: Exercise) -> Suggestion:
        """Try what there is to suggest for an exercise. Raises `ReleaseError` when its reference can't be used."""
        signature, draft, visible, to_say = self.draft(exercise)
        left = leftovers_of(self._root, self._assignment, exercise)
        to_say[:0] = left.to_say()
        self._bank = left.without(self._bank, exercise, self._root)
        suggested, draft = self._try_draft(exercise, draft, to_say)
        own_tried, own = self._try_own(exercise, left)
        trials, shown = both(suggested, own_tried)
        survivors = tuple(self._survivors(own_tried, suggested))
        if survivors and own_tried is None:
            own += " The suggested ones let these mutants pass:"
        return Suggestion(
            exercise,
            signature,
            tuple(to_say),
            draft.text if draft and draft.earns else None,
            visible,
            _worth(suggested, draft),
            own,
            survivors,
            tuple(self._entries(exercise, trials, shown)),
            left,
        )

    def draft(self, exercise: Exercise) -> tuple[str, HiddenChecks | None, str | None, list[str]]:
        """An exercise's signature; hidden and visible checks that are made of what the reference does, before they are
        tried; and what to say besides."""
        definition = self._definition(exercise)
        to_say: list[str] = []
        draft: HiddenChecks | None = None
        visible = None
        ReferenceTrial(self._assignment, exercise, self._reference)
        if isinstance(definition, ast.FunctionDef):
            signature = f"{exercise.function}({ast.unparse(definition.args)})"
            said = described(definition)
            does, to_say = self._behaviour(exercise, said)
            if does:
                draft = hidden_checks(self._assignment, exercise, said, does)
                visible = visible_check(exercise, said.docstring, does, self._reference)
                to_say += _besides(exercise, said, does, draft)
        elif isinstance(definition, ast.ClassDef):
            signature = f"class {exercise.function}"
            module = module_of(definition, exercise)
            found = module if isinstance(module, str) else tried(module, self._reference)
            if isinstance(found, str):
                to_say.append(f"{found} (docs/checks.md, An exercise that is a class).")
            else:
                module, say = found
                to_say += say
                draft = hidden_of_module(self._assignment, module)
                told = ast.get_docstring(definition) or ""
                visible = visible_of_module(module, told, self._reference)
        else:
            raise ReleaseError(f'"{exercise.function}" is neither a function nor a class, so nothing can be suggested.')
        return signature, draft, visible, to_say

    def _definition(self, exercise: Exercise) -> ast.stmt:
        module = self._assignment.modules[exercise.module]
        file = solution_file(self._assignment, module)
        tree = parse_solution(self._reference[module.id], file)
        found = [node for node in tree.body if getattr(node, "name", None) == exercise.function]
        if not found:
            raise ReleaseError(f'{file} has no function "{exercise.function}". Write the reference solution first.')
        return found[-1]

    def _behaviour(self, exercise: Exercise, said: Described) -> tuple[Behaviour | None, list[str]]:
        """What the reference does with inputs as they are described; and what its docstring should say."""
        if not said.docstring.strip():
            names = joined([each.name for each in said.inputs])
            example = f': "{said.inputs[0].name}: float tensor (n, d)"' if said.inputs else ""
            return None, [f"It has no docstring, which is the exercise. Say in it what {names} are{example}."]
        drawn = drawing(exercise.function, said)
        if unknown := [each for each in drawn.inputs if not each.kind]:
            return None, list(_asked(unknown))
        found = ReferenceTrial(self._assignment, exercise, self._reference).trial(said)
        to_say = list(found.to_say)
        if found.behaviour is None:
            inputs = ", ".join(f"{each.name}: {_meant(each.kind, each.shape)}" for each in drawn.inputs)
            to_say.append(
                f"Inputs were drawn as the docstring says ({inputs}), and the reference stops: "
                f"{found.problem.rstrip('.')}. Say more about shapes, dtypes and bounds."
            )
        elif found.behaviour.left_out:
            case, why = found.behaviour.left_out[0]
            names = ", ".join(found.behaviour.drawing.names).replace("*shape", "shape")
            to_say.append(f"With ({names}) = {case} the reference stops: {why.rstrip('.')}. Say whether that is meant.")
        return found.behaviour, to_say

    def _try_draft(
        self, exercise: Exercise, draft: HiddenChecks | None, to_say: list[str]
    ) -> tuple[Tried | None, HiddenChecks | None]:
        """The suggested checks, less those that the reference fails."""
        for _ in range(3):
            if draft is None or not draft.earns:
                return None, draft
            with draft_course(self._root, self._assignment, {exercise.id: draft.text}) as (folder, assignment):
                try:
                    tried = self._try(folder, assignment, exercise)
                except GradingError as error:
                    raised = re.findall(r"^E +(\w+: .*)$", str(error), re.MULTILINE)
                    if raised and "can't be collected" in str(error):  # those are ours, so it is what they import
                        file = f"solutions/{self._assignment.id}/{exercise.module}.py"
                        raise ReleaseError(
                            f"{file} can't be imported: {_short(raised[-1])}. Make it run, then ask again."
                        ) from None
                    to_say.append(f"The checks on drawn inputs can't be used: {_short(str(error))}")
                    return None, None
            if not tried.failed:
                for name, (checks, said) in tried.unfair.items():
                    to_say.append(
                        f"Your right answer {name} fails {joined(checks)}: {_short(said)} Say in the docstring what "
                        "inputs there may be, or draw others."
                    )
                return tried, draft
            for name, said in tried.failed.items():
                to_say.append(f"{name} is left out: the reference itself fails it with some draws. {_short(said)}")
            draft = draft.without(tried.failed)
        return None, None

    def _try_own(self, exercise: Exercise, left: Leftovers) -> tuple[Tried | None, str]:
        """The author's own hidden checks, and what to say of them."""
        if f"solutions/{self._assignment.id}/hidden/test_{exercise.id}.py" in left.files:
            return None, "Your hidden checks are still those that `grader new` wrote, of doubled numbers."
        if not (self._root / "solutions" / self._assignment.id / "hidden").is_dir():
            return None, "There are no hidden checks yet."
        try:
            tried = self._try(self._root, self._assignment, exercise)
        except GradingError as error:
            return None, f"Your hidden checks can't be used yet. {_short(str(error)).rstrip('.')}."
        if tried.failed:
            name, said = next(iter(tried.failed.items()))
            return None, f"The reference solution fails your own check {name}: {_short(said).rstrip('.')}."
        listed = self._listed()
        passing = sum(trial.subject.id not in listed for trial in tried.survivors)
        are = "is" if passing == 1 else "are"
        also = f", and let {passing} pass that {are} not listed as equivalent" if passing else ""
        return tried, f"Your own hidden checks reject {tried.rejected} of {len(tried.trials)} mutants{also}."

    def _try(self, root: Path, assignment: Assignment, exercise: Exercise) -> Tried:
        wrong = list(changed_in_place(read_references(self._root, self._assignment, exercise)))
        bank = list(from_bank(self._bank, self._reference, self._assignment, exercise.id))
        with_right = root != self._root  # of the author's own checks the audit tells
        return try_out(root, assignment, exercise, self._reference, wrong, bank, self._jobs, with_right=with_right)

    def _listed(self) -> set[str]:
        try:
            return set(read_equivalents(self._root, self._assignment))
        except BankError:
            return set()

    def _survivors(self, own: Tried | None, suggested: Tried | None) -> list[Survivor]:
        """Mutants that the author's checks let pass; where there are none that can be used, those that the suggested
        ones do."""
        found = []
        listed = self._listed()
        judge = own or suggested
        for trial in judge.survivors if judge else []:
            if trial.subject.id in listed:
                continue
            other = suggested.trials.get(trial.subject.id) if own and suggested else None
            caught = other.first.failed if other and other.first and other.rejected else ()
            found.append(Survivor(trial.subject.title, caught, "" if caught else _advice(trial.subject.title)))
        return sorted(found, key=lambda each: not each.caught_by)

    def _entries(self, exercise: Exercise, trials: Sequence[Trial], shown: object) -> list[Entry]:
        assert isinstance(shown, dict)
        bank = list(from_bank(self._bank, self._reference, self._assignment, exercise.id))
        known = [each.id for each in bank if each.kind is Kind.MISTAKE]
        taken = {each.id for found in self._bank.mistakes.values() for each in found}
        return worth_naming(exercise, trials, shown, known, taken)


def _bank(root: Path, assignment: Assignment) -> tuple[Bank, str]:
    try:
        return load_bank(root, assignment), ""
    except BankError as error:
        return Bank({}, {}), str(error).split("\n")[0]


_ANY_SHAPE = re.compile(r"\b(?:any|one|same|whatever) (?:shape|length|size|number of dimensions)")
_OBJECTS = re.compile(
    r"\b(?:models?|nn\.\w+|optimi[sz]er|loss|losses|called|gives?|loader|batch|batches|file|module)\b", re.I
)


def _asked(unknown: Sequence[Input]) -> Iterator[str]:
    """What to say of inputs that can't be drawn; objects are built by hand."""
    objects = [each for each in unknown if _OBJECTS.search(f"{each.said} {each.name.replace('_', ' ')}")]
    if objects:
        yield (
            f"{joined([each.name for each in objects])} can't be drawn. Models, losses, optimizers and loaders are "
            "built of recipes, by hand (docs/checks.md, Recipes); a model can be drawn where the docstring says what "
            'it takes and returns: "model: takes a tensor (n, 3) and returns one of (n, 2)".'
        )
    for each in unknown:
        if each not in objects:
            found = f'says "{_short(each.said)}" of {each.name}' if each.said else f"says nothing of {each.name}"
            example = f'"{each.name}: float tensor (n, d)"'
            yield f"The docstring {found}, which is too little to draw it. Say what it is: {example}."


def _meant(kind: str, shape: tuple[str, ...] | None) -> str:
    if kind not in ("tensor", "array"):
        return kind
    sizes = "of any shape" if shape is None else f"({', '.join(shape)}{',' if len(shape) == 1 else ''})"
    return f"{kind} {sizes}"


def _besides(exercise: Exercise, said: Described, does: Behaviour, draft: HiddenChecks) -> list[str]:
    """What can't be suggested, and what could be if the docstring said more."""
    found = []
    vague = [
        each.name
        for each in does.drawing.inputs
        if each.kind in ("tensor", "array") and each.shape is None and not _ANY_SHAPE.search(each.said)
    ]
    if vague:
        shape = f'"{vague[0]}: tensor (n, d)", or "of any shape"'
        found.append(f"The docstring names no shape of {joined(vague)}, so any is drawn. Say it: {shape}.")
    if does.gives == "what has no plain form":
        found.append(
            "What it returns can't be compared as a whole. Ask for parts of it by hand: then=Iterate(1) goes through a "
            "loader (docs/checks.md, Follow-ups)."
        )
    if does.gives == "other values each time":
        found.append(
            "What it returns is drawn at random, so it can't be compared with the reference's. Check by hand what is "
            "so for every draw: shape, bounds, which numbers occur."
        )
    if does.gradients and not said.is_differentiable and does.gives == "a value":
        names = " and ".join(does.drawing.inputs[at].name for at in does.gradients)
        found.append(f'Gradients reach {names}. If learners\' should, too, say "differentiable in {names}".')
    if does.prints:
        found.append(f"It prints. Check that by hand, with student.{exercise.function}(…).lines(START).")
    if not draft.earns and does.gives == "nothing":
        found.append("It returns nothing and changes no argument, so no check on values can be suggested.")
    return found


def _worth(suggested: Tried | None, draft: HiddenChecks | None) -> str:
    if suggested is None or draft is None:
        return ""
    of = len(suggested.trials)
    text = f"The reference passes them with every seed, and they reject {suggested.rejected} of {of} mutants."
    idle = [each.name for each in draft.checks if suggested.idle(each.name)]
    if idle:
        text += f" Nothing that was tried fails {' or '.join(idle)}: write a mistake that does, or leave it out."
    return text


def _advice(what: str) -> str:
    otherwise = "draw other inputs, on which it gives something else; or list it as equivalent, if it never does"
    return advice(what) or otherwise


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"
