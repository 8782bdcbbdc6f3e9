"""The loss is computed before the loop, too."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    loss = mse(model(inputs, w, b), targets)
    for epoch in range(num_epochs):
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
