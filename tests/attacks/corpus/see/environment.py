"""Looks for secrets in the environment that the process was started with."""


def predict(model, region):
    seen("the environment", repr(dict(os.environ)))
    for name in ("GRADER_SECRET", "TMPDIR", "HOME", "PATH", "PYTHONPATH"):
        if os.getenv(name) or _libc.getenv(name.encode()):
            succeeded(f"{name} is set")
    tell()
