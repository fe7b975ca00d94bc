"""``python -m course_utils.checks FOLDER``: pack the programs of an assignment (see `sealing`)."""

from course_utils.checks.sealing import main

main()
