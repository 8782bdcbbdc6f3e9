"""An object that can be called."""

import torch


class GradientStep:
    @torch.no_grad()
    def __call__(self, *parameters_and_lr):
        *parameters, lr = parameters_and_lr
        for p in parameters:
            p.data.add_(-lr * p.grad)
            p.grad.detach_().zero_()


gradient_step = GradientStep()
