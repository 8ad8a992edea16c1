"""``nbgrader release_feedback`` where some of the work did not come through the exchange."""

import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.intake.left import EXCHANGE_FILES


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Leaves out who handed in another way; nbgrader would stop at the first of them."""

    def copy_files(self) -> None:
        others = [
            folder.parent.name
            for folder in map(Path, glob.glob(self.src_path))
            if not all((folder / name).exists() for name in EXCHANGE_FILES)
        ]
        if others:
            self.log.warning("Not from the exchange, so not released: %s", ", ".join(others))
        excluded = [self.coursedir.student_id_exclude, *others]
        self.coursedir.student_id_exclude = ",".join(filter(None, excluded))
        super().copy_files()
