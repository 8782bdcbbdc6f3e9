"""The class at a glance: its numbers are those of the database, and what is shown in class has nothing of a learner."""

from __future__ import annotations

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.core.assignment import Assignment, Course
from grader.core.records import (
    Cause,
    CheckResult,
    CheckStatus,
    Effort,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    Override,
    SubmissionResult,
    SubmissionStatus,
)
from grader.results.charts import Group, joined_bins, joined_small
from grader.results.class_page import Links, class_html
from grader.results.class_statistics import FEWEST_TO_JUDGE, Bin, Correlation, Scores, bins, separates
from grader.results.needs import Kind, needs_of
from grader.results.reports import write_reports
from grader.results.store import ResultStore, snapshot
from tests.report.conftest import COURSE
from tests.report.test_page import Reader
from tests.report.varied_class import AGAINST, EVERYBODY, NOBODY, multiplied, stored_class, varied_class

Make = Callable[..., SubmissionResult]
S = ExerciseStatus

# What counts, as SQL: a person's points in place of the checks', and the status that goes with them.
COUNTED = """
    WITH decided AS (SELECT * FROM overrides WHERE id IN (SELECT max(id) FROM overrides GROUP BY student, exercise) AND points IS NOT NULL),
    found AS (
        SELECT e.student, e.id, e.max_score, e.misconception, s.status AS submission, d.points IS NOT NULL AS by_a_person,
            coalesce(d.points, e.score) AS score,
            CASE WHEN d.points IS NULL THEN e.status WHEN d.points >= e.max_score THEN 'passed' WHEN d.points > 0 THEN 'partial'
                WHEN e.status IN ('passed', 'partial', 'grader_error') THEN 'failed' ELSE e.status END AS status
        FROM exercises e JOIN submissions s USING (student) LEFT JOIN decided d ON d.student = e.student AND d.exercise = e.id
    ),
    counted AS (
        SELECT * FROM found WHERE by_a_person OR (submission = 'graded' AND status NOT IN ('not_found', 'grader_error'))
    ),
    final AS (
        SELECT student, sum(score) AS score FROM found WHERE submission = 'graded'
        GROUP BY student HAVING sum(status = 'grader_error') = 0
    ),
    whole AS (
        SELECT student, sum(score) AS score FROM found GROUP BY student
        HAVING min(submission) = 'graded' AND count(*) = (SELECT count(*) FROM counted c WHERE c.student = found.student)
    )
"""


class Tables(HTMLParser):
    """The page's tables, by the section in which they are: rows of the words of their cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.section = ""
        self.of: dict[str, list[list[list[str]]]] = {}
        self._words: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.section = dict(attrs)["id"] or ""
        elif tag == "table":
            self.of.setdefault(self.section, []).append([])
        elif tag == "tr":
            self.of[self.section][-1].append([])
        elif tag in ("td", "th"):
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._words is not None:
            self.of[self.section][-1][-1].append(" ".join("".join(self._words).split()))
            self._words = None

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)


def section(html: str, id: str) -> str:
    """The words of one section, one space between what stands in different places."""
    found = re.search(rf'<section id="{id}">(.*?)</section>', html, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[1])).split())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, course: Course, lesson: Assignment) -> Path:
    """The output folder of a class of 120 in which everything has happened."""
    folder = tmp_path_factory.mktemp("varied") / "results"
    stored_class(folder, lesson, 120)
    with ResultStore.reopen(folder) as store:
        write_reports(folder, store.results, course, lesson, store.decisions(), sources=store.sources)
    return folder


@pytest.fixture(scope="module")
def html(results: Path) -> str:
    return (results / "class.html").read_text(encoding="utf-8")


@pytest.fixture
def ask(results: Path) -> Any:
    """A query's rows, by SQL that knows what counts."""
    with closing(sqlite3.connect(results / "results.db")) as database:
        yield lambda query: database.execute(COUNTED + query).fetchall()


@pytest.fixture
def page(course: Course, lesson: Assignment) -> Callable[..., str]:
    return lambda *results, **more: class_html(results, course, lesson, more.pop("links", Links()), **more)


