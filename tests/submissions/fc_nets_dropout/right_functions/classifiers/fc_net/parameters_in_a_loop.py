"""Parameters by zip of the sizes and a dict comprehension; the scores by a method of its own."""

import numpy as np

from cs_lib.layers import affine_forward, dropout_forward, relu_forward


class FullyConnectedNet:
    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        self.normalization = normalization
        self.use_dropout = dropout < 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        for i, (rows, columns) in enumerate(zip(dims[:-1], dims[1:])):
            self.params["W%d" % (i + 1)] = np.random.normal(0, weight_scale, (rows, columns))
            self.params["b%d" % (i + 1)] = np.zeros(columns)
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout}
            if seed is not None:
                self.dropout_param["seed"] = seed
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)
