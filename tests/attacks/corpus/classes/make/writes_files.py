"""Leaves files in shared folders while its object is made."""


class Scaler:
    def __init__(self):
        for folder in ("/", "/tmp", "/dev/shm", "/var/tmp", KNOWN["bystander"], KNOWN["results"]):
            tried(folder, open, f"{folder}/{MARK}", "w") if os.path.isdir(folder) and folder not in ("/tmp",) else None
        tell()
