"""Has the forbidden function write its result into a tensor.

status = ["forbidden", "failed"]
words = "mse_loss"
"""


def mse(t1, t2):
    found = torch.zeros(())
    torch.ops.aten.mse_loss.out(t1.detach(), t2.detach(), out=found)
    return found
