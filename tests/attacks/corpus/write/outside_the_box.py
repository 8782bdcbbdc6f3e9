"""Makes files in the course, among the submissions and results, in shared folders and beside the interpreter."""


def predict(model, region):
    for place in ("course", "submissions", "results", "bystander", "kit", "home"):
        tried(place, open, os.path.join(KNOWN[place], MARK), "w")
        tried(place, os.mkdir, os.path.join(KNOWN[place], MARK))
    for place in ("/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/run", "/dev/mqueue", "/etc", sys.prefix, "..", "/sys"):
        tried(place, open, os.path.join(place, MARK), "w")
        tried(place, os.mkdir, os.path.join(place, MARK))
    tell()
