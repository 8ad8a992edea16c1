"""Training loop for models that are a dict of arrays and a loss function."""

import numpy as np

from cs_lib.progress import progress_bar

# Images whose scores are computed at once: a ConvNet needs about 0.6 MB for each.
EVALUATION_BATCH = 100


class ClassifierTrainer:
    """Trains a model by its loss function.

    Attributes
    ----------
    step_cache : dict
        State of the update rule for each parameter, by its name: velocity of
        the momentum update, cache of RMSProp. Empty before training.
    """

    def __init__(self):
        self.step_cache = {}

    def momentum_step(self, name, gradient, learning_rate, momentum):
        """Compute the step of a parameter by the momentum update.

        The velocity, kept in ``self.step_cache[name]`` and zero at first, is the
        momentum times the old velocity minus the learning rate times the
        gradient. The step is the new velocity.

        Parameters
        ----------
        name : str
            Name of the parameter.
        gradient : ndarray, shape of the parameter
        learning_rate, momentum : float

        Returns
        -------
        ndarray, shape of the parameter
            What is to be added to the parameter.
        """
        # YOUR CODE HERE
        raise NotImplementedError("softmax_two_layer: implement ClassifierTrainer.momentum_step")

    def rmsprop_step(self, name, gradient, learning_rate, decay_rate=0.99):
        """Compute the step of a parameter by RMSProp.

        The cache, kept in ``self.step_cache[name]`` and zero at first, is the
        decay rate times the old cache plus (1 - decay rate) times the squared
        gradient. The step is minus the learning rate times the gradient over
        the root of (new cache + 1e-8); with the 1e-8 outside of the root it is
        accepted too.

        Parameters
        ----------
        name : str
            Name of the parameter.
        gradient : ndarray, shape of the parameter
        learning_rate, decay_rate : float

        Returns
        -------
        ndarray, shape of the parameter
            What is to be added to the parameter.
        """
        # YOUR CODE HERE
        raise NotImplementedError("softmax_two_layer: implement ClassifierTrainer.rmsprop_step")

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        model,
        loss_function,
        reg=0.0,
        learning_rate=1e-2,
        momentum=0,
        learning_rate_decay=0.95,
        update="momentum",
        sample_batches=True,
        num_epochs=30,
        batch_size=100,
        acc_frequency=None,
        verbose=False,
        seed=None,
    ):
        """Minimise the loss, and keep the parameters with the best validation accuracy.

        Parameters
        ----------
        X, X_val : ndarray, shape (N, ...), (N_val, ...)
            Training and validation data.
        y, y_val : ndarray of int, shape (N,), (N_val,)
            Labels.
        model : dict
            Parameters to start from; neither the dict nor its arrays are changed.
        loss_function : callable
            ``loss_function(X, model)`` returns scores (N, C),
            ``loss_function(X, model, y, reg)`` returns a loss and a dict of gradients.
        reg, learning_rate, momentum : float
        learning_rate_decay : float
            Factor of the learning rate after each epoch.
        update : {'sgd', 'momentum', 'rmsprop'}
        sample_batches : bool
            False takes all images at each step, and an epoch is one step.
        num_epochs, batch_size : int
        acc_frequency : int, optional
            Compute the accuracies every so many steps too, not only after each epoch.
        verbose : bool
            Show a progress bar, and a line for each time the accuracies are computed.
        seed : int, optional
            Seed of the minibatches; without one they are drawn with ``np.random``.

        Returns
        -------
        best_model : dict
            Copy of the parameters with the best validation accuracy.
        loss_history : list of float
            Loss of each step.
        train_acc, val_acc : list of float
            Accuracies, each time they were computed; of training images at most 1000.
        """
        if update not in ("sgd", "momentum", "rmsprop"):
            raise ValueError(
                f"ClassifierTrainer.train: expected update 'sgd', 'momentum' or 'rmsprop', "
                f"got {update!r}. Write one of the three."
            )
        rng = np.random if seed is None else np.random.default_rng(seed)
        self.step_cache = {}
        N = X.shape[0]
        steps_per_epoch = max(N // batch_size, 1) if sample_batches else 1
        model, best_model, best_val_acc = dict(model), {}, -1.0
        loss_history, train_acc, val_acc = [], [], []
        steps = progress_bar(range(num_epochs * steps_per_epoch), "training", enabled=verbose)
        for step in steps:
            batch = rng.choice(N, batch_size) if sample_batches else slice(None)
            loss, grads = loss_function(X[batch], model, y[batch], reg)
            loss_history.append(loss)
            for name, gradient in grads.items():
                change = self._step(update, name, gradient, learning_rate, momentum)
                model[name] = model[name] + change
            epoch, rest = divmod(step + 1, steps_per_epoch)
            if rest == 0:
                learning_rate *= learning_rate_decay
            if step > 0 and rest > 0 and not (acc_frequency and step % acc_frequency == 0):
                continue
            subset = rng.choice(N, 1000) if N > 1000 else slice(None)
            train_acc.append(_accuracy(loss_function, X[subset], y[subset], model))
            val_acc.append(_accuracy(loss_function, X_val, y_val, model))
            if val_acc[-1] > best_val_acc:
                best_val_acc = val_acc[-1]
                best_model = {name: parameter.copy() for name, parameter in model.items()}
            if verbose:
                steps.write(
                    f"epoch {epoch} / {num_epochs}: loss {loss:.6f}, train {train_acc[-1]:.3f}, "
                    f"val {val_acc[-1]:.3f}, learning rate {learning_rate:.3e}"
                )
        return best_model, loss_history, train_acc, val_acc

    def _step(self, update, name, gradient, learning_rate, momentum):
        """What the update rule adds to a parameter."""
        if update == "momentum":
            return self.momentum_step(name, gradient, learning_rate, momentum)
        if update == "rmsprop":
            return self.rmsprop_step(name, gradient, learning_rate)
        return -learning_rate * gradient


def _accuracy(loss_function, X, y, model):
    """Fraction of images whose highest score is that of their label."""
    correct = 0
    for start in range(0, len(y), EVALUATION_BATCH):
        batch = slice(start, start + EVALUATION_BATCH)
        correct += np.sum(np.argmax(loss_function(X[batch], model), axis=1) == y[batch])
    return float(correct / len(y))
