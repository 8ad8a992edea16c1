"""The network of ``backprop_a2``: its parameters, its forward pass and its loss.

One hidden layer of logistic units and a softmax over ten digits, without biases. Columns
are cases everywhere: ``inputs`` is (256, N) and ``target`` is (10, N).
"""

import numpy as np

N_INPUTS = 256  # a digit has 16 x 16 pixels
N_CLASSES = 10


def logistic(z):
    """Logistic function 1 / (1 + exp(-z)), element by element.

    Parameters
    ----------
    z : ndarray, any shape

    Returns
    -------
    ndarray, same shape as z
    """
    # exp overflows above 709; the cap moves no result by more than 1e-304.
    return 1 / (1 + np.exp(np.minimum(-z, 700.0)))


def log_sum_exp_over_rows(a, out=None):
    """Logarithm of the column sums of exp(a), safe for large entries.

    Parameters
    ----------
    a : ndarray, (M, ...)
    out : ndarray, same shape as a, optional
        What to compute in, as in NumPy; it may be a itself, which is lost then.

    Returns
    -------
    ndarray, (...)
    """
    column_max = a.max(axis=0)
    exponentials = np.exp(np.subtract(a, column_max, out=out), out=out)
    return np.log(exponentials.sum(axis=0)) + column_max


def model_to_theta(model):
    """Write both weight matrices one after the other into a vector.

    Parameters
    ----------
    model : dict
        ``input_to_hid`` (H, 256) and ``hid_to_class`` (10, H): a model or its gradient.

    Returns
    -------
    ndarray, (266 * H,)
        ``input_to_hid`` first, then ``hid_to_class``, each in column-major order.
    """
    return np.concatenate(
        [model["input_to_hid"].ravel(order="F"), model["hid_to_class"].ravel(order="F")]
    )


def theta_to_model(theta):
    """Inverse of `model_to_theta`.

    Parameters
    ----------
    theta : ndarray, (266 * H,)

    Returns
    -------
    dict
        ``input_to_hid`` (H, 256) and ``hid_to_class`` (10, H).

    Raises
    ------
    ValueError
        If the length of theta is not a positive multiple of 266.
    """
    n_hid, rest = divmod(theta.size, N_INPUTS + N_CLASSES)
    if rest or n_hid == 0:
        raise ValueError(
            f"theta_to_model: expected a multiple of {N_INPUTS + N_CLASSES} parameters, "
            f"got {theta.size}. Pass what model_to_theta returns."
        )
    split = N_INPUTS * n_hid
    return {
        "input_to_hid": theta[:split].reshape((n_hid, N_INPUTS), order="F"),
        "hid_to_class": theta[split:].reshape((N_CLASSES, n_hid), order="F"),
    }


def initial_model(n_hid):
    """Start without random numbers: theta = 0.1 cos(0, 1, 2, ...).

    Parameters
    ----------
    n_hid : int
        Number of hidden units H.

    Returns
    -------
    dict
        ``input_to_hid`` (H, 256) and ``hid_to_class`` (10, H).
    """
    return theta_to_model(0.1 * np.cos(np.arange((N_INPUTS + N_CLASSES) * n_hid)))


def forward_pass(model, data):
    """States of all units for all cases.

    Parameters
    ----------
    model : dict
        ``input_to_hid`` (H, 256) and ``hid_to_class`` (10, H).
    data : dict
        ``inputs`` (256, N); ``target`` is not used.

    Returns
    -------
    hid_input, hid_output : ndarray, (H, N)
        Hidden units before and after the logistic function.
    class_input, log_class_prob, class_prob : ndarray, (10, N)
        Softmax units before the softmax, and the logarithm and the value of the probability
        of each class; a column of class_prob sums to 1.
    """
    hid_input = model["input_to_hid"] @ data["inputs"]
    hid_output = logistic(hid_input)
    class_input = model["hid_to_class"] @ hid_output
    # Subtracting the log of the normaliser keeps every exponential within range.
    log_class_prob = class_input - log_sum_exp_over_rows(class_input)
    return hid_input, hid_output, class_input, log_class_prob, np.exp(log_class_prob)


