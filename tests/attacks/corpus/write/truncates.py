"""Empties files, with calls that need not open them for writing."""


def predict(model, region):
    path = KNOWN["bystander"] + "/diary.txt"
    tried("truncate", os.truncate, path, 0)
    tried("O_TRUNC", os.open, path, os.O_RDONLY | os.O_TRUNC)
    tried("O_TRUNC of what it may read", os.open, "/dev/zero", os.O_RDONLY | os.O_TRUNC)
    refused("truncate", path.encode(), 0)
    refused("fallocate", 1, 3, 0, 10)
    refused("copy_file_range", 0, 0, 1, 0, 10, 0)
    tell()
