"""`course.toml` as typed models."""

from grader.course.find import find_assignment
from grader.course.load import load_course
from grader.course.model import Assignment, Course, Device, Exercise, Late, Limits, Module

__all__ = [
    "Assignment",
    "Course",
    "Device",
    "Exercise",
    "Late",
    "Limits",
    "Module",
    "find_assignment",
    "load_course",
]
