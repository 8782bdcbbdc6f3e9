"""The gradient of the bias is forgotten, too."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad
        w.grad.zero_()
    return losses
