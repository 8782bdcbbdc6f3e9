"""`class.html`: a class at a glance, on one page for the instructor; and one without learners, to show in class."""

from __future__ import annotations

import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from grader.core import labels
from grader.core.assignment import Assignment, Course
from grader.core.files import write_report
from grader.core.records import ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.course.templates import hash_of_style, style, template, with_code
from grader.results.cause_groups import ELIDED, CauseGroup, CauseGroups
from grader.results.charts import FEWEST_TO_SHOW, Group, Segment, histogram, joined_bins, joined_small, stacked
from grader.results.class_statistics import (
    FEWEST_TO_JUDGE,
    CheckStatistics,
    ClassStatistics,
    ExerciseStatistics,
    bins,
    seconds,
    separates,
    signed,
)
from grader.results.needs import TITLES, Kind, Need, needs_of

_S = ExerciseStatus
# What an exercise's bar is made of, in order, and the words for it.
KINDS = {"full": "full", "partly": "partly", "none": "none", "blocked": "blocked", "todo": "to do"}
_KIND_OF = {
    _S.PASSED: "full",
    _S.PARTIAL: "partly",
    **dict.fromkeys((_S.FAILED, _S.FORBIDDEN, _S.TIMED_OUT, _S.CRASHED), "none"),
    _S.BLOCKED: "blocked",
    _S.TODO: "todo",
}
_MOST_EXAMPLES = 20
_MOST_GROUPS = 300
_MOST_NAMES = 12
_MOST_IN_SIGHT = 10
_MOST_COMMANDS = 3
_SHORTER = {SubmissionStatus.GRADER_ERROR: "our mistake"}


@dataclass(frozen=True)
class Links:
    """Where things lie: the folder of the results as commands have it, the way from the page to the feedback, the
    learners' pages there, without extension; the way to the sources, and whose are there, under the same names."""

    results: str = ""
    feedback: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    sources: str = ""
    with_source: Collection[str] = ()

    def page(self, student: str) -> str:
        """The address of a learner's page; empty where there is none."""
        name = self.pages.get(student)
        return f"{quote(self.feedback)}/{quote(name)}.html" if name else ""

    def source(self, student: str) -> str:
        """The address of a learner's source as it was graded; empty where there is none."""
        return f"{quote(self.sources)}/{quote(self.pages[student])}.html" if student in self.with_source else ""


def write_class_page(
    path: Path,
    results: Callable[[], Iterable[SubmissionResult]],
    course: Course,
    assignment: Assignment,
    links: Links,
    *,
    anonymous: bool = False,
    without_work: Sequence[str] = (),
) -> None:
    """Writes the page. `results` gives the results afresh each time it is called. Raises `ResultsError`."""
    page = class_html(results(), course, assignment, links, anonymous=anonymous, without_work=without_work)
    write_report(path, [page])


def class_html(
    results: Iterable[SubmissionResult],
    course: Course,
    assignment: Assignment,
    links: Links,
    *,
    anonymous: bool = False,
    without_work: Sequence[str] = (),
) -> str:
    """The page; everything in it is escaped. `without_work` are those who handed nothing in. An `anonymous` one has
    nothing of a learner, and no group of fewer than three."""
    found = _Class(assignment, without_work)
    for result in results:
        found.add(result)
    css = style("grader.results", "feedback.css") + style("grader.results", "class.css")
    script = style("grader.results", "class.js")
    page = template("grader.results", "class.html", code=with_code, shown=_shown, points=labels.points)
    return page.render(
        course=course,
        assignment=assignment,
        anonymous=anonymous,
        css=Markup(css),
        css_hash=hash_of_style(css),
        script=Markup(script),
        script_hash=hash_of_style(script),
        kinds=KINDS,
        **(found.anonymous() if anonymous else found.in_full(links)),
    ).removesuffix("\n")


