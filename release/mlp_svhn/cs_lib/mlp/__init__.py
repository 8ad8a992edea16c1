"""Networks of layer objects: layers, composed nets, training and optimizers (``mlp_svhn``)."""
