"""The gradients in an OrderedDict, in the order of the way back."""

from collections import OrderedDict

from cs_lib.a2_model import forward_pass


def d_loss_by_d_model(model, data, wd_coefficient):
    _, hidden, _, _, probabilities = forward_pass(model, data)
    delta = (probabilities - data["target"]) / data["inputs"].shape[1]
    below = (model["hid_to_class"].T @ delta) * hidden * (1 - hidden)
    return OrderedDict(
        [
            ("hid_to_class", delta @ hidden.T + wd_coefficient * model["hid_to_class"]),
            ("input_to_hid", below @ data["inputs"].T + wd_coefficient * model["input_to_hid"]),
        ]
    )
