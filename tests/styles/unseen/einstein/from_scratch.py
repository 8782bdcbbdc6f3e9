"""Index notation wherever it goes."""

import torch
from torch import einsum


def to_tensors(inputs, targets):
    return torch.tensor(inputs.tolist()).to(torch.float32), torch.tensor(targets.tolist()).to(torch.float32)


def model(features, weights, biases):
    return einsum("nd,td->nt", features, weights) + einsum("t,n->nt", biases, torch.ones_like(features[:, 0]))


def mse(predictions, targets):
    off = torch.flatten(targets - predictions)
    return einsum("i,i->", off, off) / len(off)


@torch.no_grad()
def gradient_step(weights, biases, learning_rate, momentum=0):
    for tensor in [weights, biases]:
        tensor.copy_(tensor - learning_rate * tensor.grad)
        tensor.grad.fill_(0)


def train(features, targets, weights, biases, learning_rate, epochs, verbose=False):
    losses = []
    for epoch in range(1, 1 + epochs):
        predictions = model(features, weights, biases)
        loss = mse(predictions, targets)
        if verbose:
            print(epoch, loss)
        loss.backward()
        losses.append(loss.item())
        gradient_step(weights, biases, learning_rate)
    return losses
