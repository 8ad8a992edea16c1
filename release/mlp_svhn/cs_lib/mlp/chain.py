"""The chain of layers that every net of ``mlp_svhn`` consists of."""


class sequential:
    """Layers one after the other.

    Parameters
    ----------
    *layers : layer objects
        From the input to the output; their names must differ.

    Raises
    ------
    ValueError
        If two layers have the same name.
    """

    def __init__(self, *layers):
        names = [layer.name for layer in layers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(
                    f"sequential: expected different layer names, got {name!r} "
                    f"{names.count(name)} times. Give each layer a name of its own."
                )
        self.layers = list(layers)

    @property
    def params(self):
        """Dict of ndarray: the parameters of all layers, by name (the arrays themselves)."""
        return {name: value for layer in self.layers for name, value in layer.params.items()}

    @property
    def grads(self):
        """Dict of ndarray: the gradients of all layers, by the name of the parameter."""
        return {name: value for layer in self.layers for name, value in layer.grads.items()}

    def assign(self, name, value):
        """Replace one parameter.

        Parameters
        ----------
        name : str
        value : ndarray
            Of the shape of the parameter.

        Raises
        ------
        KeyError
            If no layer has a parameter of this name.
        """
        for layer in self.layers:
            if name in layer.params:
                layer.params[name] = value
                return
        raise KeyError(
            f"sequential: expected one of {', '.join(self.params)}, got {name!r}. "
            "A parameter is called after its layer, with _w or _b behind it."
        )

    def get_params(self, name):
        """The parameter of this name, an ndarray."""
        return self.params[name]

    def get_grads(self, name):
        """The gradient of the parameter of this name, an ndarray; needs a `backward`."""
        return self.grads[name]

    def load(self, params):
        """Copy parameters from another net into the layers that have the same names.

        Parameters
        ----------
        params : dict of ndarray
        """
        for name in self.params:
            if name in params:
                self.assign(name, params[name].copy())
                print(f"Loading Params: {name} Shape: {params[name].shape}")

    def forward(self, x, training=False, seed=None):
        """Output of the last layer.

        Parameters
        ----------
        x : ndarray, (N, ...)
        training : bool
            Dropout drops only in training.
        seed : int, optional
            For the masks of dropout layers, to draw the same ones again.

        Returns
        -------
        ndarray, (N, M)
        """
        for layer in self.layers:
            drops = hasattr(layer, "keep_prob")  # only dropout differs between the modes
            x = layer.forward(x, training, seed) if drops else layer.forward(x)
        return x

    def backward(self, dout):
        """Gradient with respect to the input; the layers keep those of their parameters.

        Parameters
        ----------
        dout : ndarray, (N, M)
            Upstream gradient.

        Returns
        -------
        ndarray, (N, ...)
        """
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout
