"""The list stands outside the function."""

all_losses = []


def train(inputs, targets, w, b, lr, num_epochs):
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        all_losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return all_losses
