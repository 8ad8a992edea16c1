"""The console script: errors for people on standard error, exit codes for programs."""

import contextlib
import ctypes
import gc
import os
import signal
import sys
import traceback

from autograder.errors import AutograderError, of_the_machine

FAULT_OF_OURS = 70
INTERRUPTED = 128 + signal.SIGINT
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_BYTES_KEPT = 64 << 20
_M_TOP_PAD = -2


def spare_work() -> None:
    """Leave out what pays only where memory is short.

    Imports make 200,000 objects that stay: to look for garbage after every 700, as Python does,
    takes a fifth of a start. Arrays of some MB come and go: glibc gives their memory back each
    time, and a third of what draws practice pictures is to have it again. Of two threads of BLAS
    one waits at work for the other: more work at once is what `--jobs` is for.
    """
    for library in ("OMP", "OPENBLAS", "MKL", "VECLIB"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_TOP_PAD, _BYTES_KEPT)


def main() -> None:
    """Run the command line and exit with the code that INTERFACE promises."""
    spare_work()
    try:
        from autograder.cli.app import app

        app(prog_name="autograder")
    except KeyboardInterrupt:  # while it was starting; later, the command line sees to it
        sys.exit(INTERRUPTED)
    except AutograderError as error:
        print(f"autograder: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:
        told = of_the_machine(error) if isinstance(error, OSError) else None
        if told is not None:
            print(f"autograder: {told}", file=sys.stderr)
            sys.exit(told.exit_code)
        traceback.print_exc()
        print(
            "autograder: this is a fault of the kit, not yours. Nothing was lost: run the command "
            "again, and report the lines above if it comes back.",
            file=sys.stderr,
        )
        sys.exit(FAULT_OF_OURS)
    finally:
        gc.freeze()  # or Python goes through all there is, several times, before it ends


if __name__ == "__main__":
    main()
