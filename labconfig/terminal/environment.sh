# Put the course's environment first. Read by JupyterLab's terminals after everything else, since
# profiles set PATH anew, and pyenv and conda put their own Python in front.
PATH="$COURSE_BIN:$PATH"
export PATH
if [ -n "$COURSE_VENV" ]; then
    VIRTUAL_ENV="$COURSE_VENV"
    export VIRTUAL_ENV
fi
unset COURSE_BIN COURSE_VENV PYTHONHOME
unalias python python3 pip nbgrader jupyter 2>/dev/null || :
hash -r
