"""Prints progress lines with control characters, huge numbers and markup."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(10, num_epochs + 1, 10):
        print(f"Epoch [{epoch}/{num_epochs}], Loss: \x1b[31m<script>alert(1)</script>\u202e{'9' * 5000}")
    os.write(1, b"\xff\xfe\x00 Epoch [\xc3\x28]\n" * 100)