def test_how_many_submissions_there_are_is_what_the_database_says(html: str, ask: Any) -> None:
    words = {
        "graded": "graded",
        "not_found": "not found",
        "unreadable": "unreadable",
        "refused": "refused",
        "grader_error": "not graded because of our mistake",
    }
    numbers = dict(ask("SELECT status, count(*) FROM submissions GROUP BY status"))
    said = ", ".join(f"{numbers[status]} {words[status]}" for status in words)
    assert set(numbers) == set(words)
    assert f"{sum(numbers.values())} submissions: {said}." in Reader(html).text


def test_the_scores_are_what_the_database_says(html: str, ask: Any) -> None:
    scores = [score for (score,) in ask("SELECT score FROM final")]
    (table,) = Tables(html).of["scores"]
    edges = [float(name.split()[0]) for name, _ in table[1:]] + [10.0]
    assert [int(number) for _, number in table[1:]] == np.histogram(scores, edges)[0].tolist()
    assert sum(int(number) for _, number in table[1:]) == len(scores) > 80
    low, median, high = np.percentile(scores, [25, 50, 75])
    said = section(html, "scores")
    assert f"mean {np.mean(scores):.1f} lower quartile {low:g} median {median:g} upper quartile {high:g}" in said


def test_the_exercises_are_what_the_database_says(html: str, ask: Any) -> None:
    table = {row[0].split()[0]: row[1:] for row in Tables(html).of["exercises"][0][1:]}
    assert list(table) == ["add", "mean", "plot"]
    for id, (*numbers, _, own, blocking, _, _, _) in table.items():
        of = f"FROM counted WHERE id = '{id}'"
        ((full, partly, none, blocked, todo),) = ask(
            "SELECT sum(status = 'passed'), sum(status = 'partial'), "
            "sum(status IN ('failed', 'forbidden', 'timed_out', 'crashed')), sum(status = 'blocked'), sum(status = 'todo') "
            + of
        )
        ((out,),) = ask(f"SELECT (SELECT count(*) FROM exercises WHERE id = '{id}') - (SELECT count(*) {of})")
        assert [int(each) for each in numbers] == [full, partly, none, blocked, todo, out], id
        ((lost, lost_blocked),) = ask(
            f"SELECT sum((max_score - score) * (status != 'blocked')), sum((max_score - score) * (status = 'blocked')) {of}"
        )
        assert [float(own), float(blocking)] == pytest.approx([lost, lost_blocked], abs=0.051), id


def test_times_are_what_the_database_says(html: str, ask: Any) -> None:
    for row in Tables(html).of["exercises"][0][1:]:
        id = row[0].split()[0]
        found = [
            value
            for (value,) in ask(
                f"SELECT seconds FROM exercises JOIN counted USING (student, id) WHERE id = '{id}' AND seconds IS NOT NULL"
            )
        ]
        assert len(found) > 80
        assert [float(text) for text in row[-2:]] == pytest.approx([np.median(found), max(found)], abs=0.051), id


def test_who_came_close_to_a_limit_or_has_no_cause_for_want_of_time_is_named(html: str, ask: Any) -> None:
    not_by_a_person = "NOT EXISTS (SELECT 1 FROM decided d WHERE d.student = e.student AND d.exercise = e.id)"
    close = ask(
        f"SELECT student, id FROM exercises e WHERE of_limit >= 0.8 AND status NOT IN ('timed_out', 'crashed', 'grader_error') AND {not_by_a_person}"
    )
    cut = ask(f"SELECT student, id FROM exercises e WHERE search_cut AND {not_by_a_person}")
    articles = {
        words.partition(" <span")[0]: body
        for words, body in re.findall(r"<h3>(.*?)</h3>(.*?)</article>", html, re.DOTALL)
    }
    for title, expected in (("Close to a limit of time", close), ("Search for the cause ended by time", cut)):
        body = articles[title]
        assert len(expected) > 2
        assert sorted(re.findall(r"<bdi>(\S+)</bdi>.*?<code>(\w+)</code>", body, re.DOTALL)) == sorted(expected), title
        assert len(re.findall(r'href="source/learner-', body)) == len(expected)
        assert "override" not in body
    assert re.search(r"It took \d\.\d\d s in all, and \d+% of a limit\.", articles["Close to a limit of time"])
    assert "--resume --only STUDENT" in articles["Search for the cause ended by time"]


