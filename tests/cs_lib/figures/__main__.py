import importlib
import sys

from figures.registry import table

ASSIGNMENTS = ("softmax_two_layer", "layers_convnet", "fc_nets_dropout", "mlp_svhn")

for assignment in sys.argv[1:] or ASSIGNMENTS:
    if assignment not in ASSIGNMENTS:
        sys.exit(f"figures: expected one of {', '.join(ASSIGNMENTS)}, got {assignment!r}.")
    print(f"## {assignment}\n\n{table(importlib.import_module(f'figures.{assignment}').FIGURES)}\n")
