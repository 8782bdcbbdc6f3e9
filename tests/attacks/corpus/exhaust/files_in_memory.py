"""Makes files and pipes that exist only in memory, which no limit of a process counts."""


def predict(model, region):
    for _ in range(10):
        refused("memfd_create", ctypes.create_string_buffer(b"x"), 0)
        tried("pipe", os.pipe)
        tried("event", os.eventfd, 0)
    tell()
