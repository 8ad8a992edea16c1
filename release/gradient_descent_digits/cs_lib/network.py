"""Layers, the network that chains them, and its training with mini-batches.

A layer has three methods: ``forward(x)`` computes its output, ``backward(x, dy)`` turns the
gradient of the loss with respect to the output into the one with respect to the input (and
stores the gradients of the parameters), ``step(step_size)`` updates the parameters. Rows are
samples everywhere: ``x`` is (N, n_in).
"""

import numpy as np

from cs_lib.components import bce_loss, bce_loss_grad, relu, relu_grad, sigmoid, sigmoid_grad


class Linear:
    """Fully connected layer, y = x W + b.

    Attributes
    ----------
    W : ndarray, (n_in, n_out)
    b : ndarray, (n_out,)
    dW, db : ndarray, as W and b
        Gradients of the loss, there after the first `backward`.
    """

    def __init__(self, n_in, n_out, rng=None):
        """Draw the weights, set the biases to zero.

        Parameters
        ----------
        n_in, n_out : int
            Number of features of an input row and of an output row.
        rng : numpy.random.Generator, optional
            W is uniform on [-a, a) with a = sqrt(6 / (n_in * n_out)). One call
            ``rng.uniform(-a, a, size=...)`` gives the numbers printed in the notebook.
            Without one, the numbers are others each time.
        """
        rng = np.random.default_rng() if rng is None else rng
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement Linear.__init__")

    def forward(self, x):
        """Compute y = x W + b.

        Parameters
        ----------
        x : ndarray, (N, n_in)

        Returns
        -------
        ndarray, (N, n_out)
        """
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement Linear.forward")

    def backward(self, x, dy):
        """Backpropagate through the layer.

        Stores the gradients of the loss with respect to the parameters as ``self.dW`` and
        ``self.db``, in place of those of an earlier call. They are sums over the batch: the
        mean, where one is wanted, is already in `dy`.

        Parameters
        ----------
        x : ndarray, (N, n_in)
            Input of the forward pass.
        dy : ndarray, (N, n_out)
            Gradient of the loss with respect to the output.

        Returns
        -------
        ndarray, (N, n_in)
            Gradient of the loss with respect to the input.
        """
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement Linear.backward")

    def step(self, step_size):
        """Take a gradient descent step with the gradients that `backward` stored.

        Parameters
        ----------
        step_size : float
        """
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement Linear.step")

    def __str__(self):
        return "Linear {}x{}".format(*self.W.shape)


class Sigmoid:
    """Sigmoid activation as a layer; it has no parameters."""

    def forward(self, x):
        """Apply the sigmoid to each element.

        Parameters
        ----------
        x : ndarray, (N, n)

        Returns
        -------
        ndarray, (N, n)
        """
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement Sigmoid.forward")

    def backward(self, x, dy):
        """Backpropagate through the layer.

        Parameters
        ----------
        x : ndarray, (N, n)
            Input of the forward pass.
        dy : ndarray, (N, n)
            Gradient of the loss with respect to the output.

        Returns
        -------
        ndarray, (N, n)
            Gradient of the loss with respect to the input.
        """
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement Sigmoid.backward")

    def step(self, step_size):
        """Do nothing: there are no parameters to update."""

    def __str__(self):
        return "Sigmoid"


class ReLU:
    """Rectified linear activation as a layer; it has no parameters."""

    def forward(self, x):
        """Apply the rectifier to each element.

        Parameters
        ----------
        x : ndarray, (N, n)

        Returns
        -------
        ndarray, (N, n)
        """
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement ReLU.forward")

    def backward(self, x, dy):
        """Backpropagate through the layer.

        Parameters
        ----------
        x : ndarray, (N, n)
            Input of the forward pass.
        dy : ndarray, (N, n)
            Gradient of the loss with respect to the output.

        Returns
        -------
        ndarray, (N, n)
            Gradient of the loss with respect to the input.
        """
        # YOUR CODE HERE
        raise NotImplementedError("gradient_descent_digits: implement ReLU.backward")

    def step(self, step_size):
        """Do nothing: there are no parameters to update."""

    def __str__(self):
        return "ReLU"


class Net:
    """A chain of layers.

    Parameters
    ----------
    layers : list
        Objects with ``forward``, ``backward`` and ``step``, in the order of the forward pass.
    """

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        """Run all layers.

        Parameters
        ----------
        x : ndarray, (N, n_in)

        Returns
        -------
        y : ndarray, (N, n_out)
        trace : list of (layer, input of that layer)
            What `backward` needs.
        """
        trace = []
        for layer in self.layers:
            trace.append((layer, x))
            x = layer.forward(x)
        return x, trace

    def backward(self, trace, dy):
        """Run all layers backward; each one stores the gradients of its parameters.

        Parameters
        ----------
        trace : list
            From `forward`.
        dy : ndarray, (N, n_out)
            Gradient of the loss with respect to the output of the network.
        """
        for layer, x in reversed(trace):
            dy = layer.backward(x, dy)

    def step(self, step_size):
        """Let every layer update its parameters."""
        for layer in self.layers:
            layer.step(step_size)

    def __str__(self):
        return "\n".join(str(layer) for layer in self.layers)


