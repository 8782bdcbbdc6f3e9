"""Writing what is derived for learners, stubs, notebook and page, without losing anybody's work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.course import Assignment
from grader.release.derived import derived_files
from grader.release.files import back_up, read_if_there, replace_file
from grader.release.manifest import digest, read_manifest, write_manifest

# `kept` is said of a file that somebody has worked on: it was left as it is.
Fate = Literal["written", "unchanged", "kept"]


@dataclass(frozen=True)
class PlannedStub:
    """What would happen to a derived file. `work` is somebody's work that is backed up before it is replaced."""

    path: Path
    text: str
    fate: Fate
    work: bytes | None = None


@dataclass(frozen=True)
class StubFile:
    """What happened to a derived file, and where the work that was in it is now."""

    path: Path
    fate: Fate
    backup: Path | None = None


def plan_stubs(root: Path, assignment: Assignment, force: bool = False) -> list[PlannedStub]:
    """What `write_stubs` would do now, a plan for each file of `derived_files`; nothing is written.

    Raises ReleaseError when something can't be read, or a file can't be made of it.
    """
    manifest = read_manifest(_folder(root, assignment)) or {}
    files = derived_files(root, assignment)
    return [_plan(root / each.file, each.text, manifest.get(Path(each.file).name), force) for each in files]


def write_stubs(root: Path, assignment: Assignment, force: bool = False) -> list[StubFile]:
    """Write each file of `derived_files`, and the manifest of what was generated.

    A file that somebody has changed is kept, or with `force` replaced after a backup beside it. Raises ReleaseError
    as `plan_stubs` does, before anything is written, and when a file can't be written.
    """
    folder = _folder(root, assignment)
    plans = plan_stubs(root, assignment, force)
    before = read_manifest(folder) or {}
    done = [_carry_out(plan) for plan in plans]
    manifest = {
        plan.path.name: before.get(plan.path.name, "") if plan.fate == "kept" else digest(plan.text.encode())
        for plan in plans
    }
    write_manifest(folder, {name: value for name, value in manifest.items() if value})
    return done


def _folder(root: Path, assignment: Assignment) -> Path:
    return root / "exercises" / assignment.id


def _plan(path: Path, text: str, generated_before: str | None, force: bool) -> PlannedStub:
    now = read_if_there(path)
    if now is None:
        return PlannedStub(path, text, "written")
    if digest(now) == digest(text.encode()):
        return PlannedStub(path, text, "unchanged")
    if digest(now) == generated_before:
        return PlannedStub(path, text, "written")
    return PlannedStub(path, text, "written", work=now) if force else PlannedStub(path, text, "kept")


def _carry_out(plan: PlannedStub) -> StubFile:
    backup = back_up(plan.path, plan.work) if plan.work is not None else None
    if plan.fate == "written":
        replace_file(plan.path, plan.text.encode())
    return StubFile(plan.path, plan.fate, backup)
