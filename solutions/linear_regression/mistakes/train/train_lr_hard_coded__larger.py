"""1e-3 in its place."""


def train(inputs, targets, w, b, lr, num_epochs):
    lr = 1e-3
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