def test_a_limit_that_cost_points_is_not_called_close(result_of: Make) -> None:
    result = result_of("ada")
    for status, kinds in ((S.PASSED, [Kind.CLOSE_TO_LIMIT]), (S.TIMED_OUT, []), (S.CRASHED, [])):
        exercise = replace(result.exercises[0], status=status, effort=Effort(4.9, 0.8))
        assert [need.kind for need in needs_of(replace(result, exercises=(exercise,)))] == kinds
    over = CheckResult("one", CheckStatus.TIMED_OUT, 0.0, 1.0)
    exercise = replace(result.exercises[0], status=S.PARTIAL, checks=(over,), effort=Effort(4.9, 1.0))
    assert list(needs_of(replace(result, exercises=(exercise,)))) == []
    exercise = replace(result.exercises[0], effort=Effort(3.9, 0.79))
    assert list(needs_of(replace(result, exercises=(exercise,)))) == []


def test_what_was_lost_to_blocking_is_said_in_a_sentence(html: str, ask: Any) -> None:
    ((learners, points),) = ask(
        "SELECT count(*), sum(max_score - score) FROM counted WHERE status = 'blocked' AND id = 'mean'"
    )
    ((by_add,),) = ask(
        "SELECT count(*) FROM counted c JOIN exercises e ON e.student = c.student AND e.id = 'add' AND e.status != 'passed' "
        "WHERE c.id = 'mean' AND c.status = 'blocked'"
    )
    assert f"{learners} learners lost {points:g} points because mean was blocked, by add ({by_add})" in section(
        html, "exercises"
    )


def test_how_well_checks_separate_is_the_correlation_of_the_database(html: str, ask: Any) -> None:
    everything = Tables(html).of["exercises"]
    shown = {(row[0], row[1]): row[2:] for row in everything[1][1:]}
    assert len(shown) == 3 * 6
    for (exercise, check), (_, passed, of, said) in shown.items():
        counts = ask(
            "SELECT sum(c.status = 'passed'), count(*) FROM checks c JOIN counted k ON k.student = c.student AND k.id = c.exercise "
            f"WHERE k.submission = 'graded' AND c.exercise = '{exercise}' AND c.id = '{check}'"
        )
        assert counts == [(int(passed), int(of))], (exercise, check)
        pairs = ask(
            "SELECT c.status = 'passed', w.score - f.score FROM whole w JOIN found f ON f.student = w.student "
            f"JOIN checks c ON c.student = w.student AND c.exercise = f.id WHERE f.id = '{exercise}' AND c.id = '{check}'"
        )
        assert len(pairs) > 50
        _assert_correlation(said, pairs)
    for row in everything[0][1:]:
        id = row[0].split()[0]
        _assert_correlation(
            row[-3],
            ask(
                f"SELECT f.score, w.score - f.score FROM whole w JOIN found f ON f.student = w.student WHERE f.id = '{id}'"
            ),
        )


def _assert_correlation(said: str, pairs: list[tuple[float, float]]) -> None:
    x, y = np.array(pairs, dtype=float).T
    if x.std() == 0:
        assert said == "–"
        return
    value = float(np.corrcoef(x, y)[0, 1])
    assert float(said.split()[-1].replace("−", "-")) == pytest.approx(value, abs=0.0051)
    word = (
        "against the rest"
        if value < -2 / len(x) ** 0.5
        else "well"
        if value >= 0.3
        else "a little"
        if value >= 0.1
        else "hardly"
    )
    assert said.startswith(word)


def test_checks_that_decide_nothing_or_go_against_the_rest_are_pointed_out(html: str) -> None:
    said = section(html, "exercises")
    assert f"{EVERYBODY} of add decides nothing: everybody passes it." in said
    assert f"{NOBODY} of plot decides nothing: nobody passes it." in said
    assert re.search(rf"{AGAINST} of \w+ goes against the rest \(−0\.\d\d\): those who pass it have fewer", said)
    assert "test_guard of" not in said
    assert "test_values of" not in said


