"""Gives its turn away again and again, and asks for the least share of the processors that there is, to look idle.

status = ["timed_out", "failed"]
"""


def predict(model, region):
    for ask in (lambda: os.nice(19), lambda: os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))):
        try:
            ask()
            succeeded("it has a lower priority, and its waiting does not count")
        except OSError as error:
            _note(errno.errorcode[error.errno])
    for _ in range(1000):
        os.sched_yield()
    tell()