def fit(net, x, y, epochs=25, learning_rate=0.001, mb_size=10, verbose=True):
    """Train a network with one output by mini-batch gradient descent on the BCE loss.

    The gradient of a mini-batch is the sum over its samples. The samples are taken in their
    order, the same in every epoch, and those that do not fill a last mini-batch are left out.
    The training figures of an epoch are those seen on the way, before each update; the test
    figures come after the last one.

    Parameters
    ----------
    net : Net
        Trained in place.
    x : dict of ndarray, (N, n_in)
        Samples under the keys "train" and "test".
    y : dict of ndarray, (N,)
        Labels, 0 or 1, under the same keys.
    epochs : int
    learning_rate : float
    mb_size : int
        Samples in a mini-batch.
    verbose : bool
        Print a line for each epoch.

    Returns
    -------
    loss_hist, accuracy_hist : dict of list of float
        Mean loss in nats and share of right answers, one entry for each epoch, under the keys
        "train" and "test".

    Raises
    ------
    ValueError
        If there are fewer samples than one mini-batch takes, or the network has not exactly
        one output.
    """
    x_used, y_used = {}, {}
    for phase in ("train", "test"):
        n_used = _samples_used(phase, len(x[phase]), mb_size)
        x_used[phase], y_used[phase] = x[phase][:n_used], y[phase][:n_used, None]
    loss_hist = {"train": [], "test": []}
    accuracy_hist = {"train": [], "test": []}
    for epoch in range(epochs):
        y_hat = {
            "train": _train_epoch(net, x_used["train"], y_used["train"], learning_rate, mb_size),
            "test": net.forward(x_used["test"])[0],
        }
        for phase in ("train", "test"):
            loss_hist[phase].append(float(np.mean(bce_loss(y_used[phase], y_hat[phase]))))
            right = (y_used[phase] > 0.5) == (y_hat[phase] > 0.5)
            accuracy_hist[phase].append(float(np.mean(right)))
        if verbose:
            print(_epoch_line(epoch, loss_hist, accuracy_hist))
    return loss_hist, accuracy_hist


def _samples_used(phase, n_samples, mb_size):
    n_batches = n_samples // mb_size
    if n_batches == 0:
        raise ValueError(
            f"fit: expected mini-batches of at most {n_samples} samples, the size of the {phase} "
            f"set, got mb_size={mb_size}. Take smaller mini-batches."
        )
    return n_batches * mb_size


def _train_epoch(net, x, y, learning_rate, mb_size):
    """Return the predictions made for each mini-batch just before its update."""
    predictions = []
    for start in range(0, len(x), mb_size):
        x_mb, y_mb = x[start : start + mb_size], y[start : start + mb_size]
        y_hat, trace = net.forward(x_mb)
        if y_hat.shape != y_mb.shape:
            # NumPy would broadcast one label over all outputs of a row without a word.
            raise ValueError(
                f"fit: expected predictions of shape {y_mb.shape}, one for each sample, got "
                f"{y_hat.shape}. End the network with one output."
            )
        predictions.append(y_hat)
        net.backward(trace, bce_loss_grad(y_mb, y_hat))
        net.step(learning_rate)
    return np.concatenate(predictions)


def _epoch_line(epoch, loss_hist, accuracy_hist):
    return f"Epoch {epoch:3d}: " + " ".join(
        f"loss[{phase}]={loss_hist[phase][-1]:7.4f} "
        f"accuracy[{phase}]={accuracy_hist[phase][-1]:7.4f}"
        for phase in ("train", "test")
    )


def plot_history(loss_hist, accuracy_hist):
    """Plot the learning curves that `fit` returned.

    Parameters
    ----------
    loss_hist, accuracy_hist : dict of list of float
    """
    # Imported here, so that a network can be trained where there is no matplotlib.
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, 2, figsize=(12, 3.5), layout="constrained")
    panels = (
        (loss_hist, "Loss", "binary cross-entropy (nats)"),
        (accuracy_hist, "Accuracy", "share right"),
    )
    for ax, (history, title, unit) in zip(axes, panels, strict=True):
        for phase, values in history.items():
            ax.plot(values, label=phase)
        ax.set(title=title, xlabel="epoch", ylabel=unit)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend()