def test_misconceptions_are_counted_as_in_the_database_the_most_frequent_first(html: str, ask: Any) -> None:
    said = section(html, "misunderstood").partition("Unnamed but alike")[0]
    found = re.findall(
        r"(\d+) learners? (\w+) (\w+) That is the (\w+)\. See the lesson, “Sums” \(lesson.html#sums\)\.", said
    )
    numbers = dict(ask("SELECT misconception, count(*) FROM exercises WHERE misconception IS NOT NULL GROUP BY 1"))
    assert {f"{exercise}_{words}": int(number) for number, exercise, words, _ in found} == numbers
    assert [int(number) for number, *_ in found] == sorted(numbers.values(), reverse=True)
    assert all(words == says for _, _, words, says in found)


def test_whoever_made_a_misconception_is_named_and_linked(html: str, ask: Any) -> None:
    part = html[html.index('<ol class="misconceptions">') :]
    part = part[: part.index("</ol>")]
    named = {}
    for item in part.split("<li>")[1:]:
        ((exercise, words),) = re.findall(r"<h3><code>(\w+)</code> ([^<]+)</h3>", item)
        named[f"{exercise}_{words}"] = sorted(re.findall(r'<a href="feedback/[^"]+"><bdi>([^<]+)</bdi></a>', item))
    made: dict[str, list[str]] = {}
    for mistake, student in ask("SELECT misconception, student FROM exercises WHERE misconception IS NOT NULL"):
        made.setdefault(mistake, []).append(student)
    assert {mistake: sorted(students) for mistake, students in made.items()} == named


def test_of_few_learners_nothing_is_said_of_how_well_it_separates() -> None:
    few = Correlation()
    for number in range(FEWEST_TO_JUDGE - 1):
        few.add(number, number)
    assert separates(few) == "–"
    few.add(9, 9)
    assert separates(few) == "well +1.00"


def test_what_has_no_name_is_grouped_by_cause_or_else_by_what_fails(html: str, ask: Any) -> None:
    said = section(html, "misunderstood").partition("Unnamed but alike")[2]
    numbers = Counter(int(number) for number in re.findall(r"(\d+) learners?: ", said))
    full = "(o.points IS NULL OR o.points < e.max_score)"
    joined = "FROM exercises e LEFT JOIN decided o ON o.student = e.student AND o.exercise = e.id"
    by_cause = ask(
        f"SELECT count(*) {joined} WHERE cause IS NOT NULL AND {full} GROUP BY e.id, json_extract(cause, '$.by')"
    )
    without = ask(
        f"SELECT count(*) FROM (SELECT e.student, e.id, f.status, (SELECT group_concat(c.id) FROM checks c WHERE c.student = e.student "
        f"AND c.exercise = e.id AND c.status != 'passed') AS failing {joined} JOIN found f ON f.student = e.student AND f.id = e.id "
        f"WHERE e.cause IS NULL AND e.misconception IS NULL AND {full} "
        "AND f.status IN ('failed', 'partial', 'timed_out', 'crashed') AND e.summary IS NOT NULL) GROUP BY id, status, failing"
    )
    assert numbers == Counter(number for (number,) in by_cause + without)
    assert "add Look at the operator in …" in said
    assert "first.py, line 3: Look at the operator in a += b ." in said
    assert "plot Stopped with … of …" in said
    assert "No cause was found. What doesn't pass: test_values" in said
    assert "where first.py, line 3: a += b" in said
    assert "solutions/lesson/mistakes/EXERCISE/NAME.py" in said


