"""The parameters have other names, and the notebook's are used.

Shows: NameError for `inputs`.
Says: The function uses a name that isn't known in it. Everything it needs is in its parameter list: use the names
there.
Lesson: the-training-loop
"""


def train(x, y, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
