"""Linear classifiers trained by stochastic gradient descent."""

import numpy as np

from cs_lib.classifiers.softmax import softmax_loss_vectorized
from cs_lib.progress import progress_bar


class LinearClassifier:
    """Linear classifier; a subclass says by ``loss`` what it minimises.

    Attributes
    ----------
    W : ndarray, shape (C, D), or None before training
        Weights, a row for each class.
    """

    def __init__(self):
        self.W = None

    def train(
        self,
        X,
        y,
        learning_rate=1e-3,
        reg=1e-5,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        """Minimise the loss by stochastic gradient descent.

        Each step draws a minibatch (with replacement is fine, and quicker), and
        moves ``self.W`` against the gradient of ``self.loss`` on it.

        Parameters
        ----------
        X : ndarray, shape (D, N)
            Data, a column for each image.
        y : ndarray of int, shape (N,)
            Labels, 0 <= y < C.
        learning_rate, reg : float
        num_iters, batch_size : int
        verbose : bool
            Show a progress bar.

        Returns
        -------
        list of float
            The loss on the minibatch of each step, before the step.
        """
        D, N = X.shape
        if self.W is None:
            self.W = 0.001 * np.random.randn(int(y.max()) + 1, D)
        loss_history = []
        steps = progress_bar(range(num_iters), type(self).__name__, enabled=verbose)
        for _ in steps:
            # YOUR CODE HERE
            raise NotImplementedError("softmax_two_layer: implement LinearClassifier.train")
            steps.set_postfix_str(f"loss {np.mean(loss_history[-1]):.4f}")
        return loss_history

    def predict(self, X):
        """Label each image with the class of the highest score.

        Parameters
        ----------
        X : ndarray, shape (D, N)
            Data, a column for each image.

        Returns
        -------
        ndarray of int, shape (N,)
        """
        # YOUR CODE HERE
        raise NotImplementedError("softmax_two_layer: implement LinearClassifier.predict")

    def loss(self, X_batch, y_batch, reg):
        """Compute the loss of ``self.W`` and its gradient; for subclasses to define."""
        raise NotImplementedError(f"{type(self).__name__}: define loss(X_batch, y_batch, reg).")


class Softmax(LinearClassifier):
    """Linear classifier with the softmax loss."""

    def loss(self, X_batch, y_batch, reg):
        """Compute the softmax loss of ``self.W`` on a minibatch.

        Parameters
        ----------
        X_batch : ndarray, shape (D, N)
        y_batch : ndarray of int, shape (N,)
        reg : float

        Returns
        -------
        loss : float
        dW : ndarray, shape (C, D)
        """
        # YOUR CODE HERE
        raise NotImplementedError("softmax_two_layer: implement Softmax.loss")