def test_the_grid_is_what_the_database_says(html: str, ask: Any) -> None:
    signs = {
        "passed": "✓",
        "partial": "◐",
        "failed": "✗",
        "todo": "○",
        "blocked": "↑",
        "forbidden": "⊘",
        "timed_out": "∞",
        "crashed": "■",
        "not_found": "∅",
        "grader_error": "?",
    }
    counted = {(student, id) for student, id in ask("SELECT student, id FROM counted")}
    final = dict(ask("SELECT student, score FROM final"))
    expected: dict[str, list[str]] = {}
    for student, id, status, score, by in ask("SELECT student, id, status, score, by_a_person FROM found"):
        points = f"{score:g}" if (student, id) in counted else "–"
        expected.setdefault(student, []).append(f"{signs[status]} {points}{'*' if by else ''}")
    (table,) = Tables(html).of["learners"]
    assert table[0] == ["learner", "score", "add", "mean", "plot", "source"]
    rows = {row[0]: row for row in table[1:]}
    assert list(rows) == sorted(expected)
    for student, cells in expected.items():
        assert rows[student][2:-1] == cells, student
        if student in final:
            assert rows[student][1] == f"{final[student]:g}"
    assert rows["learner-0000"][1] == "1.5 unreadable"
    assert rows["learner-0003"][1] == "– our mistake"


def test_all_who_need_a_person_are_named_and_nobody_else(html: str, ask: Any) -> None:
    said = section(html, "needs")
    named = set(re.findall(r"learner-\d{4}", said))
    needing = ask(
        "SELECT DISTINCT f.student FROM found f WHERE (NOT by_a_person AND status = 'grader_error') "
        "OR (submission = 'graded' AND NOT by_a_person AND status = 'forbidden') "
        "OR (submission != 'grader_error' AND status = 'not_found' AND NOT EXISTS (SELECT 1 FROM decided d WHERE d.student = f.student)) "
        "OR EXISTS (SELECT 1 FROM decided d JOIN exercises e ON e.student = d.student AND e.id = d.exercise "
        "WHERE d.student = f.student AND d.checks_gave != e.score) "
        "OR (NOT by_a_person AND EXISTS (SELECT 1 FROM exercises e WHERE e.student = f.student AND e.id = f.id AND (search_cut "
        "OR (of_limit >= 0.8 AND e.status NOT IN ('timed_out', 'crashed', 'grader_error')))))"
    )
    assert named == {student for (student,) in needing}
    for title in (
        "Unreadable",
        "Refused",
        "Not found",
        "Partly not found",
        "Not allowed",
        "Set by hand, and checked differently since",
        "Not graded because of our mistake",
    ):
        assert re.search(rf"{title} \d+ ", said), title


def test_whoever_needs_a_person_has_the_reason_and_the_command_to_paste(
    result_of: Make, page: Callable[..., str]
) -> None:
    nothing = dict.fromkeys(("add", "mean", "plot"), (S.NOT_FOUND, 0.0, None))
    forbidden = (S.FORBIDDEN, 0.0, Finding("Write `add` yourself."))
    html = page(
        result_of("bob b", SubmissionStatus.UNREADABLE, "It is damaged.", **nothing),
        result_of("eve", add=forbidden),
        links=Links("my results", "feedback", {"bob b": "bob b"}),
    )
    said = section(html, "needs")
    assert (
        "Fix or replace it among the submissions, and grade again: python -m grader grade SUBMISSIONS --assignment lesson --out 'my results' --resume"
        in said
    )
    assert (
        "bob b . The learner reads: It is damaged. By hand: python -m grader override set 'bob b' add POINTS --reason TEXT --results 'my results'"
        in said
    )
    assert (
        "eve add . The learner reads: Write add yourself. python -m grader override set eve add 2 --reason TEXT --results 'my results'"
        in said
    )
    assert 'href="feedback/bob%20b.html"' in html


def test_a_person_who_has_decided_is_asked_again_only_where_the_checks_changed(result_of: Make) -> None:
    result = result_of("ada", add=(S.FORBIDDEN, 0.0, None))
    same = Override(1.0, "Fine.", "helena", "2026-11-23T10:00:00+01:00", 0.0)
    other = Override(1.0, "Fine.", "helena", "2026-11-23T10:00:00+01:00", 0.5)
    assert [need.kind for need in needs_of(result)] == [Kind.NOT_ALLOWED]
    assert [need.kind for need in needs_of(result.overruled({"add": same}))] == []
    assert [(need.kind, need.why) for need in needs_of(result.overruled({"add": other}))] == [
        (Kind.CHANGED_SINCE, "add: the checks gave 0.5 and give 0 now.")
    ]


