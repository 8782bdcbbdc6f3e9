"""The variants of an assignment as a class is graded: who has which, and what each is graded with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grader.collecting.given_variants import read_given_variants
from grader.core.assignment import Assignment, Course
from grader.core.errors import CollectError
from grader.core.records import SubmissionResult
from grader.core.variants import drawn_variant, same_learner
from grader.derived.variant_course import VariantCourse, variant_course
from grader.grading.exercise_keys import ExerciseKey, digest_of_all, exercise_keys


@dataclass(frozen=True)
class GradedVariant:
    """One of them; the only one, where there are none: then its name is empty."""

    made: VariantCourse
    keys: Mapping[str, ExerciseKey]

    @property
    def name(self) -> str:
        """Its name."""
        return self.made.name

    @property
    def assignment(self) -> Assignment:
        """The assignment, as its learners know it."""
        return self.made.assignment


class GradedVariants:
    """All of them, and which an entry is graded as. `learners` gives the learners of an entry, by its name, and `given`
    says who has another one than is drawn."""

    def __init__(
        self,
        variants: Mapping[str, GradedVariant],
        given: Mapping[str, str],
        learners: Callable[[str], tuple[str, ...]],
        draw: Callable[[str], str],
    ) -> None:
        self._variants, self._given, self._learners, self._draw = variants, given, learners, draw
        self.each = tuple(variants.values())
        # Exercises whose checks or references are others in another variant: answers to these can't be compared.
        self._apart = {
            name for name in self.each[0].keys if len({variant.keys[name].verdict for variant in self.each}) > 1
        }

    def of(self, entry: str) -> GradedVariant:
        """That of an entry, by its name. A team has that of its first member, unless the team has one itself."""
        first = self._learners(entry)[0]
        given = (self._given.get(same_learner(name)) for name in (entry, first))
        return self._variants[next(filter(None, given), None) or self._draw(first)]

    @property
    def checks_digest(self) -> str:
        """One digest of all that they are graded with."""
        return digest_of_all(
            {f"{one.name} {name}".lstrip(): key for one in self.each for name, key in one.keys.items()}
        )

    def counted(self, entries: Iterable[str]) -> str:
        """`Graded as variant a: 12, as variant b: 11.`; empty where there are none."""
        numbers = Counter(self.of(entry).name for entry in entries)
        told = [f"as variant {each.name}: {numbers[each.name]}" for each in self.each if each.name]
        return f"Graded {', '.join(told)}." if told else ""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where their secrets are, which learners' code must not see."""
        return tuple(variant.made.root / "solutions" for variant in self.each)

    def told(self, result: SubmissionResult) -> SubmissionResult:
        """The result of an entry with its variant; its answers are compared with those to the same variant alone."""
        name = self.of(result.student).name
        exercises = tuple(
            replace(each, answers=each.answers.among(name)) if each.answers and each.id in self._apart else each
            for each in result.exercises
        )
        return replace(result, variant=name, exercises=exercises)


@contextmanager
def graded_variants(
    root: Path, course: Course, assignment: Assignment, table: Path | None, learners: Callable[[str], tuple[str, ...]]
) -> Iterator[GradedVariants]:
    """The variants with what they are graded with, in temporary folders; `table` is a file of who has which. Raises
    `KitError` when it can't be read, or a variant can't be made."""
    if table and not assignment.variants:
        raise CollectError(f"--variants {table}: {assignment.id} has no variants. Leave the option out.")
    given = read_given_variants(table, assignment) if table else {}
    with ExitStack() as opened:
        variants = {}
        for name in assignment.variants or ("",):
            made = opened.enter_context(
                variant_course(root, course, assignment, name, knows_others=True, to_grade=True)
            )
            variants[name] = GradedVariant(made, exercise_keys(made.root, made.assignment))
        yield GradedVariants(variants, given, learners, lambda who: drawn_variant(course.id, assignment, who))
