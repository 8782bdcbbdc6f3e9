"""Takes open files out of its parent by their numbers."""


def predict(model, region):
    refused("pidfd_open", os.getppid(), 0)
    refused("pidfd_open", 1, 0)
    for number in range(10):
        refused("pidfd_getfd", number, number, 0)
    tell()
