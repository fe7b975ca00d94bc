# Everything that the course needs, a word each. `make` alone says what each one does.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
# Relative, because make takes a target with a space in its path for two.
BIN := $(VENV)/bin
# nbgrader calls alembic by name, and notebooks call their tools: ours come first.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# jupyter_lab_config.py and nbgrader_config.py count from wherever Jupyter and nbgrader are started.
export JUPYTER_CONFIG_PATH := $(CURDIR)$(if $(JUPYTER_CONFIG_PATH),:$(JUPYTER_CONFIG_PATH))
export COURSE_DATA ?= $(CURDIR)/data

# Yours to set:  make lab LAB_FLAGS="--no-browser --port=9000"
PYTHON ?=
LAB_FLAGS ?=
TEST_FLAGS ?=
assignment ?= a1_multiclass
# Another course folder than notebooks/assignments:  make report course=demo_class
course ?=
export COURSE_FOLDER := $(if $(course),$(abspath $(course)),$(COURSE_FOLDER))

PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt
INSTALL_LOG := $(VENV)/install.log

.PHONY: help
help: ## say what each target does
	@echo "From Pixels to Deep Features. Two commands do all the set-up: make lab, make test."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 21

# --- the environment -----------------------------------------------------------------------------

$(BIN)/python:
	@chosen=; for candidate in $(PYTHON) python3 python python3.13 python3.12 python3.11; do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        chosen=$$candidate; break; fi; done; \
	if [ -z "$$chosen" ]; then \
	    echo "The course needs Python 3.11 or newer, and none was found."; \
	    echo "Install one, or name it: make lab PYTHON=/path/to/python3"; exit 1; fi; \
	echo "Making $(VENV) with $$($$chosen --version)"; \
	"$$chosen" -m venv $(VENV) || { \
	    rm -rf $(VENV); \
	    echo "Python could not make a virtual environment (on Debian and Ubuntu: install python3-venv)."; \
	    exit 1; }

# pip's hundreds of lines go to the log; on a terminal the latest is shown, all in one line.
SHOW_LATEST = if [ -t 1 ]; then n=0; while IFS= read -r said; do case $$said in \
    Collecting*|*Downloading*) n=$$((n + 1)); printf '\r\033[K  %d: %.60s' $$n "$${said\#  }";; \
    Installing*) printf '\r\033[K  Putting the packages in place: a minute or two ...';; \
    esac; done; printf '\r\033[K'; else cat > /dev/null; fi

# What the log says of the reason, so that nobody without room on the disk is sent to their network.
define WHY_NOT
echo; tail -n 30 $(INSTALL_LOG); echo; \
echo "The packages could not be installed: the last lines of $(INSTALL_LOG) are above."; \
if grep -qiE 'no space left|disk quota' $(INSTALL_LOG); then \
    echo "The disk is full: make room (some 4 GB), then give the same command again."; \
elif grep -qiE 'connection|timed out|no matching distribution|name resolution|proxy|ssl' $(INSTALL_LOG); then \
    echo "This first time needs a network: connect, then give the same command again; what was"; \
    echo "already downloaded is kept."; \
else \
    echo "Give the same command again; if it stays so, send the log to who looks after the course."; \
fi
endef

$(VENV)/.ready-%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the packages that the course was tested with (minutes, once) ..."
	@# A pipe hands on the status of its end, not pip's, which therefore goes by way of a file.
	@rm -f $@.failed; { $(PIP_INSTALL) -e "$(if $(filter lab,$*),.,.[$(subst -,$(comma),$*)])" 2>&1 \
	    || touch $@.failed; } | tee $(INSTALL_LOG) | { $(SHOW_LATEST); }
	@if [ -e $@.failed ]; then rm $@.failed; $(WHY_NOT); exit 1; fi
	@touch $@

comma := ,

.PHONY: env
env: $(VENV)/.ready-lab ## make .venv and install the packages that lectures need

# --- learning ------------------------------------------------------------------------------------

.PHONY: data
data: $(VENV)/.ready-lab ## fetch the photographs, or paint the stand-in where there is no network
	@python -m data_scripts prepare

