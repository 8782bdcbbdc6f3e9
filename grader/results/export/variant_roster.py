"""Who has which variant by a roster, whatever an entry is called of all that the roster names a learner by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.core.assignment import Assignment, Course, drawn_variant, same_learner
from grader.core.errors import CollectError, ExportError, did_you_mean
from grader.results.data_files import csv_lines, safe_cell
from grader.results.export.roster import TOLD_APART_BY, Person, Roster, column_of, folded, quoted_value, trimmed
from grader.results.export.roster_file import problem_lines, read_roster


@dataclass(frozen=True)
class GivenVariants:
    """What a roster says of entries, each by its name as `same_learner` has it: `given` is the variant where the roster
    gives one, and `drawn_for` the name for which one is drawn elsewhere."""

    given: Mapping[str, str] = field(default_factory=dict)
    drawn_for: Mapping[str, str] = field(default_factory=dict)


def read_given_variants(path: Path, assignment: Assignment, called: Iterable[str]) -> GivenVariants:
    """The variants in a roster, or in a table `student,variant`, which is one. `called` are the names of the entries.

    An entry may be called by any value by which the roster tells learners apart. Where two of them go by one name, the
    column counts in which most entries are, `student` where that's undecided. Raises `ExportError` as `read_roster`
    does, and when there is no column `variant`, and `CollectError` as `checked_variants` does.
    """
    roster = read_roster(path)
    if "variant" not in map(column_of, roster.headings) and roster.named_by == ("student",):
        raise ExportError(
            f'{path}: expected a column "variant", found none. The table says who has which variant: student,variant.'
        )
    checked_variants(path, assignment, roster)
    named = _whose(roster, {same_learner(trimmed(name)) for name in called})
    return GivenVariants(
        {name: person.variant for name, person in named.items() if person.variant},
        {name: trimmed(person.student) for name, person in named.items()},
    )


def _whose(roster: Roster, here: set[str]) -> dict[str, Person]:
    """Each name with the learner who is meant by it; `here` are those that entries have."""
    by_column = {
        column: [(same_learner(name), person) for person in roster.people if (name := trimmed(getattr(person, column)))]
        for column in TOLD_APART_BY
    }
    found: dict[str, Person] = {}
    for names in sorted(by_column.values(), key=lambda names: -sum(name in here for name, _ in names)):
        for name, person in names:
            found.setdefault(name, person)
    # An apostrophe is a part of a name, unless the entries say that it is a spreadsheet's mark for text.
    for name, person in by_column["student"]:
        if name not in here and (bare := name.removeprefix("'")) in here:
            found.setdefault(bare, person)
    return found


def checked_variants(path: Path, assignment: Assignment, roster: Roster) -> Roster:
    """The roster. Raises `CollectError` with a sentence for each line whose variant the assignment doesn't have."""
    known = list(assignment.variants or ())
    problems = [
        f"{path}, line {person.line}, column variant: {quoted_value(person.variant)} is no variant of "
        f"{assignment.id}, which has {', '.join(known)}.{did_you_mean(person.variant, known)}"
        for person in roster.people
        if person.variant and person.variant not in known
    ]
    if problems:
        raise CollectError(problem_lines(problems))
    return roster


def who_gets_which(course: Course, assignment: Assignment, roster: Roster) -> str:
    """The text of `variants.csv`: a line for each learner of the roster, with all that the roster names them by."""
    more = [column for column in TOLD_APART_BY[1:] if any(getattr(person, column) for person in roster.people)]
    rows = [
        [
            safe_cell(person.student),
            *(safe_cell(getattr(person, column)) for column in more),
            _variant_of(person, course, assignment),
        ]
        for person in roster.people
    ]
    return "".join(csv_lines([["student", *more, "variant"], *rows]))


def known_only_by_the_table(course: Course, assignment: Assignment, roster: Roster) -> int:
    """How many learners have a name, of those that an entry may have, for which another variant would be drawn than
    they have: `grade` needs the table for these."""
    return sum(
        any(
            drawn_variant(course.id, assignment, name) != _variant_of(person, course, assignment)
            for column in roster.named_by
            if (name := trimmed(getattr(person, column)))
        )
        for person in roster.people
    )


def variants_by_address(course: Course, assignment: Assignment, roster: Roster) -> dict[str, str]:
    """The same by `folded` e-mail address, for a system that knows learners by it. Those without one are left out."""
    return {folded(person.email): _variant_of(person, course, assignment) for person in roster.people if person.email}


def _variant_of(person: Person, course: Course, assignment: Assignment) -> str:
    return person.variant or drawn_variant(course.id, assignment, trimmed(person.student))
