"""Writes to a mapping of a library that all processes share."""

import mmap


def predict(model, region):
    file = os.open(os.__file__, os.O_RDONLY)
    tried("a shared mapping", mmap.mmap, file, 4096, mmap.MAP_SHARED, mmap.PROT_WRITE | mmap.PROT_READ)
    private = mmap.mmap(file, 4096, mmap.MAP_PRIVATE, mmap.PROT_WRITE | mmap.PROT_READ)
    private[:4] = b"mine"
    with open(os.__file__, "rb") as again:
        if again.read(4) == b"mine":
            succeeded("the file has changed")
    tell()