def test_each_learner_is_linked_to_their_page_which_is_there(html: str, results: Path) -> None:
    links = re.findall(r'<th scope="row"><a href="([^"]+)">', html)
    assert len(links) == 120
    assert all((results / link).is_file() for link in links)


def test_each_source_is_linked_and_each_line_at_fault(html: str, results: Path, ask: Any) -> None:
    links = re.findall(r'<td><a href="(source/[^"#]+)">source</a></td></tr>', html)
    graded = [student for (student,) in ask("SELECT student FROM submissions WHERE status = 'graded'")]
    assert links == [f"source/{student}.html" for student in sorted(graded)]
    marked = re.findall(r'<td class="\w+"><a href="(source/[^"#]+)#(\w+)">[^<]+</a></td>', html)
    ((at_fault,),) = ask(
        "SELECT count(*) FROM exercises e LEFT JOIN decided d ON d.student = e.student AND d.exercise = e.id "
        "WHERE json_extract(cause, '$.line') IS NOT NULL AND (d.points IS NULL OR d.points < e.max_score)"
    )
    assert len(marked) == at_fault > 20
    for file, exercise in marked:
        assert f'id="{exercise}"' in (results / file).read_text(encoding="utf-8"), (file, exercise)


def test_a_name_that_would_do_harm_in_a_command_is_not_in_it(result_of: Make) -> None:
    (need,) = needs_of(result_of("a\u202eb; rm", SubmissionStatus.REFUSED, "Two."))
    assert need.set_points("out").startswith("python -m grader override set STUDENT add POINTS ")
    (need,) = needs_of(result_of("a; rm *", SubmissionStatus.REFUSED, "Two."))
    assert "set 'a; rm *' add" in need.set_points("out")


SECRETS = ("zebulon", "zebra_code", "zebra-note", "zebra_error", "zebra reason")


@pytest.mark.parametrize("number", [1, 2, 3, 7])
def test_what_is_shown_in_class_has_nothing_of_a_learner(
    result_of: Make, page: Callable[..., str], number: int
) -> None:
    causes = [
        Cause("repair", "first", 3, "Look at `x = '`' + zebra_code`: a part of it is too much."),
        Cause("exception", "first", 3, "zebra_error was raised. So it is."),
        Cause("behaviour", "first", None, "What add returns is twice `zebra_code`."),
    ]
    exercises = zip(("add", "mean", "plot"), causes, strict=True)
    finding = Finding("It raised zebra_error.", (("where", "first.py, line 3:  zebra_code"),))
    failed = {
        id: ExerciseResult(id, S.FAILED, 0.0, 2.0, (), finding, ("zebra_code",), None, cause) for id, cause in exercises
    }
    override = Override(0.0, "zebra reason", "zebulon", "2026-11-23T10:00:00+01:00", 0.0)
    made = [
        SubmissionResult(f"zebulon-{each}", SubmissionStatus.GRADED, tuple(failed.values()), "zebra-note").overruled(
            {"add": override}
        )
        for each in range(number)
    ]
    html = page(
        *made,
        *(result_of(f"zebulon-{n + 10}", SubmissionStatus.REFUSED, "zebra-note") for n in range(4)),
        anonymous=True,
    )
    assert "instructor" not in html
    assert not [secret for secret in SECRETS if secret in html]
    assert "href" not in html
    assert "<script" not in html
    if number >= 3:
        assert "add Look at …: a part of it is too much" in section(html, "misunderstood")
        assert "mean It stops with an error" in section(html, "misunderstood")
        assert "plot What add returns is twice …" in section(html, "misunderstood")
    else:
        assert "Too few submissions are graded" in html
        assert "Unnamed" not in html


