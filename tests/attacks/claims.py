"""Attacks by answers that are well-formed and false: names, paths, numbers, places."""

from tests.attacks.attack import Attack

FORGE = """
import sys
_wire = sys.modules["autograder.wire"]
_loop = sys.modules["autograder.worker.loop"]
_Server = next(v for v in vars(_loop).values() if isinstance(v, type) and hasattr(v, "do_call"))

def claim(root, *names, kind="attr", type_name="function", can_call=True):
    return _wire.Remote(root, tuple((kind, name) for name in names), type_name, can_call)
"""
BREACH = "did not answer as it should"

ANSWER_FOR = """
_honest, _asked = _Server.do_call, []
def do_call(self, remote, args, kwargs):
    if remote.path == (("attr", "{name}"),):
        _asked.append(self)
        return ({functions}, ())
    if _asked and remote.path[-1:] != (("attr", "codec"),):
        return ({answer}, ())
    return _honest(self, remote, args, kwargs)
_Server.do_call = do_call
"""
"""Answers the calls of a function that it has given the grader."""

NAMES = {
    "a function that ends the grader": 'claim("module:cs_lib.layers", "np", "sys", "exit")',
    "a function that kills the grader": (
        'claim("module:cs_lib.layers", "np", "ctypeslib", "os", "abort")'
    ),
    "a shell": 'claim("module:cs_lib.layers", "np", "ctypeslib", "os", "system")',
    "the reference's own function": 'claim("module:cs_lib.layers", "mystery")',
    "a module of the reference": 'claim("module:cs_lib.layers", can_call=False)',
    "a package of the reference": 'claim("module:cs_lib", "layers", "mystery")',
    "a module of the checks": 'claim("module:checks_of_tiny", "mystery")',
    "a module of Python": 'claim("module:os", "system")',
    "the notebook": 'claim("notebook", can_call=False)',
    "a name in the notebook": 'claim("notebook", "triple")',
    "an attribute of a handle": 'claim("object:1", "__class__")',
    "an item of a handle": 'claim("object:1", 0, kind="item")',
    "a handle without a number": 'claim("object:0")',
    "a handle of two spellings": 'claim("object:007")',
    "a generator of random numbers": "_wire.RandomGenerator(1)",
}
"""What only a request may name, as an answer."""

PLACES = {
    "in a tuple": "(2.0 * np.asarray(x), {})",
    "in a list": "[2.0 * np.asarray(x), {}]",
    "in a dict": '{{"y": {}}}',
    "as a key": "{{{}: 1.0}}",
    "in a slice": "slice(0, {}, None)",
    "deep inside": '[({{"y": [{}]}},)]',
}
SHELL = NAMES["a shell"]

NUMBERS = {
    "a number that goes down": '[claim("object:900"), claim("object:899")]',
    "a number beside an honest one": '[lambda: 0, claim("object:1", "by")]',
}

CHANGED = {
    "a place before the first": "(-1,)",
    "a place far before the first": "(-1000,)",
    "a place after the last": "(99,)",
    "a place without end": "(10**30,)",
    "a place by a name": '("x",)',
    "a place by a path": '("__globals__",)',
    "a place that is no number": "(0.0,)",
    "a place that is true": "(False,)",
    "one place twice": "(0, 0)",
    "a place that is a place": "((0,),)",
    "a place that is a name of the reference": '(claim("module:cs_lib.layers", "mystery"),)',
    "places in a list": "[0]",
}
"""What is said to have been changed in place."""


def answers(name: str, value: str) -> Attack:
    """Return an attack whose `double` answers with what no worker has to give."""
    module = f"{FORGE}\ndef double(x):\n    return {value}\n"
    return Attack(25, f"answer {name}", f"returns {value}", module, loses=("double",), says=BREACH)


def builds(name: str, value: str) -> Attack:
    """Return an attack whose class gives a name in the place of an object."""
    module = f"{FORGE}\ndef Shift(by):\n    return {value}\n"
    return Attack(25, f"be {name}", f"{value} as an object", module, loses=("shift",), says=BREACH)


def calls(name: str, value: str) -> Attack:
    """Return an attack that gives a name in the place of a function, and answers for it."""
    module = FORGE + ANSWER_FOR.format(name="adder", functions=value, answer="np.zeros(5)")
    tries = f"{value} as a function"
    return Attack(25, f"call {name}", tries, module, loses=("adder",), says=BREACH)


def runs_a_command() -> Attack:
    """Return an attack whose text would go to a shell of the grader's."""
    answer = '"touch @OUT@/@OWNED@" if type(args[0]) is list else [0.0] * 5'
    functions = f"(lambda x: 0, {SHELL})"
    module = FORGE + ANSWER_FOR.format(name="codec", functions=functions, answer=answer)
    tries = "a shell for one of two functions, and a command for the other's result"
    return Attack(25, "run a command outside", tries, module, loses=("codec",), says=BREACH)


def changes(name: str, value: str) -> Attack:
    """Return an attack that answers rightly, and says that it changed what was not given."""
    module = f"""{FORGE}
def double(x):
    if np.shape(x) == (3, 4):  # not in the notebook
        _loop.changed = lambda copies: {value}
    return 2.0 * np.asarray(x, dtype=float)
"""
    return Attack(25, f"change {name}", f"claims {value}", module, loses=("double",), says=BREACH)


ATTACKS = [
    *(answers(name, value) for name, value in NAMES.items()),
    *(answers(f"a shell {place}", form.format(SHELL)) for place, form in PLACES.items()),
    *(answers(name, value) for name, value in NUMBERS.items()),
    *(builds(name, value) for name, value in NAMES.items()),
    *(calls(name, value) for name, value in NAMES.items()),
    calls("a number that was given up", 'claim("object:1")'),
    runs_a_command(),
    *(changes(name, value) for name, value in CHANGED.items()),
]
