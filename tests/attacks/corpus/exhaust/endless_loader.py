"""Returns a loader whose batches never end.

status = ["failed", "timed_out"]
"""


class Loader(DataLoader):
    def __iter__(self):
        while True:
            yield [torch.ones(100, 100), torch.ones(100, 100)]


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return Loader(TensorDataset(inputs, targets), batch_size)
