"""nbgrader's commands, run in this process as on the command line."""

import logging
import os
import sys
import warnings
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

from jupyter_core.application import NoStart
from nbgrader.apps.nbgraderapp import NbGraderApp
from nbgrader.validator import Validator


def nbgrader(folder, *arguments, traceback=False):
    """Run an nbgrader command in a folder and return what it printed and logged.

    The configuration is the folder's own ``nbgrader_config.py`` alone.  The
    command must succeed, and show no traceback unless a student's is expected.
    """
    output = StringIO()
    environment = {
        "JUPYTER_CONFIG_DIR": str(Path(folder).parent / "jupyter-config"),
        "JUPYTER_DATA_DIR": str(Path(folder).parent / "jupyter-data"),
    }
    app = NbGraderApp.instance()
    with (
        chdir(folder),
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "path", list(sys.path)),
        mock.patch.object(Validator, "stream", output),
        redirect_stdout(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # nbgrader's and its libraries'
        ended = 0
        try:
            app.initialize(list(arguments))
            app.init_logging(logging.StreamHandler, [output], color=False, subapps=True)
            app.start()
        except NoStart:
            pass
        except SystemExit as end:
            ended = end.code or 0
        finally:
            app.reset()
    text = output.getvalue()
    assert ended == 0, text
    assert traceback == ("Traceback" in text), text
    return text
