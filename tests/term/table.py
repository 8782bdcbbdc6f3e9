"""The class of 20: who hands in what and how, and what each of them is worth, worked out before anything is graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.nbgrader.course import EXERCISES, POINTS

Expected = Mapping[str, tuple[float, str]]
EVERYTHING = tuple(EXERCISES)
FROM_SCRATCH = ("to_tensors", "model", "mse", "gradient_step", "train")
WITH_TORCH = ("make_loader", "fit", "predict")
FORBIDDEN = "def model(x, w, b):\n    return nn.functional.linear(x, w, b)"


@dataclass(frozen=True)
class Learner:
    """One learner. `way`: exchange, moodle, canvas. `form`: notebook, modules, or archive, as `--submit` makes it.

    All is right but `mistakes` (of the bank, `mse/divided_by_rows`), what is `to_do`, and `forbidden`. `loses` has what
    isn't passed: points and status. `is_graded` is false for a file that is cut off.
    """

    way: str
    form: str
    loses: Expected = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()
    forbidden: bool = False
    days_late: int = 0
    is_graded: bool = True

    @property
    def expected(self) -> dict[str, tuple[float, str]]:
        """Points and status of each exercise."""
        return {name: self.loses.get(name, (points, "passed")) for name, points in POINTS.items()}

    @property
    def scores(self) -> dict[str, float]:
        """Points of each exercise."""
        return {name: points for name, (points, _) in self.expected.items()}

    @property
    def total(self) -> float:
        """Points of the whole, before lateness."""
        return sum(self.scores.values())

    @property
    def penalty(self) -> float:
        """What lateness takes: a tenth a day, of `course.toml`."""
        return self.total * self.days_late / 10

    @property
    def recognised(self) -> dict[str, str]:
        """The mistakes that are to be named, by exercise."""
        return dict(mistake.split("/", 1) for mistake in self.mistakes)


def _to_do(*exercises: str) -> dict[str, tuple[float, str]]:
    return dict.fromkeys(exercises, (0.0, "todo"))


_LATER = ("model", "mse", "gradient_step", "train", "fit", "predict")
_BLOCKED = (0.0, "blocked")
CLASS: dict[str, Learner] = {
    "ada": Learner("exchange", "notebook"),
    "bob": Learner("exchange", "notebook", {"mse": (0, "failed"), "train": _BLOCKED}, ("mse/divided_by_rows",)),
    "eve": Learner("exchange", "modules", {"model": (0, "failed"), "train": _BLOCKED}, ("model/no_transpose",)),
    "101": Learner("moodle", "archive"),
    "102": Learner("moodle", "archive", {"mse": (2, "partial"), "train": _BLOCKED}, ("mse/loss_cut_off",)),
    "103": Learner("moodle", "archive", _to_do("gradient_step") | {"train": _BLOCKED}, to_do=("gradient_step",)),
    "104": Learner("moodle", "notebook", {"fit": (0, "failed")}, ("fit/never_resets",)),
    "105": Learner("moodle", "notebook", days_late=2),
    "106": Learner("moodle", "archive", {"predict": (1, "partial")}, ("predict/still_attached",)),
    "107": Learner("moodle", "notebook", {"make_loader": (2, "partial")}, ("make_loader/always_shuffled",)),
    "108": Learner("moodle", "notebook", dict.fromkeys(EVERYTHING, (0.0, "not_found")), is_graded=False),
    "109": Learner("moodle", "notebook", _to_do(*WITH_TORCH), to_do=WITH_TORCH),
    "110": Learner("moodle", "notebook", _to_do(*EVERYTHING), to_do=EVERYTHING),
    "201": Learner("canvas", "modules"),
    "202": Learner("canvas", "modules", {"train": (2, "partial")}, ("train/last_loss_only",)),
    "203": Learner(
        "canvas", "archive", {"to_tensors": (0, "failed"), "predict": (0, "failed")},
        ("to_tensors/dtype_kept", "predict/batch_kept"),
    ),
    "204": Learner("canvas", "notebook", {"model": (0, "forbidden")}, forbidden=True),
    "205": Learner("canvas", "modules", {"fit": (4, "partial")}, ("fit/prints_every_epoch",), days_late=1),
    "206": Learner("canvas", "archive", _to_do(*_LATER), to_do=_LATER),
    "207": Learner(
        "canvas", "notebook", {"gradient_step": (1, "partial"), "train": _BLOCKED}, ("gradient_step/uphill",)
    ),
}  # fmt: skip

# Twenty again: eve is not on it, and sam handed nothing in.
ROSTERED = {
    student: (name, f"{login}", f"{login}@uni.example")
    for student, name, login in [
        ("ada", "Lovelace, Ada", "al"), ("bob", 'Bob "the builder" Ω', "bb"), ("109", "Клео", "cl"),
        ("110", "=Dan()", "da"), ("101", "Zoë O'Neil", "zo"), ("102", "Yan Li", "yl"), ("103", "李", "li"),
        ("104", "Four", "fo"), ("105", "Five", "fi"), ("106", "Six", "si"), ("107", "Seven", "se"), ("108", "Eight", "ei"),
        ("201", "Anna", "an"), ("202", "Bea", "be"), ("203", "Carl", "ca"), ("204", "Dora", "do"), ("205", "Emil", "em"),
        ("206", "Frida", "fr"), ("207", "Gus", "gu"), ("sam", "Sam", "sa"),
    ]
}  # fmt: skip
MATCHED = [student for student in CLASS if student in ROSTERED]
