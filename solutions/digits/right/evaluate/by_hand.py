"""The cross-entropy by hand."""

import torch


def evaluate(model, loader):
    losses, hits = [], []
    for x, y in loader:
        s = model(x).detach()
        losses += (torch.logsumexp(s, dim=1) - s[torch.arange(len(y)), y]).tolist()
        hits += [float(guess == label) for guess, label in zip(s.argmax(dim=1), y)]
    return sum(losses) / len(losses), sum(hits) / len(hits)
