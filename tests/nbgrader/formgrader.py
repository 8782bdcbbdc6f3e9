"""The formgrader in a real Jupyter server, and a person who grades in it, by the requests that its pages make."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.jupyter_server import LONG, serving
from tests.nbgrader.course import LESSON, NbCourse


class Formgrader:
    """What a person sees and does there."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies = http.cookiejar.CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def page(self, path: str) -> str:
        with self._browser.open(f"{self.address}/formgrader/{path}", timeout=LONG) as answer:
            return str(answer.read().decode())

    def get(self, path: str) -> Any:
        return json.loads(self.page(f"api/{path}"))

    def send(self, method: str, path: str, **said: object) -> Any:
        headers = {"X-XSRFToken": next(cookie.value or "" for cookie in self._cookies if cookie.name == "_xsrf")}
        request = urllib.request.Request(
            f"{self.address}/formgrader/api/{path}", json.dumps(said).encode(), headers, method=method
        )
        with self._browser.open(request, timeout=LONG) as answer:
            return json.loads(answer.read())

    def notebook(self, student: str) -> str:
        """The id under which a learner's graded notebook is shown."""
        every = self.get(f"submitted_notebooks/{LESSON}/{LESSON}")
        return next(str(each["id"]) for each in every if each["student"] == student)

    def grade(self, student: str, cell: str, points: float, extra: float | None = None) -> None:
        grade = self._row("grades", student, cell)
        self.send("PUT", f"grade/{grade['id']}", manual_score=points, extra_credit=extra)

    def comment(self, student: str, cell: str, text: str) -> None:
        comment = self._row("comments", student, cell)
        self.send("PUT", f"comment/{comment['id']}", manual_comment=text)

    def _row(self, kind: str, student: str, cell: str) -> dict[str, Any]:
        rows = self.get(f"{kind}?submission_id={self.notebook(student)}")
        return next(row for row in rows if row["name"] == cell)


@contextmanager
def formgrader(course: NbCourse) -> Iterator[Formgrader]:
    """Starts a server for the course, and ends it."""
    only = {"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": True}}}
    settings = Path(course.environment["HOME"], ".jupyter", "jupyter_server_config.json")
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(json.dumps(only))
    token, root = "--IdentityProvider.token=", f"--ServerApp.root_dir={course.folder}"
    log = settings.with_name("server.log")
    with serving(
        "jupyter_server", token, root, folder=course.folder, environment=course.environment, log=log
    ) as address:
        person = Formgrader(address)
        person.page("manage_assignments")
        yield person