def test_in_class_no_group_of_fewer_than_three_is_shown(course: Course, lesson: Assignment) -> None:
    for size in (20, 40, 80, 200):
        html = class_html(varied_class(lesson, size, seed=size), course, lesson, Links(), anonymous=True)
        tables = Tables(html).of
        numbers = [int(row[-1]) for row in tables["scores"][0][1:] if row[-1] != "0"]  # nobody is no group
        numbers += [int(n) for row in tables["exercises"][0][1:] for n in re.findall(r"\d+", row[1])]
        numbers += [int(n) for n in re.findall(r"<strong>(\d+)</strong>", html)]
        numbers += [int(row[-1]) for table in tables.get("misunderstood", []) for row in table[1:]]
        assert len(numbers) > 8
        assert min(numbers) >= 3, (size, numbers)


@pytest.mark.parametrize(
    ("sizes", "joined"),
    [
        ([5, 4, 3], [("a", 5), ("b", 4), ("c", 3)]),
        ([9, 1, 4], [("a", 9), ("bc", 5)]),
        ([1, 1, 1], [("abc", 3)]),
        ([5, 0, 2], [("ac", 7)]),
        ([2, 0, 0], []),
        ([0, 0, 0], []),
    ],
)
def test_small_groups_are_joined_with_the_smaller_neighbour(sizes: list[int], joined: list[tuple[str, int]]) -> None:
    groups = [Group((name,), size) for name, size in zip("abc", sizes, strict=True)]
    assert [("".join(group.kinds), group.learners) for group in joined_small(groups)] == joined


def test_joined_bins_cover_what_they_covered() -> None:
    assert joined_bins([Bin(0, 2, 1), Bin(2, 4, 0), Bin(4, 6, 0), Bin(6, 8, 5), Bin(8, 10, 2)]) == [Bin(0, 10, 8)]
    assert joined_bins([Bin(0, 2, 4), Bin(2, 4, 0), Bin(4, 6, 1), Bin(6, 8, 5)]) == [Bin(0, 6, 5), Bin(6, 8, 5)]
    assert joined_bins([Bin(0, 1, 2), Bin(1, 2, 0)]) == []


@pytest.mark.parametrize(
    ("max_score", "number", "width"),
    [(30, 15, 2), (10, 10, 1), (1, 4, 0.25), (100, 10, 10), (7.5, 15, 0.5), (64, 13, 5), (0, 1, 0)],
)
def test_bins_are_round_and_hold_every_score(max_score: float, number: int, width: float) -> None:
    found = bins(Scores((0.0, max_score / 3, max_score), max_score))
    assert (len(found), found[0].high) == (number, width)
    assert sum(each.learners for each in found) == 3
    assert found[-1].high == max_score


def test_one_submission_and_none_have_a_page_too(result_of: Make, page: Callable[..., str]) -> None:
    assert "mean 10.0" not in page(result_of("ada"))
    assert "mean 10 lower quartile 10 median 10" in section(page(result_of("ada")), "scores")
    empty = page()
    assert "0 submissions." in Reader(empty).text
    assert "No submission has a final score." in empty
    assert "Nobody: every submission is graded." in empty


def test_an_exercise_that_is_no_longer_in_the_course_breaks_nothing(result_of: Make, page: Callable[..., str]) -> None:
    result = result_of("ada")
    gone = ExerciseResult(
        "gone", S.FAILED, 0.0, 2.0, (CheckResult("c", CheckStatus.FAILED, 0, 2),), Finding("No."), (), "gone_x"
    )
    html = page(SubmissionResult("ada", result.status, (*result.exercises, gone)))
    assert "gone x No." in section(html, "misunderstood")


def test_the_page_of_three_thousand_is_there_in_five_seconds_and_under_three_megabytes(
    tmp_path: Path, course: Course, lesson: Assignment
) -> None:
    stored_class(tmp_path / "results", lesson, 120)
    multiplied(tmp_path / "results", 25)
    with snapshot(tmp_path / "results") as store:
        names = {student: student for student in store.students()}
        assert len(names) == 3000
        start = time.process_time()
        html = class_html(store.results(), course, lesson, Links("results", "feedback", names, "source", set(names)))
        assert time.process_time() - start < 5
    assert len(html.encode()) < 3_000_000
    assert len(Tables(html).of["learners"][0]) == 3001
    assert COURSE.count("[assignments.lesson.exercises.") == len(Tables(html).of["learners"][0][0]) - 3
