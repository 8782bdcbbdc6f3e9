"""return is indented too far: training ends after one epoch.

Shows: One loss; w and b are one step on.
Says: Training ended after the first epoch. A return or break within the loop ends it in its first round: a return
belongs below the loop, indented like the for.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
        return losses