class _Class:
    """What the page says, gathered from results that come one at a time."""

    def __init__(self, assignment: Assignment, without_work: Sequence[str]) -> None:
        self._assignment = assignment
        self._numbers = ClassStatistics(assignment)
        self._causes = CauseGroups(without_cause=True)
        self._needs: defaultdict[Kind, list[Need]] = defaultdict(list)
        for student in without_work:
            self._needs[Kind.NOTHING_HANDED_IN].append(Need(student, Kind.NOTHING_HANDED_IN, ()))
        self._said: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
        self._made_by: defaultdict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, result: SubmissionResult) -> None:
        """One more submission."""
        self._numbers.add(result)
        self._causes.add(result)
        for need in needs_of(result):
            self._needs[need.kind].append(need)
        for exercise in result.exercises:
            if exercise.misconception:
                finding = exercise.as_checked().finding
                read = dict(finding.facts).get("read", "") if finding else ""
                says = finding.summary if finding else ""
                self._said[exercise.id, exercise.misconception][says, read] += 1
                self._made_by[exercise.id, exercise.misconception].append(result.student)

    def in_full(self, links: Links) -> dict[str, object]:
        """Everything, for instructors."""
        scores, exercises = self._numbers.scores, list(self._numbers.exercises.values())
        groups = self._causes.groups()
        return {
            "intro": _submissions(self._numbers.statuses),
            "scores": scores,
            "chart": histogram(scores, bins(scores)) if scores else None,
            "needs": [_needed(kind, self._needs[kind], self._assignment, links) for kind in Kind if self._needs[kind]],
            "exercises": _exercise_rows(exercises),
            "blocking": [text for each in exercises if (text := _blocking(each))],
            "remarkable": [(each, check) for each in exercises for check in each.checks.values() if _remarkable(check)],
            "most_names": _MOST_NAMES,
            "fewest_to_judge": FEWEST_TO_JUDGE,
            "separates": separates,
            "signed": signed,
            "misconceptions": self._misconceptions(links),
            "groups": [_alike(group, links) for group in groups[:_MOST_EXAMPLES]],
            "more_groups": [_alike(group, links) for group in groups[_MOST_EXAMPLES:_MOST_GROUPS]],
            "left_groups": max(0, len(groups) - _MOST_GROUPS),
            "learners": self._numbers.learners,
            "link": links.page,
            "source": links.source,
            "has_sources": bool(links.with_source),
            "has_times": any(each.seconds for each in exercises),
            "seconds": seconds,
            "states": {status: labels.state_words(status) for status in ExerciseStatus},
            "words": {**{each: labels.submission_words(each).words for each in SubmissionStatus}, **_SHORTER},
        }

    def anonymous(self) -> dict[str, object]:
        """What may be shown in class."""
        scores = self._numbers.scores
        joined = joined_bins(bins(scores)) if scores else []
        exercises = []
        for each in self._numbers.exercises.values():
            groups = joined_small(_groups(each))
            if groups:
                whole = sum(group.learners for group in groups)
                exercises.append((each, stacked(groups, whole), [(_joined_words(g), g.learners) for g in groups]))
        named = [each for each in self._misconceptions() if each.learners >= FEWEST_TO_SHOW]
        alike: Counter[tuple[str, str]] = Counter()
        for group in self._causes.groups():
            alike[group.exercise, _without_code(group)] += group.learners
        return {
            "intro": labels.counted(len(scores.scores), "submission") + " graded" if scores and joined else "",
            "scores": scores if joined else None,
            "chart": histogram(scores, joined) if scores and joined else None,
            "exercises": exercises,
            "misconceptions": named,
            "other_misconceptions": sum(each.learners for each in self._misconceptions()[len(named) :]),
            "groups": [(id, kind, number) for (id, kind), number in alike.most_common() if number >= FEWEST_TO_SHOW],
            "other_groups": sum(number for number in alike.values() if number < FEWEST_TO_SHOW),
            "fewest": FEWEST_TO_SHOW,
        }

    def _misconceptions(self, links: Links | None = None) -> list[_Misconception]:
        """The most frequent first; those of one number in the course's order of exercises. Who made it is told only
        where there are `links`."""
        order = {id: place for place, id in enumerate(self._numbers.exercises)}
        of = len(self._numbers.learners)
        found = [
            _Misconception(
                id,
                labels.mistake_words(id, mistake),
                *said.most_common(1)[0][0],
                said.total(),
                of,
                tuple((student, links.page(student)) for student in self._made_by[id, mistake]) if links else (),
            )
            for (id, mistake), said in self._said.items()
        ]
        return sorted(found, key=lambda each: (-each.learners, order.get(each.exercise, len(order)), each.words))


@dataclass(frozen=True)
class _Misconception:
    """One that was recognised: its name, what learners read, the part of the lesson, how many learners of all, and who
    they are, each with the address of their page."""

    exercise: str
    words: str
    says: str
    part: str
    learners: int
    of: int
    made_by: tuple[tuple[str, str], ...]

    @property
    def bar(self) -> list[Segment]:
        return stacked([Group(("many",), self.learners)], self.of)


def _submissions(statuses: Mapping[SubmissionStatus, int]) -> str:
    of = ", ".join(
        f"{statuses[each]:,} {labels.submission_words(each).words}" for each in SubmissionStatus if statuses[each]
    )
    return labels.counted(sum(statuses.values()), "submission") + (f": {of}" if of else "")


