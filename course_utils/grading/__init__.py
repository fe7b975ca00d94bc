"""Grading a class: learners' code in a sandbox, the verdict outside of it.

``python -m course_utils.grading ASSIGNMENT`` grades everybody. `nbgrader autograde` and Formgrader
take the same way through ``nbgrader_config.py``, which names `steps.SandboxedExporter`.

Processes, and whom they trust
------------------------------
::

    nbgrader, or run and desk  gradebook, source, exchange        trusted
      └ worker (a core each)   submissions.grade: test cells,     trusted
      │                        hidden tests, expected values
      └─── bubblewrap          read-only system, no network
             └ zygote          has imported the libraries         trusted, sees no secret
                 └ supervisor  own namespaces; memory, time       trusted, sees no secret
                     └ shell   runs the learner's cells           NOT trusted
                         └ snapshot (one for each test cell)      NOT trusted

A *shell* is forked for each submission, in user, process, mount, network, IPC and host-name
namespaces of its own, with fresh folders over all that can be written. Where the notebook has a
test cell, the shell forks a *snapshot* of itself. When all cells have run, the shell is killed, and
nothing is recorded any more. Only then do test cells run, in the worker, each with stand-ins for
the learner's names that ask its snapshot. So what a test passes in cannot show up in an output, and
what one test does to the learner's objects no other finds.

What crosses
------------
Messages of `wire`, in the codec of `codec`: plain data only. To the shell: cells, files, "fork
now". From it: outputs, which `outputs` makes well-formed. To a snapshot: the questions of
`course_utils.checks.LearnersFunction`, with arguments. From it: answers. No expected value, no test
and no message is ever sent there. Whatever comes back is only ever compared.

Files
-----
A submission's folder, and the exchange that it comes from, are the learner's too: `collecting` and
`handed_in` take regular files of modest number and size, and set the rest aside.

Results
-------
Each is plain data; `submissions` states the contract. ``results/ASSIGNMENT/report.json`` has the
row of everybody: the result without its notebook, and ``who``.
"""
