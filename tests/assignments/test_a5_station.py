"""What assignment 5 is played with: the small networks, the disk whose power fails, the folder."""

import numpy as np
import pytest
from harness import reference_names

# isort: split
# The harness lets what stands beside a notebook be imported.
import a5_checks
import a5_network
import a5_station

ROWS = np.arange(12.0).reshape(4, 3)


def test_a_table_that_was_written_is_read_back(tmp_path):
    a5_station.write_rows(tmp_path / "new", "table", ROWS)
    assert np.array_equal(a5_station.read_rows(tmp_path / "new", "table"), ROWS)
    assert not (tmp_path / "new-after-the-cut").exists()


@pytest.mark.parametrize("power", range(len(ROWS)))
def test_after_a_power_cut_the_rows_that_were_written_are_there_and_nothing_says_so(
    tmp_path, power
):
    with pytest.raises(a5_station.PowerCut, match=f"after {power} of 4 rows"):
        a5_station.write_rows(tmp_path / "disk", "table", ROWS, power)
    left = a5_station.read_rows(tmp_path / "disk-after-the-cut", "table")
    assert np.array_equal(left, ROWS[:power])


def test_what_is_done_after_a_power_cut_does_not_change_what_it_left(tmp_path):
    a5_station.write_rows(tmp_path / "disk", "older", ROWS[:1])
    with pytest.raises(a5_station.PowerCut):
        a5_station.write_rows(tmp_path / "disk", "table", ROWS, 2)
    for name in ("older", "table"):
        (tmp_path / "disk" / name).unlink()
    left = {path.name for path in (tmp_path / "disk-after-the-cut").iterdir()}
    assert left == {"older", "table"}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("scores", [True, False])
def test_the_checks_know_by_numpy_what_a_small_network_gives(training, scores):
    import torch

    files = a5_checks.some_files(4, 5)
    network, prepare = a5_network.load_network("small-3")
    network.train(training)
    if not scores:
        network.classifier = torch.nn.Identity()
    with torch.inference_mode():
        given = network(torch.stack([prepare(picture) for picture in files.values()]))
    known = a5_checks.through(files.values(), "small-3", training=training, scores=scores)
    assert np.allclose(given.numpy(), known, atol=1e-5)


def test_a_small_network_comes_in_training_mode_and_has_no_room_for_gradients():
    import torch

    network, _ = a5_network.load_network("small-1")
    assert network.training
    network(torch.zeros(2, 3, 4, 5))
    with pytest.raises(MemoryError, match="in case somebody asks for gradients"):
        network(torch.zeros(3, 3, 4, 5))
    with torch.no_grad():
        network(torch.zeros(6, 3, 4, 5))
        with pytest.raises(MemoryError, match="a batch of 7 pictures"):
            network(torch.zeros(7, 3, 4, 5))


@pytest.mark.parametrize("name", ["efficientnet", "small", "small-one", "large-1", ""])
def test_a_network_that_there_is_not_is_named_with_those_that_there_are(name):
    with pytest.raises(ValueError, match="small-1, small-2"):
        a5_network.load_network(name)


@pytest.mark.notebook
def test_two_cameras_count_for_themselves_and_copies_belong_to_one_animal():
    station = a5_station.open_folder()
    assert len(set(station.names)) == len(station.names) == 42
    assert len({name.split("/")[1] for name in station.names}) == 21
    assert len(set(station.contents)) == 24
    homes = set(zip(station.contents, station.gone.tolist(), strict=True))
    assert len(homes) == 24
    assert sum(home == "gone" for _, home in homes) == 12


@pytest.mark.slow
@pytest.mark.notebook
def test_the_missing_animal_is_found_and_a_hat_can_be_learned_only_by_its_copies():
    names = reference_names("a5_features")
    station = a5_station.open_folder()
    missing = station.names[4]
    photo = a5_station.seen_by_its_owner(station.pictures[missing])
    pictures = {**station.pictures, "photo": photo}
    rows = names["features_in_batches"](
        [*station.names, "photo"], pictures, "efficientnet_lite0", 12
    )
    numbers = np.array(names["picture_numbers"](station.contents))
    for metric in ("cosine", "euclidean"):
        found = names["most_alike"](rows, 42, 3, metric)
        assert (numbers[found[:2]] == numbers[4]).all()
        assert numbers[found[2]] != numbers[4]

    right = []
    for split in (np.arange(42), numbers):
        chances = names["chances_of_new"](rows[:42], station.gone, split, 3)
        said = np.unique(station.gone)[chances.argmax(axis=1)]
        right.append(np.mean(said == station.gone[split % 3 == 0]))
    assert right[0] > 0.8
    assert right[1] < 0.5
