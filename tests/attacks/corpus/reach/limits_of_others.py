"""Changes the limits of its parent, and raises its own."""

import resource


def predict(model, region):
    for pid in (os.getppid(), 1):
        tried("the parent's", resource.prlimit, pid, resource.RLIMIT_CORE, (0, 0))
        tried("reading them", resource.prlimit, pid, resource.RLIMIT_NOFILE)
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_CORE"):
        which = getattr(resource, name)
        tried(name, resource.setrlimit, which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        tried(name, resource.prlimit, 0, which, resource.getrlimit(which))
    tell()
