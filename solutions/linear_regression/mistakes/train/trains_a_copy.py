"""The copies learn; w and b stay as they were."""


def train(inputs, targets, w, b, lr, num_epochs):
    w = w.clone().detach().requires_grad_()
    b = b.clone().detach().requires_grad_()
    losses = []
    for _ in range(num_epochs):
        loss = ((inputs @ w.t() + b - targets) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad
        b.data -= lr * b.grad
        w.grad = b.grad = None
    return losses
