"""Half of the last step is taken along."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    moved_w, moved_b = 0, 0
    for _ in range(num_epochs):
        loss = ((inputs @ w.t() + b - targets) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        moved_w = 0.5 * moved_w + w.grad
        moved_b = 0.5 * moved_b + b.grad
        w.data -= lr * moved_w
        b.data -= lr * moved_b
        w.grad = b.grad = None
    return losses
