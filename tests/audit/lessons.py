"""Tiny lessons, to be audited: one that is sound, and one in which everything is wrong that an audit looks for."""

from __future__ import annotations

from pathlib import Path

COURSE = """
[course]
id = "second"
name = "A course of one lesson"

[assignments.statistics]
title = "Small statistics"
modules.sums.title = "Sums"
"""
HINTS = '["Where to look.", "What to think of.", "What the idea is."]'


def visible(*exercises: str) -> str:
    """Visible checks that ask for next to nothing."""
    checks = (
        f'@check("{name}")\ndef test_{name}(student):\n    """is there"""\n    assert student.functions["{name}"]\n'
        for name in exercises
    )
    return "\n\n".join(["from grader.checks import check", *checks])


# Sound: one exercise, a mistake, a right answer, and a mutant that is none.
CENTRE = '''
def centre(x):
    """The mean of the rows of x (n, d)."""
    ### BEGIN SOLUTION
    total = x.sum(dim=0)
    return total / x.shape[0]
    ### END SOLUTION
'''
CENTRE_CHECKS = '''
@check("centre", points=2)
def test_centre(student, draw):
    """is the mean of the rows"""
    for n, d in [(5, 2), (5, 2), (3, 4), (1, 3)]:
        x = draw.tensor(n, d, low=1.0)
        student.centre(x).returns(centre(x))


@check("centre")
def test_many_rows(student, draw):
    """is the mean of many rows"""
    x = draw.tensor(40, 2, low=1.0)
    student.centre(x).returns(centre(x))
'''
MISTAKE = '''"""{title}.

Shows: in its values.
Says: {title}.
Lesson: centre
"""
'''
SOUND = {
    "course.toml": COURSE
    + f'[assignments.statistics.exercises.centre]\nmodule = "sums"\ntitle = "C"\npoints = 3\nhints = {HINTS}\n',
    "solutions/statistics/sums.py": '"""Sums."""\n' + CENTRE,
    "solutions/statistics/hidden/test_centre.py": (
        '"""Hidden checks."""\n\nfrom grader.checks import check\nfrom solutions.statistics.sums import centre\n'
        + CENTRE_CHECKS
    ),
    "solutions/statistics/mistakes/centre/by_columns.py": (
        MISTAKE.format(title="The columns are counted") + "\n\ndef centre(x):\n    return x.sum(dim=0) / x.shape[1]\n"
    ),
    "solutions/statistics/equivalent_mutants.toml": (
        '[centre-2e6a1954]\nchange = "the result is detached"\nreason = "What comes in requires no gradients."\n'
    ),
    "exercises/statistics/checks/test_all.py": visible("centre"),
    # It has the name of a mistake, and is none.
    "solutions/statistics/right/centre/by_columns.py": '"""With mean."""\n\n\ndef centre(x):\n    return x.mean(dim=0)\n',
}