def loss(model, data, wd_coefficient):
    """Mean cross-entropy over the cases plus weight decay.

    Parameters
    ----------
    model : dict
        ``input_to_hid`` (H, 256) and ``hid_to_class`` (10, H).
    data : dict
        ``inputs`` (256, N) and ``target`` (10, N), one-hot columns.
    wd_coefficient : float
        Factor of half the sum of all squared weights.

    Returns
    -------
    float
        In nats a case.
    """
    return _loss(forward_pass(model, data)[3], model, data, wd_coefficient)


def _loss(log_class_prob, model, data, wd_coefficient):
    classification_loss = -np.mean(np.sum(log_class_prob * data["target"], axis=0))
    squares = np.sum(model["input_to_hid"] ** 2) + np.sum(model["hid_to_class"] ** 2)
    return float(classification_loss + squares / 2.0 * wd_coefficient)


def losses_around(model, data, wd_coefficient, name, elements, moves):
    """Values of `loss` with one weight moved, without a whole forward pass for each.

    Only what the weight reaches is computed anew: the states of one hidden unit, or the input
    of one softmax unit.

    Parameters
    ----------
    model, data, wd_coefficient
        As for `loss`.
    name : str
        Key of the weight matrix.
    elements : sequence of E pairs of int
        Row and column of each weight to move, one at a time.
    moves : sequence of K floats
        What is added to it.

    Returns
    -------
    ndarray, (E, K)
        In nats a case.
    """
    states = forward_pass(model, data)[:3]
    moves = np.asarray(moves)
    squares = sum(np.sum(weights**2) for weights in model.values())
    target = data["target"]
    losses = np.empty((len(elements), len(moves)))
    for i, (row, column) in enumerate(elements):
        weight = model[name][row, column]
        class_input = _moved_inputs(model, data, states, name, row, column, moves)
        likelihoods = np.einsum("ikn,in->k", class_input, target)
        # In place: to get new memory for arrays of this size takes longer than to fill it.
        log_sums = log_sum_exp_over_rows(class_input, out=class_input)
        likelihoods -= log_sums @ target.sum(axis=0)
        moved_squares = squares - weight**2 + (weight + moves) ** 2
        losses[i] = moved_squares / 2.0 * wd_coefficient - likelihoods / target.shape[1]
    return losses


def _moved_inputs(model, data, states, name, row, column, moves):
    """Input of the softmax units, (10, K, N), with one weight moved by each of K moves."""
    hid_input, hid_output, class_input = states
    if name == "input_to_hid":
        moved_output = logistic(hid_input[row] + np.outer(moves, data["inputs"][column]))
        moved = model["hid_to_class"][:, row, None, None] * (moved_output - hid_output[row])
        moved += class_input[:, None]
        return moved
    moved = np.repeat(class_input[:, None], len(moves), axis=1)
    moved[row] += np.outer(moves, hid_output[column])
    return moved


def classification_performance(model, data):
    """Fraction of the cases whose most probable class is wrong.

    Parameters
    ----------
    model, data : dict
        As for `loss`.

    Returns
    -------
    float, between 0 and 1
    """
    return _error_rate(forward_pass(model, data)[2], data)


def _error_rate(class_input, data):
    wrong = np.argmax(class_input, axis=0) != np.argmax(data["target"], axis=0)
    return float(np.mean(wrong))


def figures(model, data, wd_coefficient):
    """All that a model is judged by, from one forward pass.

    Parameters
    ----------
    model, data, wd_coefficient
        As for `loss`.

    Returns
    -------
    loss, classification_loss, error_rate : float
        Of the losses the second is without weight decay.
    """
    _, _, class_input, log_class_prob, _ = forward_pass(model, data)
    losses = [_loss(log_class_prob, model, data, decay) for decay in (wd_coefficient, 0)]
    return *losses, _error_rate(class_input, data)
