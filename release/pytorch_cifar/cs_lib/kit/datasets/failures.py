"""Network and disk errors in words for the person at the keyboard."""

import errno
import os
from urllib.request import getproxies

import requests

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_TRY_LATER = {408, 425, 429, 500, 502, 503, 504}


def worth_retrying(error):
    """Can the same request succeed a little later?

    Parameters
    ----------
    error : requests.RequestException
    """
    if isinstance(error, requests.HTTPError):
        return error.response.status_code in _TRY_LATER
    return not isinstance(
        error,
        requests.exceptions.ProxyError
        | requests.exceptions.SSLError
        | requests.exceptions.InvalidURL
        | requests.exceptions.MissingSchema
        | requests.exceptions.InvalidSchema
        | requests.TooManyRedirects,
    )


def explain_failure(name, where, error):
    """One line that says what failed, why, and what to do.

    Parameters
    ----------
    name : str
        The data set.
    where : str or Path
        Address or folder.
    error : Exception

    Returns
    -------
    str
    """
    if isinstance(error, requests.RequestException):
        return f"{where}: {_network_reason(error)}"
    if isinstance(error, FileNotFoundError) and error.filename is not None:
        return f"{where}: expected a file, found none."
    if isinstance(error, OSError):
        return f"{name}: {_disk_reason(where, error)}"
    return (
        f"{where}: the file that came has not the known checksum, so it was thrown away and any "
        "old file kept. A login page of the network, or a changed file: open the address in a "
        "browser to see, or use another --mirror."
    )


def _network_reason(error):
    if isinstance(error, requests.HTTPError):
        response = error.response
        return f"the server answered {response.status_code} {response.reason}."
    if isinstance(error, requests.exceptions.ProxyError):
        proxies = ", ".join(f"{key}={value}" for key, value in sorted(getproxies().items()))
        return f"the proxy did not answer ({proxies}). Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY."
    if isinstance(error, requests.exceptions.SSLError):
        return f"the secure connection failed ({error}). Check date and certificates."
    if isinstance(error, requests.Timeout):
        return "no answer in time. Run the same command again: it goes on where it stopped."
    if isinstance(error, requests.ConnectionError) and not _was_cut(error):
        return "no connection: is this machine offline, or is a proxy needed (HTTPS_PROXY)?"
    return f"{error}. Run the same command again: it goes on where it stopped."


def _was_cut(error):
    return "Connection broken" in str(error) or "Read timed out" in str(error)


def _disk_reason(where, error):
    if error.errno in _FULL:
        return (
            f"the disk of {where} is full ({os.strerror(error.errno)}). Free some space and run "
            "the same command again: it goes on where it stopped. Or name another --dest."
        )
    return f"cannot write below {where} ({error.strerror or error}). Name another folder by --dest."
