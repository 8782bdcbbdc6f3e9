"""The kit: it checks, grades and reports, and knows no lesson.

Import order, top to bottom (a module imports only from lines above its own; `tests/test_layers.py` enforces it):

    core                        errors that are sentences, results as plain data, labels, safe text, whole files
    sandbox.protocol            frames and plain values between the grader and a learner's process
    reading                     what was submitted, read as data, without running it
    sandbox.inside              what runs beside learner code, and beside the reading of it
    checks                      what a check is written with
    selfcheck                   `pytest exercises`
    course                      `course.toml` as typed models, the lesson's text, templates
    sandbox.host                the grader's side of the sandbox: template, zygote, children, limits, layers
    grading                     submissions collected, run against hidden checks, and their causes named
    derived                     stubs, notebook and page: what learners get, and that no solution is in it
    results                     the store, and every rendering of it, for people and for other systems
    collecting                  from what another system packs of a class to an entry for each learner
    audit                       whether a lesson's checks tell right from wrong
    authoring                   a course, a lesson or an exercise begun, and released
    cli                         the command line; the only one that knows all

Up to `selfcheck`, only torch, NumPy, pytest and the standard library are imported: what learners have.
"""

__version__ = "0.1.0"
