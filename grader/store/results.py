"""The results of one batch, written as they come and read back one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, RowMapping, delete, insert, inspect, or_, select

from grader.errors import ResultsError
from grader.records import Decision, ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.store.database import connect, damaged, sentences
from grader.store.key import BatchKey, key_row, read_key
from grader.store.overrides import add, history, in_force, overrides_of
from grader.store.rows import check_rows, exercise_rows, submission_of, submission_row
from grader.store.schema import SCHEMA_VERSION, batch, checks, exercises, metadata, submissions

FILE = "results.db"
# What else an output folder holds after a grading: somebody's work, which is not written over.
_REPORTS = ("results.jsonl", "grades.csv", "overrides.csv", "mistakes.csv", "feedback")
_READ_AT_ONCE = 50


class ResultStore:
    """One batch's results. Made by `create` or `reopen`; used by one thread of one process, as a context manager."""

    def __init__(self, path: Path, connection: Connection, key: BatchKey) -> None:
        self.path = path
        self.key = key
        self._connection = connection

    @classmethod
    def create(cls, folder: Path, key: BatchKey) -> Self:
        """An empty store in `folder`, which is made if need be."""
        path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found = [name for name in _REPORTS if _holds(folder / name)]
        except OSError as error:
            raise ResultsError(f"{folder} can't be the output folder: {error.strerror}.") from error
        if found:
            raise _taken(folder, found[0])
        with sentences(path):
            connection = connect(path)
            try:
                with connection.begin():
                    # Asked under the lock: another grading may have come here together with this one. A database
                    # without tables is what is left of a grading that was killed as it began.
                    if inspect(connection).get_table_names():
                        raise _taken(folder, FILE)
                    metadata.create_all(connection)
                    connection.execute(insert(batch).values(id=1, begun=_now(), **key_row(key)))
                    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, key)

    @classmethod
    def reopen(cls, folder: Path) -> Self:
        """The store that an earlier grading left in `folder`."""
        path = folder / FILE
        if not _holds(path):
            raise ResultsError(f"{folder} holds no results to go on with ({FILE}). Grade without --resume.")
        with sentences(path):
            connection = connect(path)
            try:
                return cls(path, connection, read_key(connection, path))
            except BaseException:
                connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the file and its lock back."""
        self._connection.close()

    def done(self) -> dict[str, str]:
        """Each student whose submission has a result, with the digest of what was graded.

        A submission that failed by our own mistake, wholly or in one exercise, is not among them: it is taken again.
        """
        broken = select(exercises.c.student).where(exercises.c.status == ExerciseStatus.GRADER_ERROR.value)
        ours = or_(submissions.c.status == SubmissionStatus.GRADER_ERROR.value, submissions.c.student.in_(broken))
        with sentences(self.path), self._connection.begin():
            rows = self._connection.execute(select(submissions.c.student, submissions.c.digest).where(~ours))
            return {row.student: row.digest for row in rows}

    def put(self, result: SubmissionResult, digest: str, seconds: float) -> None:
        """Stores what the checks gave in one transaction, in place of what they gave the student before.

        Overrides stay as they are.
        """
        result = result.as_checked()
        submission = submission_row(result, digest, seconds)
        of_exercises, of_checks = exercise_rows(result), check_rows(result)
        with sentences(self.path), self._connection.begin():
            self._connection.execute(delete(submissions).where(submissions.c.student == result.student))
            self._connection.execute(insert(submissions), submission)
            if of_exercises:
                self._connection.execute(insert(exercises), of_exercises)
            if of_checks:
                self._connection.execute(insert(checks), of_checks)

    def keep_only(self, students: Collection[str]) -> list[str]:
        """Drops the results of everybody else, and says of whom: they are gone from the folder of submissions.

        Their overrides stay, and count again if they come back.
        """
        gone = [student for student in self.students() if student not in students]
        with sentences(self.path), self._connection.begin():
            for student in gone:
                self._connection.execute(delete(submissions).where(submissions.c.student == student))
        return gone

    def decide(self, decision: Decision) -> None:
        """Keeps what a person decided about the points of an exercise, in one transaction."""
        with sentences(self.path), self._connection.begin():
            add(self._connection, decision)

    def overrides(self) -> list[Decision]:
        """The overrides that count, by student and exercise; also those of learners who have no result now."""
        with sentences(self.path), self._connection.begin():
            return in_force(self._connection)

    def decisions(self) -> list[Decision]:
        """The history: every override that was ever set, replaced or taken back, the oldest first."""
        with sentences(self.path), self._connection.begin():
            return history(self._connection)

    def result(self, student: str) -> SubmissionResult | None:
        """One student's result, if there is one; a person's points in place of the checks'."""
        with sentences(self.path), self._connection.begin():
            return next(iter(self._some([student])), None)

    def results(self) -> Iterator[SubmissionResult]:
        """Every result, sorted by student; a person's points in place of the checks'.

        Of all of them, only the names are held in memory.
        """
        students = self.students()
        for start in range(0, len(students), _READ_AT_ONCE):
            with sentences(self.path), self._connection.begin():
                some = self._some(students[start : start + _READ_AT_ONCE])
            yield from some

    def begun(self) -> str:
        """When the batch was begun: ISO 8601, UTC."""
        with sentences(self.path), self._connection.begin():
            return str(self._connection.execute(select(batch.c.begun)).scalar_one())

    def students(self) -> list[str]:
        """Everybody who has a result, sorted."""
        with sentences(self.path), self._connection.begin():
            return sorted(self._connection.scalars(select(submissions.c.student)))

    def _some(self, students: list[str]) -> list[SubmissionResult]:
        # Three queries instead of one join, which would repeat the feedback for every check.
        read = self._connection.execute
        of_submissions = read(select(submissions).where(submissions.c.student.in_(students))).mappings()
        of_exercises = _by_student(
            read(select(exercises).where(exercises.c.student.in_(students)).order_by(exercises.c.position)).mappings()
        )
        of_checks = _by_student(
            read(select(checks).where(checks.c.student.in_(students)).order_by(checks.c.position)).mappings()
        )
        set_by_a_person = overrides_of(self._connection, students)
        try:
            found = {
                row["student"]: submission_of(row, of_exercises[row["student"]], of_checks[row["student"]])
                for row in of_submissions
            }
            found = {student: result.overruled(set_by_a_person[student]) for student, result in found.items()}
        except (ValueError, TypeError) as error:
            raise damaged(self.path, str(error)) from error
        return [found[student] for student in students if student in found]


def _by_student(rows: Iterable[RowMapping]) -> defaultdict[str, list[RowMapping]]:
    grouped: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for row in rows:
        grouped[row["student"]].append(row)
    return grouped


def _taken(folder: Path, name: str) -> ResultsError:
    return ResultsError(f"{folder} holds results already ({name}). Use --resume, or another --out.")


def _holds(path: Path) -> bool:
    """Whether something lies there; an empty file or folder is nothing."""
    if path.is_dir() and not path.is_symlink():
        return any(path.iterdir())
    return path.is_symlink() or (path.exists() and path.stat().st_size > 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
