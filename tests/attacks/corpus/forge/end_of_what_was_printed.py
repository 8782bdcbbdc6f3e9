"""Prints the character that marks the end of what a call printed, and progress that was never made."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(10, num_epochs + 1, 10):
        print(f"Epoch [{epoch}/{num_epochs}], Loss: 0.0000")
        os.write(1, b"\x1e" * 100)