# Unsound in every way. Each function is a way of its own.
_BROKEN_SOLUTION = (
    '''"""Sums."""

import torch

'''
    + CENTRE
    + '''

def scaled(x, factor):
    """x times a factor."""
    ### BEGIN SOLUTION
    return x * factor
    ### END SOLUTION


def wobbly(x):
    """The sum of x (n,)."""
    ### BEGIN SOLUTION
    return x.sum()
    ### END SOLUTION


def halves(n):
    """How often n can be halved: a float."""
    ### BEGIN SOLUTION
    times = 0
    while n > 1:
        n = n // 2
        times += 1
    return float(times)
    ### END SOLUTION


def spread(x):
    """How far the rows of x (n, d) are from their centre."""
    ### BEGIN SOLUTION
    return (x - centre(x)).abs().mean(dim=0)
    ### END SOLUTION
'''
)
_BROKEN_CHECKS = (
    '''"""Hidden checks."""

import torch

from grader.checks import check, guard
from solutions.statistics.sums import centre, halves, scaled, spread, wobbly

'''
    + CENTRE_CHECKS
    + '''

@check("scaled")
def test_twice(student, draw):
    """is x times the factor"""
    x = draw.tensor(3)
    student.scaled(x, 2.0).returns(scaled(x, 2.0))


@guard("scaled", penalty=0.5)
def test_nothing(student, draw):
    """does something"""
    student.scaled(draw.tensor(2), 1.0)


@guard("scaled", penalty=0.25)
def test_no_use(student, draw):
    """exists"""
    assert student.functions["scaled"]


@check("wobbly")
def test_sometimes(student, draw):
    """is the sum"""
    x = draw.tensor(draw.integer(1, 2), low=1.0)
    student.wobbly(x).returns(x.sum())


@check("halves")
def test_halves(student, draw):
    """counts the halvings"""
    for n in (1, 7, 20):
        outcome = student.halves(n)
        assert round(outcome.value) >= 0  # breaks on what is no number
        outcome.returns(halves(n))


@check("spread")
def test_spread(student, draw):
    """is the mean distance"""
    x = draw.tensor(6, 3)
    student.spread(x).returns(spread(x))
'''
)
# One shows a mistake, and one is wrong itself.
_VISIBLE = '''

import torch


@check("scaled")
def test_three_times(student):
    """multiplies by three"""
    student.scaled(torch.tensor([1.0, 2.0]), 3.0).returns(torch.tensor([3.0, 6.0]))


@check("wobbly")
def test_of_two(student):
    """is the sum of two"""
    student.wobbly(torch.tensor([1.0, 1.0])).returns(torch.tensor(3.0))
'''
_EXERCISES = [
    ("centre", "", HINTS),
    ("scaled", "", HINTS),
    ("wobbly", "", HINTS),
    ("halves", "", '["Only one hint."]'),
    ("spread", 'needs = ["centre"]\n', HINTS),
]
UNSOUND = {
    "course.toml": COURSE
    + "".join(
        f'[assignments.statistics.exercises.{name}]\nmodule = "sums"\ntitle = "T"\npoints = 2\n{more}hints = {hints}\n'
        for name, more, hints in _EXERCISES
    ),
    "solutions/statistics/sums.py": _BROKEN_SOLUTION,
    "solutions/statistics/hidden/test_all.py": _BROKEN_CHECKS,
    "exercises/statistics/checks/test_all.py": visible("centre", "scaled", "wobbly", "halves", "spread") + _VISIBLE,
    # The first passes where a factor of one is asked for, the second is true, the third is rejected, the last is none.
    "solutions/statistics/equivalent_mutants.toml": "".join(
        f'[{id}]\nchange = "c"\nreason = "r"\n'
        for id in ("scaled-b8cf8190", "spread-ebe2b8ff", "scaled-ff90a644", "scaled-00000000")
    ),
    # A mistake that no check fails, because every call asks for twice.
    "solutions/statistics/mistakes/scaled/always_twice.py": (
        MISTAKE.format(title="Always doubled") + "\n\ndef scaled(x, factor):\n    return x * 2\n"
    ),
    # Right for one number, wrong for two.
    "solutions/statistics/mistakes/wobbly/first_only.py": (
        MISTAKE.format(title="Only the first") + "\n\ndef wobbly(x):\n    return x[0]\n"
    ),
    # A mistake that spoils another exercise, which doesn't need it.
    "solutions/statistics/mistakes/wobbly/spoils.py": (
        MISTAKE.format(title="Wrong, and spoils scaled")
        + "\n\ndef wobbly(x):\n    return x.sum() + 1\n\n\ndef scaled(x, factor):\n    return x + factor\n"
    ),
    # A mistake in what another exercise needs: that one is blocked, which is no problem.
    "solutions/statistics/mistakes/centre/not_divided.py": (
        MISTAKE.format(title="Not divided") + "\n\ndef centre(x):\n    return x.sum(dim=0)\n"
    ),
    # Two mistakes that do the same: neither is named.
    "solutions/statistics/mistakes/spread/squared.py": (
        MISTAKE.format(title="Squared") + "\n\ndef spread(x):\n    return ((x - centre(x)) ** 2).mean(dim=0)\n"
    ),
    "solutions/statistics/mistakes/spread/times_itself.py": (
        MISTAKE.format(title="Times itself")
        + "\n\ndef spread(x):\n    away = x - centre(x)\n    return (away * away).mean(dim=0)\n"
    ),
    "solutions/statistics/right/halves/wrong.py": (
        '"""Is not right at all."""\n\n\ndef halves(n):\n    return float(n)\n'
    ),
    "solutions/statistics/right/spread/other.py": (
        '"""With another word."""\n\n\ndef spread(x):\n    return torch.abs(x - centre(x)).mean(dim=0)\n'
    ),
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """A course of these files, without stubs."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
