"""The machine: it checks, grades and reports, and knows no lesson.

Import order, top to bottom (a module imports only from lines above its own; `tests/test_layers.py` enforces it):

    errors, inert, records,     sentences for the reader, safe text, results as plain data,
    words                       and the words that people see
    wire                        frames and plain values between the grader and a learner's process
    worker                      what runs beside learner code; imports the wire and nothing else
    cells                       a notebook as data, and the modules that are built of its definitions
    checks                      what a check is written with
    selfcheck                   `pytest exercises`
    course                      `course.toml` as typed models
    rehearsal                   checks collected once, and run in this process
    diagnosis                   known mistakes, and which of them a learner made
    lesson                      a lesson's text, and the notebooks and the page that are made of it
    release                     stubs from reference solutions, and all else that learners are given
    collect                     submissions as they come: folders, archives, notebooks
    grading                     the hidden run over the wire, and its verdicts
    store                       results in one SQLite database
    report                      renderings of results
    export                      the same for other systems: learning platforms, autograders, CI
    nbgrader                    an nbgrader course, graded with our checks
    audit                       whether a lesson's checks tell right from wrong
    handout                     archives for learners and for nbgrader, after a look at what is in them
    cli                         the only one that knows all
"""

__version__ = "0.1.0"
