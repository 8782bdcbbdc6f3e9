"""append is not indented far enough."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
    losses.append(loss.item())
    return losses
