"""Changes the times of files, of somebody's and of the interpreter's."""


def predict(model, region):
    tried("utime", os.utime, KNOWN["bystander"] + "/diary.txt", (0, 0))
    for path in (os.__file__, torch.__file__, KNOWN["secrets"][0]):
        # The same as before: only the time of the last change tells that it was possible.
        times = (os.stat(path).st_atime_ns, os.stat(path).st_mtime_ns) if os.path.exists(path) else (0, 0)
        tried("utime", os.utime, path, ns=times)
        refused("utimensat", -100, path.encode(), -1, 0)
    tell()
