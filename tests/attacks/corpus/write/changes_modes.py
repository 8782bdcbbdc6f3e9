"""Changes modes and owners, of somebody's files and of the interpreter's."""

import numpy


def predict(model, region):
    for path in (KNOWN["bystander"] + "/diary.txt", os.__file__, numpy.__file__, torch.__file__, KNOWN["python"]):
        mode = (
            os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666
        )  # changes nothing but the time of change
        tried("chmod", os.chmod, path, mode)
        tried("fchmod", lambda path=path, mode=mode: os.fchmod(os.open(path, os.O_RDONLY), mode))
        tried("chown", os.chown, path, -1, -1)
        tried("lchown", os.lchown, path, -1, -1)
        refused("fchmodat2", -100, path.encode(), mode, 0)
    tried("its own folder", os.chmod, ".", 0o777)
    tell()
