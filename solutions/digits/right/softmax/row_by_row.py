"""Row by row."""

import torch


def softmax(s):
    rows = []
    for row in s:
        powers = (row - max(row)).exp()
        rows.append(powers / sum(powers))
    return torch.stack(rows)
