"""Train the largest trigram net on the four-grams of a text; print accuracy and memory.

    PYTHONPATH=assignments python tests/cs_lib/train_trigrams.py ../shared/data/raw_sentences.txt

Takes about six minutes on one core.
"""

import os
import resource
import sys
import tempfile
from pathlib import Path

from cs_lib.datasets import open_trigrams, synthesize
from cs_lib.trigram_net import TrigramNet

SCHEDULE = ((0.15, 50), (0.02, 5))  # learning rate, epochs


def main(text):
    with tempfile.TemporaryDirectory() as folder:
        synthesize(["trigrams"], Path(folder), from_text=Path(text))
        os.environ["COURSEDATA"] = folder
        with open_trigrams() as file:
            sets = {name: (file[f"{name}x"][:], file[f"{name}d"][:])
                    for name in ("train", "val", "test")}  # fmt: skip
    net = TrigramNet(250, 32, 256)
    for learning_rate, n_epochs in SCHEDULE:
        _, accuracy = net.fit(
            *sets["train"], *sets["val"], learning_rate=learning_rate, n_epochs=n_epochs
        )
        print(f"rate {learning_rate}, {n_epochs} epochs: validation accuracy {accuracy[-1]:.2f} %")
    loss, accuracy = net.evaluate(*sets["test"])
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"test loss {loss:.4f}\ntest accuracy {accuracy:.2f} %\npeak memory {megabytes:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1])
