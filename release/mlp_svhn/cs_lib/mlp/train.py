"""Training of a net and its accuracy (``mlp_svhn``)."""

import numpy as np


class MiniBatches:
    """Shuffled mini-batches without end; each epoch is shuffled anew.

    Parameters
    ----------
    x : ndarray, (N, ...)
    y : ndarray, (N,)
    batch_size : int
        At most N are taken. The cases left over at the end of an epoch are skipped.

    Attributes
    ----------
    per_epoch : int
        Number of mini-batches an epoch.
    """

    def __init__(self, x, y, batch_size):
        self.x = x
        self.y = y
        self.batch_size = min(batch_size, len(y))
        self.per_epoch = len(y) // self.batch_size
        self._order = np.empty(0, dtype=int)

    def draw(self):
        """The next mini-batch, shuffled by numpy's global generator.

        Returns
        -------
        x : ndarray, (batch_size, ...)
        y : ndarray, (batch_size,)
        """
        if len(self._order) < self.batch_size:
            self._order = np.random.permutation(len(self.y))
        rows, self._order = np.split(self._order, [self.batch_size])
        return self.x[rows], self.y[rows]


class Progress:
    """Prints how training goes.

    Parameters
    ----------
    max_epochs, show_every : int
    verbose : bool
        False: print nothing.
    iterations : int, optional
        Of the whole training; printed beside the number of each.
    """

    def __init__(self, max_epochs, show_every, verbose, iterations=None):
        self.max_epochs = max_epochs
        self.show_every = show_every
        self.verbose = verbose
        self.of_all = "" if iterations is None else f" / {iterations}"

    def iteration(self, loss_hist):
        """Print the last loss, every so many iterations.

        Parameters
        ----------
        loss_hist : list of float
        """
        if self.verbose and (len(loss_hist) - 1) % self.show_every == 0:
            print(f"(Iteration {len(loss_hist)}{self.of_all}) loss: {loss_hist[-1]}")

    def epoch(self, train_acc_hist, val_acc_hist):
        """Print the last accuracies.

        Parameters
        ----------
        train_acc_hist, val_acc_hist : list of float
        """
        if self.verbose:
            print(
                f"(Epoch {len(val_acc_hist)} / {self.max_epochs}) Training Accuracy: "
                f"{train_acc_hist[-1]}, Validation Accuracy: {val_acc_hist[-1]}"
            )


def compute_acc(model, x, y, batch_size=100):
    """Fraction of the cases whose largest score is that of the right class.

    Parameters
    ----------
    model : net of ``fully_conn``
        ``model.forward(x)`` gives scores (N, C); dropout is off.
    x : ndarray, (N, ...)
    y : ndarray of int, (N,)
    batch_size : int
        Number of cases whose scores are computed together.

    Returns
    -------
    float, between 0 and 1
    """
    # All cases count, also those of a last batch that is not full.
    # YOUR CODE HERE
    raise NotImplementedError("mlp_svhn: implement compute_acc")


def train_net(
    data_dict,
    model,
    loss_func,
    optimizer,
    batch_size,
    max_epochs,
    lr_decay=1.0,
    lr_decay_every=1000,
    show_every=10,
    verbose=False,
):
    """Train a net and keep the parameters that were best on the validation set.

    Parameters
    ----------
    data_dict : dict
        ``data_train`` and ``data_val``, each a pair (x, y) of (N, ...) and (N,).
    model : net of ``fully_conn``
    loss_func : cross_entropy
    optimizer : SGD, SGDM, RMSProp or Adam
        Made with ``model.net``.
    batch_size, max_epochs : int
    lr_decay : float
        Factor of the learning rate ``optimizer.lr`` after every ``lr_decay_every`` epochs.
    lr_decay_every : int
    show_every : int
        With verbose, print the loss of every so-manieth iteration.
    verbose : bool

    Returns
    -------
    opt_params : dict of ndarray
        Copies of the parameters after the epoch with the best validation accuracy (the first
        of several), by name.
    loss_hist : list of float
        Loss of each mini-batch, before its step.
    train_acc_hist, val_acc_hist : list of float
        Accuracy on the whole training and validation set after each epoch.
    """
    # An epoch is batches.per_epoch times: batches.draw(), forward pass in training mode, loss,
    # backward pass, step.
    # Call progress.iteration(loss_hist) after each step and
    # progress.epoch(train_acc_hist, val_acc_hist) after each epoch: they print.
    batches = MiniBatches(*data_dict["data_train"], batch_size)
    progress = Progress(max_epochs, show_every, verbose, max_epochs * batches.per_epoch)
    # YOUR CODE HERE
    raise NotImplementedError("mlp_svhn: implement train_net")
