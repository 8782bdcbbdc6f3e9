"""A small course and a class in which everything has happened, with names that could do harm."""

from __future__ import annotations

from typing import Any

from grader.core.records import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    SubmissionResult,
    SubmissionStatus,
)

COURSE = """
[course]
id = "small"
name = "A small course"

[assignments.lesson]
title = "The lesson"
devices = ["cpu"]

[assignments.lesson.modules.first]
title = "The first part"

[assignments.lesson.exercises.add]
module = "first"
title = "A sum"
points = 2
hints = ["one"]

[assignments.lesson.exercises.mean]
module = "first"
title = "A mean"
points = 3
needs = ["add"]
hints = ["one"]
"""
MARKUP = "<script>alert(1)</script> & *bold*\n::error::x <= 3;=cmd() \x1b[31m\u202e"
ZOE_ON_A_MAC, ZOE = "Zoe\u0308", "Zo\u00eb"
COMMAS = 'O\'Hara, "Zed"; Ann'
NAMES = ["=cmd()|x", "a\nb", "\u202eevil", "李", COMMAS, "@at"]
ROSTER = f'''student,name,email,login,sis_id,canvas_id,idnumber,github,section
ada,"Lovelace, Ada",ada@uni.example,al01,S1,11,M1,ada-l,"One; and ""two"""
{ZOE},"=Zoë()",zoe@uni.example,zo02,S2,12,M2,zoe,
refused,R,r@uni.example,re03,S3,13,M3,,
mended,M,m@uni.example,me04,S4,14,M4,,
trusty,T,t@uni.example,tr05,S5,15,M5,,
broken,B,b@uni.example,br06,S6,16,M6,,
lost,L,l@uni.example,lo07,S7,17,M7,,
saved,S,s@uni.example,sa08,S8,18,M8,,
nobody,"No ""body"", Esq.",n@uni.example,no09,S9,19,M9,,
unseen,U,u@uni.example,un10,S10,20,M10,,
half,H,h@uni.example,ha11,S11,21,M11,,
pardoned,P,p@uni.example,pa12,S12,22,M12,,
'''


def exercise(id: str, status: str, score: float, worth: float, said: str = "") -> ExerciseResult:
    check = CheckResult("test_a_secret_name", CheckStatus.PASSED, score, worth)
    finding = Finding(said, (("returned", said),)) if said else None
    return ExerciseResult(id, ExerciseStatus(status), score, worth, (check,), finding)


def submission(student: str, add: ExerciseResult | None = None, mean: ExerciseResult | None = None, **more: Any) -> Any:
    done = (add or exercise("add", "passed", 2, 2), mean or exercise("mean", "passed", 3, 3))
    return SubmissionResult(student, more.pop("status", SubmissionStatus.GRADED), done, **more)


def whole_class() -> list[SubmissionResult]:
    lost = (exercise("add", "grader_error", 0, 2), exercise("mean", "grader_error", 0, 3))
    untouched = (exercise("add", "todo", 0, 2), exercise("mean", "todo", 0, 3))
    nowhere = (exercise("add", "not_found", 0, 2), exercise("mean", "not_found", 0, 3))
    wrong = exercise("mean", "partial", 1.5, 3, MARKUP)
    return [
        submission("ada"),
        submission(ZOE_ON_A_MAC, mean=wrong),
        submission("mended", add=exercise("add", "forbidden", 0, 2, "Not allowed.")),
        submission("trusty", add=exercise("add", "timed_out", 0, 2), trusted=True, note="Left aside: x.txt."),
        submission("refused", *untouched, status=SubmissionStatus.REFUSED, note="There are 2 entries of this name."),
        submission("unseen", *nowhere, status=SubmissionStatus.NOT_FOUND, note="There are 2 notebooks that differ."),
        submission("half", mean=exercise("mean", "not_found", 0, 3, "second.py was not found.")),
        submission("pardoned", *nowhere, status=SubmissionStatus.NOT_FOUND, note="Nothing was found."),
        submission("broken", mean=exercise("mean", "grader_error", 0, 3)),
        submission("lost", *lost, status=SubmissionStatus.GRADER_ERROR, note="Our grading ended twice."),
        submission("saved", *lost, status=SubmissionStatus.GRADER_ERROR, note="Our grading ended twice."),
        *(submission(name, add=exercise("add", "failed", 0, 2, f"Not so, {name}.")) for name in NAMES),
    ]
