"""Gives advice about, and moves, the memory of other processes."""


def predict(model, region):
    refused("process_madvise", 1, 0, 0, 4, 0)
    refused("move_pages", os.getppid(), 0, 0, 0, 0, 0)
    refused("migrate_pages", os.getppid(), 1, 0, 0)
    refused("mlock", 0, 4096)
    refused("mlockall", 3)
    refused("mincore", id(None) & ~4095, 4096, ctypes.create_string_buffer(10))
    tell()
