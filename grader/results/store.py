"""The results of one batch, written as they come, read back one at a time, and as they are at this moment."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.core.due_dates import HandIn
from grader.core.errors import ResultsError
from grader.core.records import Change, ExerciseStatus, Source, SubmissionResult, SubmissionStatus
from grader.results.database import Database, Row, bring_up_to_date, copy_file, damaged, sentences
from grader.results.decisions import Decided, PeoplesDecisions, groups_of
from grader.results.record_rows import (
    BatchKey,
    change_of,
    change_row,
    changes_between,
    check_rows,
    exercise_rows,
    hand_in_row,
    hand_ins_of,
    key_row,
    read_key,
    source_of,
    source_rows,
    submission_of,
    submission_row,
)

FILE = "results.db"
# What else an output folder holds after a grading: somebody's work, which is not written over.
_REPORTS = (
    *("results.jsonl", "grades.csv", "overrides.csv", "comments.csv", "mistakes.csv"),
    *("class.html", "source", "feedback"),
)
_READ_AT_ONCE = 50

_DONE = """
    SELECT student, digest FROM submissions
    WHERE status != ? AND student NOT IN (SELECT student FROM exercises WHERE status = ?)
"""
# Stands before the digest of a submission whose causes were left for later, if anything failed in it.
_CAUSES_LATER = "causes later: "
_MAY_HAVE_A_CAUSE = (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL)
_DROP = "DELETE FROM submissions WHERE student = ?"  # its exercises and checks go with it


class ResultStore(PeoplesDecisions):
    """One batch's results. Made by `create` or `reopen`; used by one thread of one process, as a context manager."""

    def __init__(self, database: Database, key: BatchKey) -> None:
        super().__init__(database)
        self.path = database.path
        self.key = key

    @classmethod
    def create(cls, folder: Path, key: BatchKey) -> Self:
        """An empty store in `folder`, which is made if need be."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found = [name for name in _REPORTS if _holds(folder / name)]
        except OSError as error:
            raise ResultsError(f"{folder} can't be the output folder: {error.strerror}.") from error
        if found:
            raise _taken(folder, found[0])
        database = Database(folder / FILE)
        try:
            with database.transaction():
                # Asked under the lock: another grading may have come here together with this one. A database without
                # tables is what is left of a grading that was killed as it began.
                if database.tables():
                    raise _taken(folder, FILE)
                bring_up_to_date(database)
                database.insert("batch", {"id": 1, "begun": _now(), **key_row(key)})
        except BaseException:
            database.close()
            raise
        return cls(database, key)

    @classmethod
    def reopen(cls, folder: Path) -> Self:
        """The store that an earlier grading left in `folder`."""
        path = folder / FILE
        if not _may_hold(path):
            raise ResultsError(f"{folder} holds no results to go on with ({FILE}). Grade without --resume.")
        return cls.opened(Database(path))

    @classmethod
    def copy(cls, earlier: Path, folder: Path) -> None:
        """Begin a store in `folder`, which is made if need be, with all that is in the one in `earlier`.

        That one is read and never changed. Killed in the middle, `folder` holds no results.
        """
        source, part = earlier / FILE, folder / f".{FILE}.part"
        if not _may_hold(source):
            raise ResultsError(f"{earlier} holds no results to begin with ({FILE}).")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found = [name for name in (FILE, *_REPORTS) if _holds(folder / name)]
            if found:
                raise _taken(folder, found[0])
            part.unlink(missing_ok=True)
            with sentences(source):
                copy_file(source, part)
            part.replace(folder / FILE)
        except OSError as error:
            raise ResultsError(f"{folder} can't be the output folder: {error.strerror}.") from error

    @classmethod
    def opened(cls, database: Database) -> Self:
        """The store that is in a database; closes it when there is none that can be used."""
        try:
            return cls(database, read_key(database))
        except BaseException:
            database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the file and its lock back."""
        self._database.close()

    def done(self) -> dict[str, str]:
        """Each student whose submission has a result, with the digest of what was graded.

        A submission that failed by our own mistake, wholly or in one exercise, is not among them: it is taken again.
        """
        return {student: digest.removeprefix(_CAUSES_LATER) for student, digest in self._digests().items()}

    def causes_left(self) -> set[str]:
        """Of those that are done, whose causes were left for later: something failed in them."""
        return {student for student, digest in self._digests().items() if digest.startswith(_CAUSES_LATER)}

    def _digests(self) -> dict[str, str]:
        with self._database.transaction():
            rows = self._database.rows(_DONE, [SubmissionStatus.GRADER_ERROR.value, ExerciseStatus.GRADER_ERROR.value])
        return {row["student"]: row["digest"] for row in rows}

    def variants(self) -> dict[str, str]:
        """The variant as which each submission was graded, by student; empty for one without."""
        with self._database.transaction():
            return {row["student"]: row["variant"] for row in self._database.rows("SELECT * FROM submissions")}

    def put(
        self,
        result: SubmissionResult,
        digest: str,
        seconds: float,
        *,
        graded_with: Mapping[str, str] | None = None,
        causes_later: bool = False,
        sources: Sequence[Source] = (),
    ) -> bool:
        """Stores what the checks gave in one transaction, in place of what they gave the student before, and what that
        changed. Gives whether it is another result: where it isn't, the time when it was found stays as well.

        Overrides stay as they are. `graded_with` is what each exercise was graded with. `causes_later`: no cause was
        looked for by repair, and some run is to do that. `sources` are the modules as they were graded.
        """
        result = result.as_checked()
        handed_in = digest
        if causes_later and any(exercise.status in _MAY_HAVE_A_CAUSE for exercise in result.exercises):
            digest = f"{_CAUSES_LATER}{digest}"
        of_checks, graded_with, now = check_rows(result), graded_with or {}, _now()
        with self._database.transaction():
            is_same = self._handed_in(result.student) == handed_in
            was = next((each.as_checked() for each in self._some([result.student])), None)
            stands = was == replace(result, comments=was.comments if was else ())
            stands = stands and is_same and result.status is SubmissionStatus.GRADED  # else it was tried once more
            changes = changes_between(was, result, "checks" if is_same else "submission", now) if was else ()
            query = "SELECT id, of_group, graded_with FROM exercises WHERE student = ?"
            before = self._database.rows(query, [result.student]) if is_same else []
            groups = groups_of(self._database, result, graded_with, {row["id"]: row for row in before})
            self._database.insert("changes", *map(change_row, changes))
            self._database.change(_DROP, [result.student])
            at = was.graded_at if was and stands else now
            self._database.insert("submissions", submission_row(result, digest, seconds, at))
            self._database.insert("exercises", *exercise_rows(result, graded_with, groups))
            self._database.insert("checks", *of_checks)
            self._database.insert("sources", *source_rows(result.student, sources))
        return not stands

    def _handed_in(self, student: str) -> str | None:
        """The digest of what a stored result is of."""
        rows = self._database.rows("SELECT digest FROM submissions WHERE student = ?", [student])
        return str(rows[0]["digest"]).removeprefix(_CAUSES_LATER) if rows else None

    def changes(self) -> list[Change]:
        """What grading again has changed, the oldest first."""
        with self._database.transaction():
            return [change_of(row) for row in self._database.rows("SELECT * FROM changes ORDER BY id")]

    def graded_with(self) -> dict[str, dict[str, tuple[ExerciseStatus, str]]]:
        """The status of each exercise, in order, and what it was graded with, by student: empty where an earlier
        version of the kit graded it."""
        found: defaultdict[str, dict[str, tuple[ExerciseStatus, str]]] = defaultdict(dict)
        with self._database.transaction():
            for row in self._database.rows("SELECT student, id, status, graded_with FROM exercises ORDER BY position"):
                found[row["student"]][row["id"]] = ExerciseStatus(row["status"]), row["graded_with"]
        return found

    def note_key(self, checks_digest: str, kit_version: str) -> None:
        """The batch goes on, with other checks or another version of the kit if these are others."""
        if (self.key.checks_digest, self.key.kit_version) != (checks_digest, kit_version):
            with self._database.transaction():
                query = "UPDATE batch SET checks_digest = ?, kit_version = ?"
                self._database.change(query, [checks_digest, kit_version])

    def keep_only(self, students: Collection[str]) -> list[str]:
        """Drops the results of everybody else, and says of whom: they are gone from the folder of submissions.

        Their overrides stay, and count again if they come back.
        """
        gone = [student for student in self.students() if student not in students]
        with self._database.transaction():
            for student in gone:
                self._database.change(_DROP, [student])
        return gone

    def note_hand_ins(self, hand_ins: Mapping[str, HandIn]) -> None:
        """Keeps what is known of how learners handed in, in place of what was known; what is the same isn't written."""
        with self._database.transaction():
            if hand_ins_of(self._database) != hand_ins:
                self._database.change("DELETE FROM hand_ins")
                self._database.insert("hand_ins", *(hand_in_row(*each) for each in sorted(hand_ins.items())))

    def hand_ins(self) -> dict[str, HandIn]:
        """What is known of how learners handed in, also of those who handed nothing in."""
        with self._database.transaction():
            return hand_ins_of(self._database)

    def without_work(self) -> list[str]:
        """Those who are known, and handed nothing in, sorted."""
        return sorted(self.hand_ins().keys() - set(self.students()))

    def result(self, student: str) -> SubmissionResult | None:
        """One student's result, if there is one; a person's points in place of the checks', and a person's comments."""
        with self._database.transaction():
            return next(iter(self._some([student])), None)

    def results(self) -> Iterator[SubmissionResult]:
        """Every result, sorted by student; a person's points in place of the checks', and a person's comments.

        Of all of them, only the names are held in memory.
        """
        students = self.students()
        for start in range(0, len(students), _READ_AT_ONCE):
            with self._database.transaction():
                some = self._some(students[start : start + _READ_AT_ONCE])
            yield from some

    def sources(self, student: str) -> list[Source]:
        """The modules of a student as they were graded; none where that isn't known."""
        with self._database.transaction():
            rows = self._database.rows("SELECT * FROM sources WHERE student = ? ORDER BY position", [student])
        try:
            return [source_of(row) for row in rows]
        except (LookupError, TypeError, ValueError) as error:
            raise damaged(self.path, str(error)) from error

    def begun(self) -> str:
        """When the batch was begun: ISO 8601, UTC."""
        with self._database.transaction():
            return str(self._database.value("SELECT begun FROM batch"))

    def students(self) -> list[str]:
        """Everybody who has a result, sorted."""
        with self._database.transaction():
            return sorted(row["student"] for row in self._database.rows("SELECT student FROM submissions"))

    def _some(self, students: list[str]) -> list[SubmissionResult]:
        # Three queries instead of one join, which would repeat the feedback for every check.
        these = f"student IN ({', '.join('?' * len(students))})"
        of_submissions = self._database.rows(f"SELECT * FROM submissions WHERE {these}", students)
        of_exercises = _by_student(
            self._database.rows(f"SELECT * FROM exercises WHERE {these} ORDER BY position", students)
        )
        of_checks = _by_student(self._database.rows(f"SELECT * FROM checks WHERE {these} ORDER BY position", students))
        decided = Decided(self._database, students)
        try:
            found = {
                row["student"]: submission_of(row, of_exercises[row["student"]], of_checks[row["student"]])
                for row in of_submissions
            }
            hand_ins = hand_ins_of(self._database, students)
            found = {
                student: replace(decided.on(result), hand_in=hand_ins.get(student, HandIn()))
                for student, result in found.items()
            }
        except (LookupError, TypeError, ValueError) as error:
            raise damaged(self.path, str(error)) from error
        return [found[student] for student in students if student in found]


def _by_student(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["student"]].append(row)
    return grouped


def _taken(folder: Path, name: str) -> ResultsError:
    return ResultsError(f"{folder} holds results already ({name}). Use --resume, or another --out.")


def _may_hold(path: Path) -> bool:
    """The same of a path that a person gave, which may be one that can't be."""
    try:
        return _holds(path)
    except OSError:
        return False


def _holds(path: Path) -> bool:
    """Whether something lies there; an empty file or folder is nothing."""
    if path.is_dir() and not path.is_symlink():
        return any(path.iterdir())
    return path.is_symlink() or (path.exists() and path.stat().st_size > 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def snapshot(folder: Path) -> Iterator[ResultStore]:
    """A copy of the store in `folder`, gone at the end. The file itself is read for a moment and never changed.

    Raises `ResultsError` when it can't be read: missing, damaged, of a newer version, or held by a running grading.
    """
    path = folder / FILE
    with tempfile.TemporaryDirectory(prefix="grader-snapshot-") as place:
        copy = Path(place) / FILE
        with sentences(path):
            copy_file(path, copy)
        with ResultStore.opened(Database(copy, about=path)) as store:
            yield store
