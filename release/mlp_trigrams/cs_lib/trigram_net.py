"""Three words in, a distribution over the next one out (``mlp_trigrams``, part 2).

Words are numbers 1 ... V, as in the data file. A row is a case everywhere.
"""

import numpy as np


def one_hot(words, vocabulary):
    """Rows with a single one, at the place of the word.

    Parameters
    ----------
    words : ndarray of int, (N,)
        Word numbers, 1 ... V.
    vocabulary : int
        Number of words V.

    Returns
    -------
    ndarray, (N, V)
        Column 0 belongs to word 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError("mlp_trigrams: implement one_hot")


class TrigramNet:
    """Embedding, a layer of logistic units, and a softmax over the vocabulary.

    Parameters
    ----------
    vocabulary : int
        Number of words V.
    D : int
        Length of an embedding.
    P : int
        Number of hidden units.
    std : float
        Standard deviation of the random start of all weights and biases.
    seed : int
        Of the random start.

    Attributes
    ----------
    params : dict of ndarray
        ``W1`` (V, D): row w - 1 is the embedding of word w; ``b1`` (D,); ``W2`` (D, P),
        ``b2`` (P,); ``W3`` (P, V), ``b3`` (V,).
    velocity : dict of ndarray
        One array for each parameter, zero at first.
    """

    def __init__(self, vocabulary, D, P, std=0.01, seed=8):
        rng = np.random.default_rng(seed)
        shapes = {
            "W1": (vocabulary, D), "b1": (D,), "W2": (D, P), "b2": (P,),
            "W3": (P, vocabulary), "b3": (vocabulary,),
        }  # fmt: skip
        self.params = {name: rng.normal(0, std, size=shape) for name, shape in shapes.items()}
        self.velocity = {name: np.zeros(shape) for name, shape in shapes.items()}
        self.vocabulary = vocabulary

    def forward(self, x):
        """Probability of each word to come next.

        Parameters
        ----------
        x : ndarray of int, (N, 3)
            Word numbers, 1 ... V.

        Returns
        -------
        ndarray, (N, V)
            Column 0 belongs to word 1; a row sums to 1, whatever the size of the weights.
        """
        # The embeddings of the three words are summed, so their order does not matter; then
        # b1 is added once, and a linear map, the logistic function, a linear map and the
        # softmax follow. Keep what `backward` needs in self.cache.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement TrigramNet.forward")

    def loss(self, x, d):
        """Mean cross-entropy of the words that did come next.

        Parameters
        ----------
        x : ndarray of int, (N, 3)
        d : ndarray of int, (N,)
            The fourth words, 1 ... V.

        Returns
        -------
        float
            In nats a word.
        """
        # Only the probability of the right word counts: -sum(y log p), over N.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement TrigramNet.loss")

    def backward(self, x, d):
        """Gradient of `loss` with respect to every parameter.

        Parameters
        ----------
        x : ndarray of int, (N, 3)
        d : ndarray of int, (N,)

        Returns
        -------
        dict of ndarray
            The same keys and shapes as `params`.
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement TrigramNet.backward")

    def step(self, x, d, learning_rate, momentum):
        """One step of gradient descent with momentum on a mini-batch.

        Parameters
        ----------
        x : ndarray of int, (N, 3)
        d : ndarray of int, (N,)
        learning_rate, momentum : float

        Notes
        -----
        The velocity becomes momentum times itself plus the gradient; the parameter then
        loses learning_rate times the velocity.
        """
        # Change self.params and self.velocity.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement TrigramNet.step")

    def evaluate(self, x, d, block=10000):
        """Loss and accuracy on a large set, a block at a time to save memory.

        Parameters
        ----------
        x : ndarray of int, (N, 3)
        d : ndarray of int, (N,)
        block : int
            Number of cases that are looked at together.

        Returns
        -------
        loss : float
            Mean cross-entropy in nats a word.
        accuracy : float
            Percentage of the cases whose most probable word is right.
        """
        total, right = 0.0, 0
        for start in range(0, len(d), block):
            inputs, words = x[start : start + block], d[start : start + block]
            total += len(words) * self.loss(inputs, words)
            right += np.count_nonzero(self.forward(inputs).argmax(axis=1) + 1 == words)
        return total / len(d), float(100 * right / len(d))

    def fit(
        self, x, d, x_val, d_val, learning_rate=0.15, momentum=0.85, batch_size=200, n_epochs=50,
        seed=7,
    ):  # fmt: skip
        """Train on shuffled mini-batches; measure the validation set after each epoch.

        Parameters
        ----------
        x, x_val : ndarray of int, (N, 3), (N_val, 3)
        d, d_val : ndarray of int, (N,), (N_val,)
        learning_rate, momentum : float
        batch_size : int
        n_epochs : int
        seed : int
            Of the order of the cases.

        Returns
        -------
        val_loss, val_accuracy : list of float
            One entry an epoch, see `evaluate`.
        """
        # Draw a permutation of N from one np.random.default_rng(seed) at the start of each
        # epoch and take batch_size cases after the other from it, the last ones too.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement TrigramNet.fit")

    def top_k(self, x, k=10):
        """The k most probable next words of each case.

        Parameters
        ----------
        x : ndarray of int, (N, 3)
        k : int

        Returns
        -------
        words : ndarray of int, (N, k)
            Word numbers, 1 ... V, the most probable first.
        probabilities : ndarray, (N, k)
            Their probabilities.
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement TrigramNet.top_k")
