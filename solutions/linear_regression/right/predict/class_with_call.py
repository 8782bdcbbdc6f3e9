"""An object that can be called."""

import torch


class Predictor:
    dtype = torch.float32

    @torch.no_grad()
    def __call__(self, model, region):
        rows = [[*region]]
        (answer,) = model(torch.tensor(rows, dtype=self.dtype))
        return answer


predict = Predictor()
