"""The documentation as a site, from the Markdown that is read on a code host: `make site`.

The source folder is the repository, so that pages link to each other as they do there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

project = "Autograded course kit"
author = "The founding engineers"
project_copyright = "2026, The founding engineers"
release = re.search(r'__version__ = "(.+)"', (ROOT / "grader" / "__init__.py").read_text(encoding="utf-8"))[1]  # type: ignore[index]

extensions = ["myst_parser"]
root_doc = "README"
include_patterns = ["*.md", "docs/*.md", "exercises/*/*.md", "benchmarks/*.md"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 6  # links to headings, as on a code host
suppress_warnings = [
    "misc.highlighting_failure",  # output of commands with `...` in it
    "myst.header",  # a lesson's anchors stand between its headings
]
nitpicky = True

html_theme = "furo"
html_title = project
html_extra_path = ["index.html"]

_SECTIONS = {
    "Everything": ["docs/README"],
    "For learners": ["docs/self-check", "docs/notebook", "docs/what-learners-see"],
    "For instructors": [
        *(
            "docs/half-hour",
            "docs/instructors",
            "docs/release",
            "docs/exports",
            "docs/which-way",
            "docs/nbgrader",
            "docs/results",
        ),
        *("docs/cluster", "docs/feedback", "docs/causes", "docs/sample-class", "docs/security", "docs/faults"),
    ],
    "For authors": ["docs/authors", "docs/checks", "docs/audit", "docs/bank", "docs/lesson-source"],
    "For contributors": [
        *(
            "CONTRIBUTING",
            "docs/architecture",
            "docs/self-check-inside",
            "docs/sandbox-libraries",
            "docs/browser",
            "docs/benchmarks",
        ),
        *("docs/scale", "benchmarks/results", "docs/glossary", "SECURITY", "CHANGELOG"),
    ],
    "Lessons": [path.relative_to(ROOT).with_suffix("").as_posix() for path in sorted(ROOT.glob("exercises/*/*.md"))],
}


_LINK = re.compile(r"\[([^\]]+)\]\(([\w./-]+)\)")


def _prepare(_app: object, name: str, source: list[str]) -> None:
    """Add the contents at the left to the first page, which needs none on a code host. Links to folders, which a site
    doesn't have, become plain text."""
    folder = (ROOT / name).parent
    source[0] = _LINK.sub(lambda link: link[1] if (folder / link[2]).is_dir() else link[0], source[0])
    if name == root_doc:
        for caption, pages in _SECTIONS.items():
            listed = "\n".join(f"/{page}" for page in pages)
            source[0] += f"\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{listed}\n```\n"


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _prepare)
