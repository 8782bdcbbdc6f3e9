"""More arguments than asked for, and other names."""

import torch


def model(x, w, b):
    return (w @ x.t()).t() + b


def mse(output, target):
    return torch.mean(torch.square(output - target))


def gradient_step(w, b, lr):
    with torch.no_grad():
        w += -lr * w.grad
        b += -lr * b.grad
        w.grad.zero_()
        b.grad.zero_()


def train(features, labels, weights, bias, learning_rate=1e-5, epochs=100, predict=model, loss_fn=mse, report=None):
    kept = []
    for epoch in range(1, epochs + 1):
        loss = loss_fn(predict(features, weights, bias), labels)
        loss.backward()
        gradient_step(weights, bias, learning_rate)
        kept.append(loss.detach())
        if report and epoch % report == 0:
            print(f"epoch {epoch}: {loss.item():.3f}")
    return [loss.item() for loss in kept]
