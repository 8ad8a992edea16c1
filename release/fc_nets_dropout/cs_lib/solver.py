"""Training loop for models that hold their parameters."""

import numpy as np

from cs_lib import optim
from cs_lib.progress import progress_bar


class Solver:
    """Trains a model by an update rule of `cs_lib.optim`.

    A model has ``params``, a dict of arrays, and ``loss(X, y=None)``, which
    returns scores (N, C) without labels and with them a loss and a dict of
    gradients.

    Parameters
    ----------
    model : object
    data : dict
        ``'X_train'``, ``'y_train'``, ``'X_val'``, ``'y_val'``.
    update_rule : str
        Name of a function of `cs_lib.optim`.
    optim_config : dict, optional
        Hyper-parameters of the rule; the same for every parameter.
    lr_decay : float
        Factor of the learning rate after each epoch.
    batch_size, num_epochs : int
    num_train_samples, num_val_samples : int or None
        How many images the accuracies are computed on; None takes all.
    checkpoint_name : str, optional
        Write ``<checkpoint_name>_epoch_<n>.npz`` after each epoch.
    print_every : int
        Steps between two lines with the loss.
    verbose : bool
        Print losses and accuracies, and show a progress bar.
    seed : int, optional
        Seed of the minibatches; without one they are drawn with ``np.random``.

    Attributes
    ----------
    loss_history : list of float
        Loss of each step.
    train_acc_history, val_acc_history : list of float
        Accuracies before training and after each epoch.
    best_val_acc : float
    best_params : dict
        Copy of the parameters at ``best_val_acc``; the model has them after `train`.
    """

    def __init__(
        self,
        model,
        data,
        *,
        update_rule="sgd",
        optim_config=None,
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        num_train_samples=1000,
        num_val_samples=None,
        checkpoint_name=None,
        print_every=10,
        verbose=True,
        seed=None,
    ):
        if not hasattr(optim, update_rule):
            raise ValueError(
                f"Solver: expected update_rule to be the name of a function in cs_lib/optim.py, "
                f"got {update_rule!r}."
            )
        self.model = model
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        self.update_rule = getattr(optim, update_rule)
        self.lr_decay = lr_decay
        self.batch_size = batch_size
        self.num_epochs = num_epochs
        self.num_train_samples = num_train_samples
        self.num_val_samples = num_val_samples
        self.checkpoint_name = checkpoint_name
        self.print_every = print_every
        self.verbose = verbose
        self.seed = seed
        self.epoch = 0
        self.best_val_acc = -1.0
        self.best_params = {}
        self.loss_history = []
        self.train_acc_history = []
        self.val_acc_history = []
        self.optim_configs = {name: dict(optim_config or {}) for name in model.params}
        self._seed_epoch()

    def train(self):
        """Train until ``num_epochs`` epochs are done, then give the model its best parameters."""
        steps_per_epoch = max(len(self.y_train) // self.batch_size, 1)
        total = self.num_epochs * steps_per_epoch
        first = self.epoch * steps_per_epoch
        steps = progress_bar(range(first, total), "training", enabled=self.verbose)
        for step in steps:
            if step % steps_per_epoch == 0:
                self._seed_epoch()
            self._step()
            if self.verbose and step % self.print_every == 0:
                steps.write(f"(Iteration {step + 1} / {total}) loss: {self.loss_history[-1]:f}")
            end_of_epoch = (step + 1) % steps_per_epoch == 0
            if end_of_epoch:
                self.epoch += 1
                for config in self.optim_configs.values():
                    config["learning_rate"] *= self.lr_decay
            if step == 0 or end_of_epoch:
                self._evaluate()
                if self.verbose:
                    steps.write(
                        f"(Epoch {self.epoch} / {self.num_epochs}) train acc: "
                        f"{self.train_acc_history[-1]:f}; val_acc: {self.val_acc_history[-1]:f}"
                    )
            if end_of_epoch and self.checkpoint_name is not None:
                self.save_checkpoint(f"{self.checkpoint_name}_epoch_{self.epoch}.npz")
        self.model.params = {name: value.copy() for name, value in self.best_params.items()}

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """Compute the fraction of images whose highest score is that of their label.

        Parameters
        ----------
        X : ndarray, shape (N, d_1, ..., d_k)
        y : ndarray of int, shape (N,)
        num_samples : int, optional
            Take so many images at random.
        batch_size : int
            Images whose scores are computed at once.

        Returns
        -------
        float
        """
        if num_samples is not None and num_samples < len(y):
            picked = self.rng.choice(len(y), num_samples)
            X, y = X[picked], y[picked]
        correct = 0
        for start in range(0, len(y), batch_size):
            scores = self.model.loss(X[start : start + batch_size])
            correct += np.sum(np.argmax(scores, axis=1) == y[start : start + batch_size])
        return float(correct / len(y))

    def save_checkpoint(self, path):
        """Write parameters, state of the update rule and histories to an ``.npz`` file."""
        arrays = {"epoch": self.epoch, "best_val_acc": self.best_val_acc}
        for history in ("loss_history", "train_acc_history", "val_acc_history"):
            arrays[history] = getattr(self, history)
        for name, parameter in self.model.params.items():
            arrays[f"params/{name}"] = parameter
            arrays[f"best_params/{name}"] = self.best_params[name]
            for key, value in self.optim_configs[name].items():
                arrays[f"optim_configs/{name}/{key}"] = value
        np.savez(path, **arrays)

    def load_checkpoint(self, path):
        """Go back to where `save_checkpoint` was called; `train` goes on from there."""
        with np.load(path) as arrays:
            self.epoch = int(arrays["epoch"])
            self.best_val_acc = float(arrays["best_val_acc"])
            for history in ("loss_history", "train_acc_history", "val_acc_history"):
                setattr(self, history, arrays[history].tolist())
            for key in arrays.files:
                room, *names = key.split("/")
                if room == "params":
                    self.model.params[names[0]] = arrays[key]
                elif room == "best_params":
                    self.best_params[names[0]] = arrays[key]
                elif room == "optim_configs":
                    self.optim_configs[names[0]][names[1]] = arrays[key][()]

    def _step(self):
        """Update every parameter once, by a minibatch."""
        batch = self.rng.choice(len(self.y_train), self.batch_size)
        loss, grads = self.model.loss(self.X_train[batch], self.y_train[batch])
        self.loss_history.append(float(loss))
        for name, parameter in self.model.params.items():
            self.model.params[name], self.optim_configs[name] = self.update_rule(
                parameter, grads[name], self.optim_configs[name]
            )

    def _seed_epoch(self):
        # A generator for each epoch: training from a checkpoint draws what it would have drawn.
        seeded = self.seed is not None
        self.rng = np.random.default_rng((self.seed, self.epoch)) if seeded else np.random

    def _evaluate(self):
        """Compute the accuracies, and keep the parameters if they are the best so far."""
        self.train_acc_history.append(
            self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        )
        val_acc = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.val_acc_history.append(val_acc)
        if val_acc > self.best_val_acc:
            self.best_val_acc = val_acc
            self.best_params = {name: value.copy() for name, value in self.model.params.items()}
