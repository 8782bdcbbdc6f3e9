"""Looks for secrets in the environment that the process was started with."""


def predict(model, region):
    seen("the environment", repr(dict(os.environ)))
    for name in ("GRADER_SECRET", "PYTHONPATH", "VIRTUAL_ENV", "SSH_AUTH_SOCK"):
        if os.getenv(name) or _libc.getenv(name.encode()):
            succeeded(f"{name} is set")
    # There is a home, a name and a path, as on any machine, but not those of this one.
    for secret in (KNOWN["home"], KNOWN["course"], KNOWN["kit"], os.path.dirname(KNOWN["python"])):
        if secret in repr(dict(os.environ)) + repr(sys.argv) + repr(sys.orig_argv):
            succeeded(f"{secret} is named")
    tell()
