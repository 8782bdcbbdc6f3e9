"""Every epoch is right, and the loss after the last one is noted as well."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    losses.append(mse(model(inputs, w, b), targets).item())
    return losses