# An assignment is copied for the learner once: nothing ever writes over what is in my_assignments.
# Where the instructor has an exchange of their own, it is theirs to release.
ASSIGNMENTS := $(notdir $(wildcard notebooks/assignments/source/*))
NEW_ASSIGNMENTS = $(filter-out $(notdir $(wildcard my_assignments/*)),$(ASSIGNMENTS))

.PHONY: lab
lab: data ## start the course in JupyterLab
	@$(if $(NEW_ASSIGNMENTS),python -m course_utils.grading.handing_out $(NEW_ASSIGNMENTS))
	@exec jupyter lab $(LAB_FLAGS) notebooks/00_start_here.ipynb

# --- teaching ------------------------------------------------------------------------------------

.PHONY: teach inside-the-project
teach: inside-the-project data ## start JupyterLab with the instructor's tools: Formgrader, Create Assignment
	@JUPYTER_CONFIG_PATH="$(CURDIR)/labconfig/teach:$$JUPYTER_CONFIG_PATH" \
	    exec jupyter lab $(LAB_FLAGS) notebooks/00_start_here.ipynb

# Formgrader says "Error", and no more, of a course folder that JupyterLab does not show.
inside-the-project:
	@case "$$COURSE_FOLDER" in ""|"$(CURDIR)"/*) ;; *) \
	    echo "Formgrader shows no course folder outside of $(CURDIR), and this one is:"; \
	    echo "$$COURSE_FOLDER. Put it inside, then: make teach course=NAME"; exit 1;; esac

# These use stock nbgrader on one assignment:  make release assignment=a1_multiclass
.PHONY: release
release: $(VENV)/.ready-lab ## make an assignment's learner version and release it
	@mkdir -p notebooks/assignments/exchange && chmod 777 notebooks/assignments/exchange
	nbgrader generate_assignment $(assignment) --create --force
	nbgrader release_assignment $(assignment) --force

# Learners' code runs in a sandbox, many submissions at once; a broken one is a line in the table.
.PHONY: grade
grade: $(VENV)/.ready-lab ## collect, autograde, write feedback, export the grades
	nbgrader collect $(assignment) --update
	@python -m course_utils.grading $(assignment)

# Points and comments given by hand since `make grade` are in the gradebook alone: so feedback and
# grades are written anew. Feedback shows the hidden tests: give it out after the deadline.
.PHONY: feedback
feedback: $(VENV)/.ready-lab ## write feedback and grades anew, hand the feedback out to the learners
	nbgrader generate_feedback $(assignment) --force
	nbgrader release_feedback $(assignment)
	nbgrader export

# names=no leaves the learners' names out.
.PHONY: report
report: $(VENV)/.ready-lab ## write a page on how the class did: points, exercises, misconceptions
	@python -m course_utils.grading.report $(assignment) $(if $(filter no,$(names)),--without-names)

format ?= csv
exporter_csv := nbgrader.plugins.CsvExportPlugin
exporter_canvas := course_utils.grading.exports.CanvasExportPlugin
exporter_moodle := course_utils.grading.exports.MoodleExportPlugin
exporter_blackboard := course_utils.grading.exports.BlackboardExportPlugin
grades_folder = $(or $(COURSE_FOLDER),notebooks/assignments)

.PHONY: grades
grades: $(VENV)/.ready-lab ## write grades for format=canvas, moodle or blackboard
	@test -n "$(exporter_$(format))" || { \
	    echo "No system is called $(format). Choose format=canvas, moodle, blackboard or csv."; exit 1; }
	@nbgrader export --exporter=$(exporter_$(format)) --to=$(grades_folder)/grades-$(format).csv
	@echo "$(grades_folder)/grades-$(format).csv"

n ?= 60
seed ?= 0
.PHONY: demo-class
demo-class: $(VENV)/.ready-lab ## make n=60 invented learners in a course folder of their own, to try grading on
	@python tests/assignments/demo_class.py $(or $(course),demo_class) --assignment=$(assignment) -n $(n) --seed $(seed)

.PHONY: book
book: $(VENV)/.ready-test-book data ## build the website into book/_build/html
	@python book/build.py

# --- looking after the course --------------------------------------------------------------------

.PHONY: test
test: lint ## run every test, also the slow ones and those in a browser
	@# Threads that spin while they wait take the cores from the other tests: twice the time.
	OMP_WAIT_POLICY=passive python -m pytest -m "" -n logical --dist loadfile --no-loadscope-reorder $(TEST_FLAGS)

.PHONY: lint
lint: $(VENV)/.ready-test-book ## check formatting, style and types
	ruff format --check .
	ruff check .
	mypy

.PHONY: bench
bench: $(VENV)/.ready-test-bench ## measure speed against other ways, print the tables
	python -m tests.benchmarks

.PHONY: constraints
constraints: $(VENV)/.ready-test-book $(VENV)/.ready-test-bench ## write the installed versions into constraints.txt
	python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > constraints.txt.new
	mv constraints.txt.new constraints.txt

.PHONY: clean
clean: ## delete what the targets made, but no data and no learner's work
	rm -rf $(VENV) .cache book/_build .pytest_cache .mypy_cache .ruff_cache
