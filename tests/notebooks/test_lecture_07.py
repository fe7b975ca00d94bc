"""What is true of lecture 7, *Fine-tuning*, alone."""

import re

from running import PROJECT_ROOT, executed, in_each_world, text_of

LECTURE = PROJECT_ROOT / "notebooks" / "07_fine_tuning.ipynb"


def said_by(run, cell_id: str) -> str:
    return "\n".join(text_of(output) for output in run.outputs_of(cell_id))


@executed
@in_each_world
def test_fine_tuning_wins_where_the_features_have_lost_the_answer_and_hardly_elsewhere(
    run_of, world
):
    found = re.findall(
        r"(\w+): (\d\.\d+) → (\d\.\d+)", said_by(run_of(LECTURE, world), "puzzle-said")
    )
    gains = {task: float(after) - float(before) for task, before, after in found}
    assert set(gains) == {"animals", "rings"}
    assert gains["rings"] > max(0.15, gains["animals"] + 0.1)


@executed
@in_each_world
def test_a_middle_layer_and_logistic_regression_beat_fine_tuning_on_the_rings(run_of, world):
    said = said_by(run_of(LECTURE, world), "ladder-middle")
    last, middle, tuned = map(float, re.findall(r"0\.\d\d", said))
    assert middle > tuned > last


@executed
@in_each_world
def test_a_resumed_run_has_the_bits_of_one_that_went_through(run_of, world):
    run = run_of(LECTURE, world)
    assert "True" in said_by(run, "resume-code")
    assert "seed (7 there, 8 here)" in said_by(run, "resume-refused")


@executed
@in_each_world
def test_the_loop_that_the_lecture_shows_is_the_librarys_and_fits_on_a_screen(run_of, world):
    (shown,) = run_of(LECTURE, world).outputs_of("loop-shown")
    code = shown.data["text/plain"]
    assert "computing.scaler.step(optimizer)" in code and "Parameters" not in code
    assert len(code.splitlines()) <= 40


@executed
@in_each_world
def test_the_rare_class_is_missed_by_accuracy_and_seen_by_recall(run_of, world):
    (table,) = run_of(LECTURE, world).outputs_of("unequal-table")
    rows = {
        name: [float(number) for number in numbers.split()]
        for name, numbers in re.findall(
            r"^([^\d\n]+?) {2,}([\d. ]+)$", table.data["text/plain"], flags=re.MULTILINE
        )
    }
    never, plain = rows["never says cat"], rows["logistic regression"]
    assert never == [0.89, 0.5, 0.0, 0.0]
    accuracy, _, _, recall = plain
    assert accuracy > 0.9 > 0.7 > recall
    assert rows["the same, class weights"][3] > recall
    assert rows["the same, cat from a tenth on"][3] > 0.8


@executed
@in_each_world
def test_a_stop_in_the_middle_is_a_real_one(run_of, world):
    said = said_by(run_of(LECTURE, world), "resume-code")
    assert "interrupted in epoch" in said
    assert re.search(r"Stopped after [1-5] of 6 epochs", said)
