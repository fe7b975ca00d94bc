# What zsh reads first in JupyterLab's terminals. It reads its owner's files from where they are, and
# before the first prompt puts the course's environment in front.
if [[ -n $COURSE_ZDOTDIR ]]; then export ZDOTDIR=$COURSE_ZDOTDIR; else unset ZDOTDIR; fi
unset COURSE_ZDOTDIR
if [[ -f ${ZDOTDIR:-$HOME}/.zshenv ]]; then source ${ZDOTDIR:-$HOME}/.zshenv; fi

_course_environment() {
    source $COURSE_TERMINAL/environment.sh
    unset COURSE_LOGIN COURSE_TERMINAL
    precmd_functions=(${precmd_functions:#_course_environment})
    unfunction _course_environment
}
precmd_functions=(_course_environment $precmd_functions)
