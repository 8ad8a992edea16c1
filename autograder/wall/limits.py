"""What one submission may use while its code runs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0)]
PositiveInt = Annotated[int, Field(gt=0)]


class Limits(BaseModel):
    """What one submission may use while it is graded.

    Times are wall-clock seconds.  A hang costs the check or cell it is in;
    ``submission_seconds`` bounds the whole.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    check_seconds: Positive = 10
    cell_seconds: Positive = 20
    submission_seconds: Positive = 120
    start_seconds: Positive = 60
    """How long to wait for a process to be ready, before a submission's time begins."""
    memory_mb: PositiveInt = 1024
    output_kb: PositiveInt = 1024
    """Text and pictures a single cell or call may print."""
    reply_mb: PositiveInt = 256
    """The largest value a student's function may return to a check; no check keeps more of all."""
    disk_mb: PositiveInt = 64
    """The private temporary folder."""
    file_mb: PositiveInt = 32
    open_files: PositiveInt = 64
    threads: PositiveInt = 8
