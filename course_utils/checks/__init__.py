"""What the test cells of assignments call.

A check that fails raises, with a message that gives the input, what is expected and what came, at
the first place that differs. *Not attempted* and *incorrect* are two different errors: a blank
needs no advice, a wrong answer does. Advice is given when the answer is, in every case of the test,
the one that a known mistake gives.

Answers are compared as plain Python numbers and text, with Python's own operators. So an object
that claims to equal everything does not pass, nor does a notebook that gave NumPy's functions
another meaning.

**How an assignment is put together.** Beside ``aN_name.ipynb`` stand two modules
(``a1_multiclass`` is the example):

``aN_checks.py``
    is released with the notebook. It holds the cases and mistakes that learners may see, as a
    `Checklist`, and its ``check`` and ``show_progress`` under these names.
``aN_hidden.py``
    stays in the source folder (``CourseDirectory.ignore`` in ``nbgrader_config.py``). It extends
    the same list with `Checklist.extended`, and gives its ``check`` the same name.

An exercise that asks for examples before code (`ExamplesTest`) needs two more:
``aN_hidden_programs.py``, which stays too, and ``aN_sealed.py``, which is made of it (`sealing`)
and released.

A test cell is two lines to the learner, and takes nothing but names that the learner defines::

    import a1_checks
    ### BEGIN HIDDEN TESTS
    import a1_hidden as a1_checks
    ### END HIDDEN TESTS
    a1_checks.check("count_one_vs_one", count_one_vs_one)

**What is asked of a learner's function.** Checks never look into it. What they ask of it is
`LearnersFunction`: four questions, with plain data in and out. A function of this process is
wrapped in one that answers them; an object that is a `LearnersFunction` itself answers for a
function elsewhere, so that test cells can run in another process than the learner's code.
"""

import sys as _sys
import types as _types

from course_utils.checks.calling import Called, Failure, LearnersFunction
from course_utils.checks.checklist import Checklist, FunctionTest, Test
from course_utils.checks.errors import (
    CheckError,
    IncorrectError,
    NotAttemptedError,
    PartlyRightError,
)
from course_utils.checks.examples import ExamplesTest
from course_utils.checks.functions import Case, check_function
from course_utils.checks.sealing import Sealed
from course_utils.checks.tables import check_table
from course_utils.checks.values import check_array, check_labels, check_number

__all__ = [
    "Called",
    "Case",
    "CheckError",
    "Checklist",
    "ExamplesTest",
    "Failure",
    "FunctionTest",
    "IncorrectError",
    "LearnersFunction",
    "NotAttemptedError",
    "PartlyRightError",
    "Sealed",
    "Test",
    "check_array",
    "check_function",
    "check_labels",
    "check_number",
    "check_table",
]


class _ReadOnlyModule(_types.ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # `checks.check_number = lambda *_: None` in a notebook would make every answer right.
        # Names with underscores are Python's own: importing sets them.
        if not name.startswith("__"):
            raise AttributeError(f"course_utils.checks.{name} cannot be replaced")
        super().__setattr__(name, value)


_sys.modules[__name__].__class__ = _ReadOnlyModule
