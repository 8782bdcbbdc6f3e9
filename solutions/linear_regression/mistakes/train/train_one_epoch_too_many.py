"""range(num_epochs + 1) has one epoch more.

Shows: One loss too many; the others are right.
Says: There is one epoch too many. A loop over range(n + 1), for one, has n + 1 rounds, as it counts from 0: leave out
the + 1, or begin with 1.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs + 1):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
