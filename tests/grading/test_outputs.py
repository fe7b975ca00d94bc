"""Whatever a learner's process sends, its outputs are well-formed and start nothing."""

import nbformat
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading.outputs import KINDS, clean

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OUTPUT = st.fixed_dictionaries(
    {
        "output_type": st.sampled_from(
            ["stream", "error", "display_data", "execute_result", "clear"]
        )
    },
    optional={
        "text": ANY,
        "name": ANY,
        "data": st.dictionaries(st.sampled_from([*KINDS, "application/javascript"]), ANY) | ANY,
        "metadata": st.dictionaries(st.sampled_from(KINDS), ANY) | ANY,
        "traceback": ANY,
        "ename": ANY,
        "id": ANY,
        "update": st.booleans(),
        "wait": ANY,
    },
)


@given(st.lists(OUTPUT | st.dictionaries(st.text(), ANY), max_size=6))
def test_any_data_at_all_gives_valid_outputs_without_programs(outputs):
    cell = nbformat.v4.new_code_cell("", id="a")
    cell.outputs = [nbformat.from_dict(output) for output in clean(outputs, 3)]
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    for output in cell.outputs:
        assert set(output.get("data", {})) <= set(KINDS)


def test_text_is_joined_displays_are_updated_and_cleared_as_in_jupyter():
    shown = {"output_type": "display_data", "data": {"text/plain": "1 %"}, "id": "bar"}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "gone"},
        {"output_type": "clear", "wait": True},
        {"output_type": "stream", "name": "stdout", "text": "a"},
        {"output_type": "stream", "name": "stdout", "text": "b"},
        shown,
        shown | {"data": {"text/plain": "100 %"}, "update": True},
    ]
    text, bar = clean(outputs, 1)
    assert text["text"] == "ab"
    assert bar["data"] == {"text/plain": "100 %"}


def test_a_size_that_is_no_number_of_the_machines_is_left_out():
    sizes = {"width": 10**400, "height": 20}
    output = {
        "output_type": "display_data",
        "data": {"image/png": "AAAA"},
        "metadata": {"image/png": sizes},
    }
    (made,) = clean([output], 1)
    assert made["metadata"] == {"image/png": {"height": 20}}
