"""model(w, inputs, b).

Shows: RuntimeError about sizes, from the sum with b.
Says: The model was given its arguments in another order than it takes them. Data first, then w, then b: its first
line tells.
Lesson: first-predictions
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(w, inputs, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
