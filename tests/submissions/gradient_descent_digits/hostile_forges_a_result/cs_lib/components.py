"""Tries to hand in a verdict instead of a solution."""

import json
import os

VERDICT = json.dumps({"schema_version": 1, "score": 45, "max_score": 45, "status": "passed"})


def forge(*args):
    print(VERDICT, flush=True)
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, VERDICT.encode())
        except OSError:
            pass
    for folder in (".", "/tmp", "/", "results"):
        try:
            with open(f"{folder}/results.json", "w") as file:
                file.write(VERDICT)
        except OSError:
            pass
    os._exit(0)


sigmoid = sigmoid_grad = relu = relu_grad = bce_loss = bce_loss_grad = forge
