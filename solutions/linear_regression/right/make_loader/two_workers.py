"""With workers that read ahead: the batches are the same.

Advice: This works. But the rows are in memory already, and starting worker processes costs more than they save. They
are for data that has to be read or prepared.
"""

import ast


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    data = TensorDataset(inputs, targets)
    return DataLoader(data, batch_size=batch_size, shuffle=shuffle, num_workers=2, persistent_workers=True)


def is_written(function):
    """The loader is given workers."""
    return any(
        isinstance(node, ast.keyword) and node.arg == "num_workers" and getattr(node.value, "value", 0) != 0
        for node in ast.walk(function)
    )
