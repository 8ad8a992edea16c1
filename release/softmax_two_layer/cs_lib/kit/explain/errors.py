"""Exceptions that students meet, and what they usually come from."""

from __future__ import annotations

import re

# Types of the exception, a pattern in its text, and below it what to look at.
_TABLE = r"""
ValueError: shapes .* not aligned|matmul
    Print the shapes of both factors. Is one of them to be transposed?
ValueError|IndexError: (broadcast|out of bounds)[\s\S]*\[\[.*,.*\]\]
    A list of lists is one index, not two. Write x[rows, columns], without the inner brackets.
ValueError: could not broadcast .*,0,0\)
    A slice [pad:-pad] is empty where pad is 0. Write [pad : pad + H].
ValueError: could not be broadcast
    Print the shapes of both operands. Is keepdims=True missing in a sum?
ValueError: cannot reshape
    The number of entries must stay the same. Which dimensions are to be joined?
ValueError: truth value of an array
    An `if` wants one truth value. Use np.where, or .any() or .all().
ValueError: read-only
    The input is changed in place. Work on a copy of it.
ValueError: (not enough|too many) values to unpack[\s\S]*= .*\.shape
    The array has another number of axes than there are names left of the =. Print its shape.
ValueError: (not enough|too many) values to unpack
    Count what the function returns, and what stands left of the =.
ValueError: setting an array element with a sequence|inhomogeneous
    The rows of the list have different lengths.
TypeError|AttributeError: 'NoneType'
    Something is None: a function without a return, or a value never set.
TypeError: (only integer|bytes-like)[\s\S]*\.data\[
    The .data of an array is no array. Write to the array itself.
TypeError|NotImplementedError|AttributeError: memoryview|sub-views|attribute 'data' of
    The .data of an array is no array. Write to the array itself.
TypeError: not callable
    Is a variable named like the function, or an operator between two brackets missing?
TypeError: list indices must be integers|only integer scalar arrays
    A list cannot be indexed by an array. Turn it into one with np.array first.
TypeError: only .*integer.* arrays|interpreted as an integer|expected a sequence of integers
    A number used as an index or size is a float. Use // instead of /.
TypeError: takes no arguments
    Is __init__ spelled so, with two underscores on either side?
TypeError: does not support item assignment
    A number or a tuple came where an array was counted on. Use np.where, or np.array first.
TypeError: 'newshape'
    NumPy 2 has no newshape=. Write the shape without a name: np.reshape(x, (2, 3)).
TypeError: unexpected keyword|positional argument
    Compare the call with the def line of the function.
TypeError: can't multiply sequence|unsupported operand .*'list'
    A list is used where an array is wanted.
UFuncTypeError|_UFuncOutputCastingError: Cannot cast
    A float result is added in place to an integer array. Make the array of floats.
IndexError: out of bounds[\s\S]*, in (?!a loop)[^\n]*: `\w+\[(: ?, ?)?[a-z]\w*( ?- ?1)?\] ?-= ?1
    An array as the only index takes whole rows, as p[y]. One entry of each: p[np.arange(N), y].
IndexError: out of bounds[\s\S]*, in a loop[^\n]*//[^\n]*%
    A place k in a window is its row k // width and column k % width. np.unravel_index gives both.
IndexError: (out of bounds|out of range)[\s\S]*, in a loop[^\n]*$
    Print the index. Does a loop run one too far, or over the wrong axis, or is a part of it wrong?
IndexError: out of bounds|out of range
    Print the index, and the shape of what it counts in. Places count from 0.
IndexError: only integers, slices
    An index is a float or a list. Use // for sizes, and integer arrays for indexing.
IndexError: too many indices
    The array has fewer axes than the index. Print its shape.
IndexError: boolean index did not match
    The mask has another shape than the array.
KeyError:
    There is no such key. Print the dict's keys, and compare the spelling.
NameError: '(xrange|raw_input|unicode|reduce)'
    This is Python 2. Use range, input, str, functools.reduce.
NameError: 'np'
    The line `import numpy as np` is missing at the top of the file.
NameError: '(numpy|scipy|math|random|copy|itertools|functools|collections|os|sys|time|re|warnings)'
    The line that imports this module is missing at the top of the file.
NameError:
    Is it spelled as where it is defined, and defined in this file or imported?
UnboundLocalError:
    On some way through the function the variable is never set. Look at the if and for above.
AttributeError: module 'numpy.lib' has no attribute
    NumPy 2 has np.pad in the place of np.lib.pad.
AttributeError: module 'numpy' has no attribute|was removed in the NumPy
    NumPy 2 has dropped some old names. Use np.inf, np.nan, float, int, bool, np.prod.
AttributeError:
    Is the name spelled as where it is set, and set before it is used (in __init__)?
SyntaxError: save it (as|anew)
    In most editors: Save as, Encoding.
SyntaxError: `(<<<<<<<|=======|>>>>>>>)
    A merge by git has left its marks here. Keep one of the two versions, and take the marks out.
SyntaxError: `[%!]
    Commands of a notebook (%…, !…) do not belong into a .py file. Take the line out.
SyntaxError: from __future__
    The lines `from __future__` are for Python 2 and can go.
SyntaxError: Missing parentheses in call to 'print'
    This is Python 2. Write print(...).
TabError|IndentationError:
    Indent with four spaces throughout.
SyntaxError:
    Look at this line and the one above it: brackets, colons, quotes.
ModuleNotFoundError: '(past|future|builtins|six)\b
    This line is for Python 2 and can go: range, input and str are there without it.
ModuleNotFoundError|ImportError: 'cs_lib
    This file or name of cs_lib is not there. Of your own files only the hand-out's are taken.
ModuleNotFoundError|ImportError:
    No such package is in requirements.txt. Of your own files only the hand-out's are taken.
BdbQuit:
    A breakpoint is left in. Take out pdb.set_trace() or breakpoint().
RecursionError:
    The function calls itself without an end.
ZeroDivisionError:
    Which number is 0 here, and may it be?
AssertionError:
    An assert of your own does not hold for other inputs than those of the notebook.
EOFError|StdinNotImplementedError:
    The code waits for input. Take out input(), pdb.set_trace() or breakpoint().
"""
ONLY_THESE = "Of your own files only the hand-out's are taken."
"""What a hint ends with where somebody who knows the assignment can name them."""
STUB = r"[\w-]+: implement ([\w.-]+)"
"""What a stub of a release raises: assignment and function."""
_HINTS = re.findall(r"^([\w|]+):(.*)\n    (.*)$", _TABLE, re.MULTILINE)


def still_to_do(message: str) -> str:
    """Return how a stub reads wherever it is met, for a student who has not come to it yet.

    Parameters
    ----------
    message : str
        Of its NotImplementedError, as ``layers_convnet: implement affine_forward``.
    """
    stub = re.fullmatch(STUB, message.strip())
    what = stub[1] if stub else message.strip().rstrip(".")
    return f"still to do: {what or 'what raises NotImplementedError'}."


def is_still_to_do(exception: str, message: str) -> bool:
    """Whether an exception says that something is not written yet: a memoryview raises it, too.

    Parameters
    ----------
    exception : str
        Name of its type.
    message : str
        Its text.
    """
    return exception == "NotImplementedError" and not re.search("memoryview|sub-views", message)


def explain_error(exception: str, message: str) -> str:
    """Return what an exception usually comes from, empty where nothing is known.

    Parameters
    ----------
    exception : str
        Name of its type.
    message : str
        Its text.
    """
    for kinds, pattern, hint in _HINTS:
        if exception in kinds.split("|") and re.search(pattern.strip(), message):
            return str(hint)
    return ""