def _needed(kind: Kind, needs: Sequence[Need], assignment: Assignment, links: Links) -> dict[str, object]:
    title, what = TITLES[kind]
    results = shlex.quote(links.results)
    again = f"python -m grader grade SUBMISSIONS --assignment {assignment.id} --out {results} --resume"
    listed = f"python -m grader override list --results {results}"
    only = f"{again} --only STUDENT"
    collect = "python -m grader collect DOWNLOAD --from SYSTEM --roster ROSTER --out SUBMISSIONS"
    commands = {
        **dict.fromkeys((Kind.NOT_ALLOWED, Kind.CLOSE_TO_LIMIT, Kind.NOTHING_HANDED_IN), ""),
        Kind.CHANGED_SINCE: listed,
        Kind.SEARCH_CUT: only,
        Kind.NOT_IN_ROSTER: collect,
    }
    by_time = kind in (Kind.CLOSE_TO_LIMIT, Kind.SEARCH_CUT)
    address = links.source if by_time else links.page
    rows = [
        (need, address(need.student) or links.page(need.student), "" if by_time else need.set_points(links.results))
        for need in needs
    ]
    return {
        "title": title,
        "what": what,
        "command": commands.get(kind, again),
        "by_hand": kind is not Kind.NOT_ALLOWED and not by_time,
        "by_time": by_time,
        "learners": len(rows),
        "rows": rows[:_MOST_IN_SIGHT],
        "more": rows[_MOST_IN_SIGHT:],
    }


def _groups(exercise: ExerciseStatistics) -> list[Group]:
    """How many are of each kind, in order."""
    found: Counter[str] = Counter()
    for status, number in exercise.statuses.items():
        found[_KIND_OF.get(status, "none")] += number
    return [Group((kind,), found[kind]) for kind in KINDS]


def _joined_words(group: Group) -> str:
    *first, last = (KINDS[kind] for kind in group.kinds)
    return f"{', '.join(first)} or {last}" if first else last


def _exercise_rows(exercises: Sequence[ExerciseStatistics]) -> list[dict[str, object]]:
    most = max((each.lost + each.lost_to_blocking for each in exercises), default=0)
    rows = []
    for each in exercises:
        groups = _groups(each)
        own, blocked = (100 * lost / most if most else 0 for lost in (each.lost, each.lost_to_blocking))
        lost = [Segment("lost", 0, round(own, 3)), Segment("blocked", round(own, 3), round(blocked, 3))]
        rows.append(
            {
                "is": each,
                "bar": stacked(groups, each.graded),
                "numbers": [group.learners for group in groups],
                "lost": [segment for segment in lost if segment.width > 0],
            }
        )
    return rows


def _blocking(exercise: ExerciseStatistics) -> str:
    blocked = exercise.statuses[ExerciseStatus.BLOCKED]
    if not blocked:
        return ""
    by = labels.joined([f"`{need}` ({number:,})" for need, number in exercise.blockers.most_common()])
    lost = labels.counted(1, "point") if exercise.lost_to_blocking == 1 else f"{exercise.lost_to_blocking:,.4g} points"
    return f"{labels.counted(blocked, 'learner')} lost {lost} because `{exercise.id}` was blocked, by {by}."


def _remarkable(check: CheckStatistics) -> bool:
    return check.decides_nothing or check.separation.is_against


def _alike(group: CauseGroup, links: Links) -> dict[str, object]:
    return {
        "is": group,
        "names": [(student, links.page(student)) for student in group.students[:_MOST_NAMES]],
        "more": max(0, group.learners - _MOST_NAMES),
        "says": group.example.says if group.example else "",
        "facts": group.finding.facts if group.finding else (),
        "commands": [
            (learners, f"python -m grader comment set {shlex.quote(id)} TEXT --results {shlex.quote(links.results)}")
            for id, learners in group.alike[:_MOST_COMMANDS]
        ],
    }


# From the first backtick to the last: what a learner wrote may have backticks of its own.
_ALL_CODE = re.compile(r"`.*`", re.DOTALL)
_OUR_WORDS = {"repair", "behaviour"}


def _without_code(group: CauseGroup) -> str:
    """What may be shown in class of a group: our own words, and nothing of what learners wrote or their code said."""
    if group.example is None or group.by not in _OUR_WORDS:
        return "It stops with an error" if group.by == "exception" else "No cause was found"
    return sanitized(_ALL_CODE.sub(ELIDED, group.example.says).removesuffix("."), 300)


def _shown(text: str) -> str:
    return sanitized(text, 600)
