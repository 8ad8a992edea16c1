"""What is known beforehand of Python's, NumPy's and matplotlib's names."""

import builtins
import re

LIBRARY = "cs_lib"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


BEYOND_NAMES = _set(
    "exec eval compile globals locals vars __import__ __builtins__ get_ipython In Out "
    "breakpoint _ih _oh _dh quit exit"
)
"""With these, names can come and go that no text shows."""
HISTORY = re.compile(r"_i{1,3}|_i?\d+|_{2,3}")
"""What IPython keeps of former cells."""
BEYOND_ATTRIBUTES = _set(
    "__dict__ __globals__ __code__ __closure__ f_globals f_locals f_back tb_frame gi_frame "
    "user_ns __subclasses__ __builtins__ _getframe"
)
BEYOND_MODULES = _set(
    "__main__ asyncio atexit builtins ctypes gc importlib inspect multiprocessing runpy signal "
    "threading concurrent joblib dask weakref"
)

AT_HAND = _set("numpy matplotlib scipy sklearn h5py tqdm IPython ipywidgets")
"""Packages of the kit's own requirements: their import does not fail."""
_QUIET = ("matplotlib.", "IPython.display.", "seaborn.", "numpy.", "cs_lib.")

CHANGES_FIRST = _set(
    "next setattr delattr copyto fill_diagonal put place putmask put_along_axis shuffle "
    "heappush heappop heapify insort"
)
"""Functions that change their first argument in place."""
SHARING_FUNCTIONS = _set(
    "reshape asarray asanyarray ravel transpose squeeze expand_dims broadcast_to atleast_1d "
    "atleast_2d atleast_3d moveaxis swapaxes rollaxis split array_split hsplit vsplit dsplit "
    "diag diagonal real imag ascontiguousarray asfortranarray flip fliplr flipud rot90 nditer "
    "ndenumerate broadcast_arrays sliding_window_view as_strided nan_to_num partial chain cycle "
    "islice starmap tee repeat product zip_longest reduce deque defaultdict OrderedDict Counter"
)
"""Functions of libraries whose result may share memory with what they are given."""
SHARING_BUILTINS = _set(
    "list tuple dict set frozenset sorted zip enumerate iter next reversed map filter max min "
    "getattr memoryview super type"
)
BUILTINS = frozenset(dir(builtins))

FRESH_ATTRIBUTES = _set("shape ndim size dtype itemsize nbytes __name__ __doc__")
FRESH_METHODS = _set(
    "copy sum mean std var min max argmin argmax argsort prod cumsum cumprod dot round astype "
    "clip all any tolist item nonzero count index format join replace strip lstrip rstrip upper "
    "lower startswith endswith title encode decode find keys isdigit normal uniform integers "
    "random standard_normal permutation choice binomial poisson exponential permuted "
    "multivariate_normal standard_gamma gamma beta"
)
"""Methods whose result shares nothing with anything."""
PURE_METHODS = _set(
    "copy sum mean std var min max argmin argmax argsort prod cumsum cumprod dot round astype "
    "clip all any tolist item nonzero count index format join replace strip lstrip rstrip upper "
    "lower startswith endswith title encode decode find keys isdigit values items get reshape "
    "ravel flatten transpose squeeze swapaxes view diagonal split splitlines read"
)
"""Methods of Python's and NumPy's types that change nothing, unless a class has its own."""

ARRAY_METHODS = _set(
    "sum mean std var argmin argmax argsort prod cumsum cumprod dot astype clip nonzero reshape "
    "ravel flatten transpose squeeze swapaxes normal uniform integers random standard_normal "
    "permutation choice binomial"
)
"""Methods that give arrays or numbers, unless a class has its own."""
CONTAINER_METHODS = _set(
    "append extend insert update add pop popitem remove discard clear sort reverse setdefault fill "
    "appendleft popleft extendleft write"
)
"""Methods of Python's own containers: they change the container, not what is in it."""
DRAWING_METHODS = _set(
    "plot scatter bar barh hist imshow matshow errorbar boxplot stem contour contourf pcolormesh "
    "quiver fill_between loglog semilogx semilogy axhline axvline annotate text legend colorbar "
    "suptitle grid axis tick_params set set_title set_xlabel set_ylabel set_xlim set_ylim "
    "set_xscale set_yscale set_xticks set_yticks set_xticklabels set_yticklabels set_params"
)
"""Methods of matplotlib's figures and axes, which change nothing of what they are given."""
ITERATORS = _set("iter zip map filter enumerate reversed open chain cycle islice starmap tee")
"""What they return can be gone through once."""

WRITES_FILES = _set(
    "open save savez savez_compressed savetxt dump write write_text write_bytes to_csv savefig "
    "imsave mkdir makedirs remove unlink rename tofile savemat File"
)
READS_FILES = _set(
    "open load loads loadtxt genfromtxt fromfile read_text read_bytes read_csv imread loadmat "
    "listdir glob exists File"
)


def is_global_random(origin: str) -> bool:
    """Whether a function draws from, or seeds, a generator that all code shares."""
    parts = origin.split(".")
    if parts[0] == "random" and len(parts) == 2:
        return parts[1] not in ("Random", "SystemRandom")
    if parts[:2] == ["numpy", "random"] and len(parts) == 3:
        return parts[2] not in ("default_rng", "Generator", "RandomState", "SeedSequence", "PCG64")
    return False


def is_class(name: str) -> bool:
    """Whether a name of a library looks like a class: its objects may keep what they get."""
    return name[:1].isupper()


def is_quiet(origin: str) -> bool:
    """Whether a call as a statement changes nothing, or what its arguments or its text tell."""
    name = origin.rpartition(".")[2]
    return origin.startswith(_QUIET) and not (origin.startswith("numpy.") and name[:3] == "set")
