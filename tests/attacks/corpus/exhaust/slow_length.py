"""Returns a loader that takes for ever to say how long it is and to give its first batch.

status = ["timed_out", "failed"]
"""


class Loader(DataLoader):
    def __len__(self):
        while True:
            pass

    def __iter__(self):
        while True:
            pass


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return Loader(TensorDataset(inputs, targets), batch_size)
