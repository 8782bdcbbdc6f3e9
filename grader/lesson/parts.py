"""The parts that a lesson's text is made of, in the order in which they are read. Lines count from 1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (the title) to 6. `anchor` is what links lead to; only levels 2 and 3 always have one."""

    line: int
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Prose:
    """Paragraphs, lists, tables and code that isn't run, as Markdown."""

    line: int
    text: str


@dataclass(frozen=True)
class Demonstration:
    """Code that is run, and what it prints; `output` is None where the text doesn't show it."""

    line: int
    code: str
    output: str | None = None


@dataclass(frozen=True)
class ExercisePlace:
    """Where an exercise belongs."""

    line: int
    exercise: str


@dataclass(frozen=True)
class Figure:
    """A picture: what is to be seen on it, and its path from the lesson's folder, `figures/NAME.svg`."""

    line: int
    alt: str
    path: str

    @property
    def dark_path(self) -> str:
        """The same on a dark background."""
        return self.path.removesuffix(".svg") + "-dark.svg"


@dataclass(frozen=True)
class Question:
    """A question to think about, in inline Markdown, and its answer as Markdown."""

    line: int
    question: str
    answer: str


Part = Heading | Prose | Demonstration | ExercisePlace | Figure | Question


@dataclass(frozen=True)
class LessonText:
    """A whole lesson. `file` is its path as the reader knows it; the first part is the title's heading."""

    file: str
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """The lesson's title."""
        first = self.parts[0]
        assert isinstance(first, Heading)  # read_lesson has seen to it
        return first.text

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures in their order."""
        return tuple(part for part in self.parts if isinstance(part, Figure))
