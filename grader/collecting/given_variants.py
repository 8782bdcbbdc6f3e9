"""Who has which variant, where a person says so: a table with the columns `student` and `variant`, others are left."""

from __future__ import annotations

from pathlib import Path

from grader.core.assignment import Assignment
from grader.core.errors import CollectError, did_you_mean
from grader.core.variants import same_learner
from grader.results.export.roster import plain_heading, quoted_value, trimmed
from grader.results.export.roster_file import table_rows

COLUMNS = ("student", "variant")
_MOST_PROBLEMS = 20


def read_given_variants(path: Path, assignment: Assignment, *, is_roster: bool = False) -> dict[str, str]:
    """The variant of each entry, by its name as `same_learner` has it; of one whose cell is empty, nothing is said. A
    roster need not have the columns: then nothing is said of anybody.

    Raises `CollectError` with a sentence for each line that is wrong, and `ExportError` when it is no table.
    """
    (first, headings), *lines = table_rows(path, "table") or [(1, [])]
    names = [plain_heading(heading) for heading in headings]
    if is_roster and not set(COLUMNS) <= set(names):
        return {}
    for column in COLUMNS:
        if names.count(column) != 1:
            raise CollectError(
                f'{path}, line {first}: expected one column "{column}", found {names.count(column) or "none"}. The '
                "table says who has which variant: student,variant."
            )
    known, found, problems = list(assignment.variants or ()), dict[str, tuple[str, int]](), list[str]()
    for number, cells in lines:
        row = dict(zip(names, cells, strict=False))
        student, variant = (trimmed(row.get(column, "")) for column in COLUMNS)
        student = student.removeprefix("'")  # which keeps a spreadsheet from taking it for a formula
        if not variant:
            continue
        earlier, line = found.setdefault(same_learner(student), (variant, number))
        where = f"{path}, line {number}, column"
        if not student:
            problems.append(f"{where} student: is empty; expected the name of an entry.")
        elif variant not in known:
            hint = did_you_mean(variant, known)
            problems.append(
                f"{where} variant: {quoted_value(variant)} is no variant of {assignment.id}, which has "
                f"{', '.join(known)}.{hint}"
            )
        elif earlier != variant:
            problems.append(f"{where} student: {quoted_value(student)} has the variant {earlier} in line {line}.")
    if problems:
        more = [f"… and {len(problems) - _MOST_PROBLEMS} more."] if len(problems) > _MOST_PROBLEMS else []
        raise CollectError("\n".join([*problems[:_MOST_PROBLEMS], *more]))
    return {student: variant for student, (variant, _) in found.items()}
