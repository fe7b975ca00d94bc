"""The cache: every row is found again, and none that should not be."""

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from course_utils import extract_features, load_array
from course_utils.features.cache import FeatureCache, as_cache, known_files
from course_utils.features.decoding import decode_picture
from course_utils.images.reading import BadImageError
from course_utils.networks.preprocessing import Preprocessing
from tests.features.conftest import make_tiny, paint

PLAIN = {"engine": "torch", "precision": "fp32", "progress": False}


@pytest.fixture
def cache(tmp_path):
    return FeatureCache(tmp_path / "cache")


@pytest.fixture
def files(tmp_path):
    """Give 20 files of a past that the cache may trust."""
    rng = np.random.default_rng(1)
    made = []
    for i in range(20):
        made.append(tmp_path / f"{i:02d}.png")
        paint(rng).save(made[-1])
    return made


def counts(found):
    return found.provenance["computed"], found.provenance["from_cache"]


def forget_the_process():
    known_files._of_resolved.cache_clear()


def test_second_call_computes_nothing_and_gives_the_same_bits(cache, files):
    first = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    second = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    assert (counts(first), counts(second)) == ((20, 0), (0, 20))
    np.testing.assert_array_equal(first.X, second.X)


def test_one_changed_picture_is_one_computed_row(cache, files):
    first = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    paint(np.random.default_rng(9)).save(files[7])
    second = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    assert counts(second) == (1, 19)
    same = (first.X == second.X).all(axis=1)
    assert np.flatnonzero(~same).tolist() == [7]


def test_picture_is_known_by_its_bytes_not_by_its_name(cache, files, tmp_path):
    first = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    moved = [path.rename(tmp_path / f"moved{path.name}") for path in files]
    moved[0], moved[1] = moved[1], moved[0]
    found = extract_features(moved, make_tiny(), cache=cache, **PLAIN)
    assert counts(found) == (0, 20)
    np.testing.assert_array_equal(found.X[[1, 0, *range(2, 20)]], first.X)


def test_unchanged_files_are_not_even_read(cache, files, monkeypatch):
    for path in files:
        os.utime(path, (1e9, 1e9))
    time.sleep(2.1)
    extract_features(files, make_tiny(), cache=cache, **PLAIN)
    forget_the_process()  # as in another process: what counts is on disk
    monkeypatch.setattr(
        "course_utils.features.cache.lookup.digest_picture", lambda _: pytest.fail("was read")
    )
    assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN)) == (0, 20)


def test_file_changed_with_size_and_date_kept_is_noticed(cache, files):
    for path in files:
        path.with_suffix(".bmp").unlink(missing_ok=True)
    bitmaps = []
    for i, path in enumerate(files[:3]):
        bitmaps.append(path.with_suffix(".bmp"))
        paint(np.random.default_rng(i)).save(bitmaps[-1])
        os.utime(bitmaps[-1], (1e9, 1e9))
    time.sleep(2.1)
    first = extract_features(bitmaps, make_tiny(), cache=cache, **PLAIN)
    size = bitmaps[1].stat().st_size
    paint(np.random.default_rng(77)).save(bitmaps[1])
    os.utime(bitmaps[1], (1e9, 1e9))
    assert bitmaps[1].stat().st_size == size
    second = extract_features(bitmaps, make_tiny(), cache=cache, **PLAIN)
    assert counts(second) == (1, 2)
    assert not np.array_equal(first.X[1], second.X[1])


def change_weight(tiny):
    with torch.no_grad():
        tiny.network.mix.bias[0] += 1e-3


def change_transform(tiny):
    old = tiny.transform
    tiny.transform = Preprocessing(old.input_size, old.resize, (0.41, 0.5, 0.6), old.std, "bicubic")


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        (change_weight, {}),
        (change_transform, {}),
        (None, {"layer": "logits"}),
        (None, {"layer": "mix"}),
        (None, {"layer": "mix", "pooled": False}),
        (None, {"precision": "bf16"}),
        (None, {"engine": "openvino"}),
        (None, {"draft": False}),
    ],
)
def test_whatever_changes_the_numbers_makes_another_recipe(cache, files, change, arguments):
    extract_features(files[:3], make_tiny(), cache=cache, **PLAIN)
    tiny = make_tiny()
    if change:
        change(tiny)
    found = extract_features(files[:3], tiny, cache=cache, **{**PLAIN, **arguments})
    assert counts(found) == (3, 0)
    fresh = extract_features(files[:3], tiny, **{**PLAIN, **arguments})
    np.testing.assert_array_equal(found.X, fresh.X)


def test_training_the_network_between_two_calls_is_noticed(cache, files):
    tiny = make_tiny()
    before = extract_features(files[:3], tiny, cache=cache, **PLAIN)
    change_weight(tiny)
    after = extract_features(files[:3], tiny, cache=cache, **PLAIN)
    assert counts(after) == (3, 0)
    assert not np.array_equal(before.X, after.X)


def replace_network(tiny):
    tiny.network = make_tiny(seed=1).network


@pytest.mark.parametrize("engine", ["torch", "openvino"])
@pytest.mark.parametrize("change", [change_weight, change_transform, replace_network])
def test_engine_kept_from_an_earlier_call_is_not_used_after_a_change(files, change, engine):
    settings = {**PLAIN, "engine": engine}
    used = make_tiny()
    extract_features(files[:3], used, **settings)
    change(used)
    fresh = make_tiny()
    change(fresh)
    expected = extract_features(files[:3], fresh, **settings)
    np.testing.assert_array_equal(extract_features(files[:3], used, **settings).X, expected.X)


@pytest.mark.parametrize("arguments", [{"batch_size": 3}, {"threads": 1}])
def test_what_does_not_change_the_numbers_shares_the_rows(cache, files, arguments):
    extract_features(files, make_tiny(), cache=cache, **PLAIN)
    assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN, **arguments))[0] == 0


def test_equal_pictures_are_computed_once(cache, files):
    repeated = [files[0], files[1], files[0], files[0], files[1]]
    found = extract_features(repeated, make_tiny(), cache=cache, **PLAIN)
    assert found.provenance["computed"] == 2
    expected = extract_features(repeated, make_tiny(), **PLAIN)
    np.testing.assert_array_equal(found.X, expected.X)


def test_interrupted_run_goes_on_where_it_stopped(cache, files, monkeypatch):
    expected = extract_features(files, make_tiny(), batch_size=4, **PLAIN)
    decoded = []

    def interrupted(picture, transform, *, draft):
        decoded.append(picture)
        if len(decoded) == 11:
            raise KeyboardInterrupt
        return decode_picture(picture, transform, draft=draft)

    with monkeypatch.context() as patch:
        patch.setattr("course_utils.features.runner.decode_picture", interrupted)
        with pytest.raises(KeyboardInterrupt):
            extract_features(files, make_tiny(), batch_size=4, cache=cache, threads=1, **PLAIN)
    found = extract_features(files, make_tiny(), batch_size=4, cache=cache, **PLAIN)
    assert counts(found) == (12, 8)
    np.testing.assert_array_equal(found.X, expected.X)


KILLED = """
import sys, time
import course_utils.features.runner, course_utils.features.cache.session
from pathlib import Path
from course_utils import extract_features
from tests.features.conftest import make_tiny

course_utils.features.cache.session._COMMIT_SECONDS = 0.0
from course_utils.features.decoding import decode_picture

def slowly(picture, transform, *, draft):
    time.sleep(0.03)
    return decode_picture(picture, transform, draft=draft)

course_utils.features.runner.decode_picture = slowly
files = sorted(Path(sys.argv[1]).glob("*.png"))
print("ready", flush=True)
extract_features(files, make_tiny(), cache=sys.argv[2], batch_size=2, engine=sys.argv[3],
                 precision="fp32", threads=1, progress=False)
"""


def rows_in(folder):
    return sum(entry.rows for entry in FeatureCache(folder).entries())


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_killed_run_goes_on_and_ends_with_the_same_bits(
    tmp_path, files, project_root, monkeypatch, engine
):
    plain = {**PLAIN, "engine": engine}
    expected = extract_features(files, make_tiny(), batch_size=2, **plain)
    folder = tmp_path / "cache"
    environment = {**os.environ, "PYTHONPATH": str(project_root), "OMP_NUM_THREADS": "1"}
    killed_early = 0
    for delay in (0.0, 0.1, 0.2):
        before = rows_in(folder)
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), str(folder), engine],
            stdout=subprocess.PIPE,
            env=environment,
            cwd=project_root,
        )
        assert child.stdout.readline() == b"ready\n"
        deadline = time.monotonic() + 60
        while rows_in(folder) == before and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        killed_early += child.wait() == -signal.SIGKILL
        child.stdout.close()
    assert killed_early
    found = extract_features(files, make_tiny(), batch_size=2, cache=folder, **plain)
    assert counts(found)[1] > 0
    np.testing.assert_array_equal(found.X, expected.X)


@pytest.mark.slow
def test_two_processes_may_use_one_cache_at_once(tmp_path, files, project_root):
    environment = {**os.environ, "PYTHONPATH": str(project_root), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(tmp_path / "cache"), "torch"]
    children = [subprocess.Popen(command, env=environment, cwd=project_root) for _ in range(2)]
    assert [child.wait() for child in children] == [0, 0]
    found = extract_features(files, make_tiny(), cache=tmp_path / "cache", **PLAIN)
    assert counts(found) == (0, 20)
    np.testing.assert_array_equal(found.X, extract_features(files, make_tiny(), **PLAIN).X)


def keyed(*numbers):
    """Make keys and rows that belong together."""
    keys = [bytes([number]) * 32 for number in numbers]
    return keys, np.repeat(np.array(numbers, np.float32)[:, None], 3, axis=1)


def stored_rows(cache):
    with cache.session({"made": "by hand", "row_length": 3}, 3) as session:
        known = [number for number in range(256) if session.number(bytes([number]) * 32) >= 0]
        places = np.array([session.number(bytes([number]) * 32) for number in known], np.int64)
        rows, there = session.take(places)
        assert there.all()
        np.testing.assert_array_equal(rows[:, 0], known)
    return known


@pytest.mark.filterwarnings("error")
def test_run_survives_that_another_program_clears_the_cache(cache):
    with cache.session({"made": "by hand", "row_length": 3}, 3) as session:
        session.add(*keyed(1, 2))
        session.commit()
        FeatureCache(cache.folder).clear()
        session.add(*keyed(3))
        session.commit()
        session.add(*keyed(4, 5))
    assert [entry.rows for entry in cache.entries()] == [2]
    assert stored_rows(cache) == [4, 5]


@pytest.mark.filterwarnings("error")
def test_cache_can_be_looked_at_while_it_is_filled_and_cleared(cache):
    done = threading.Event()
    seen = []

    def look():
        while not done.is_set():
            seen.append(sum(entry.rows for entry in FeatureCache(cache.folder).entries()))
            repr(cache)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        for i in range(40):
            with cache.session({"made": "by hand", "row_length": 3}, 3) as session:
                session.add(*keyed(i))
            if i % 4 == 3:
                cache.clear()
        done.set()
        looking.result()
    assert set(seen) <= set(range(5)) and len(seen) > 3


SHARED = {"made": "by hand", "row_length": 1280}


def fill(cache, rng):
    """Look up random rows, check those that are there, add those that are not."""
    with cache.session(SHARED, 1280) as session:
        wanted = rng.choice(256, 100, replace=False)
        numbers = np.array([session.number(bytes([i]) * 32) for i in wanted.tolist()])
        known = numbers >= 0
        if known.any():
            rows, there = session.take(numbers[known])
            assert (rows[there] == wanted[known][there][:, None]).all()
        for part in np.array_split(wanted[~known], 10):
            keys = [bytes([i]) * 32 for i in part.tolist()]
            if keys:
                session.add(keys, np.repeat(part.astype(np.float32)[:, None], 1280, axis=1))
                session.commit()


def share(folder, role, seconds, faults):
    """Use a cache for some seconds; report the first thing that goes wrong, warnings included."""
    warnings.simplefilter("error")
    rng = np.random.default_rng(role)
    cache = FeatureCache(folder, max_bytes=200_000 if role == 2 else None)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            if role == 0:
                cache.clear()
                time.sleep(0.2)
            elif role == 1:
                repr(cache)
                cache.shrink(100_000)
            else:
                fill(cache, rng)
        faults.put("")
    except BaseException:
        faults.put(traceback.format_exc())


@pytest.mark.slow
def test_programs_may_fill_bound_look_at_and_clear_one_cache_at_once(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    faults = spawn.Queue()
    programs = [
        spawn.Process(target=share, args=(tmp_path / "cache", role, 4, faults)) for role in range(5)
    ]
    for program in programs:
        program.start()
    said = [faults.get(timeout=120) for _ in programs]
    assert not any(said), "\n".join(said)
    for program in programs:
        program.join()


def test_what_is_being_written_is_not_deleted_to_save_room(cache):
    with cache.session({"made": "by hand", "row_length": 3}, 3) as session:
        session.add(*keyed(1, 2))
        session.commit()
        FeatureCache(cache.folder).shrink(0)
        session.add(*keyed(3))
    assert stored_rows(cache) == [1, 2, 3]
    cache.shrink(0)
    assert stored_rows(cache) == []


@pytest.mark.filterwarnings("error")
def test_rows_that_another_program_deletes_meanwhile_are_simply_not_there(cache):
    with cache.session({"made": "by hand", "row_length": 3}, 3) as session:
        session.add(*keyed(1, 2))
    with cache.session({"made": "by hand", "row_length": 3}, 3) as session:
        FeatureCache(cache.folder).clear()
        _, there = session.take(np.array([0, 1]))
        assert not there.any()
        assert session.number(bytes([1]) * 32) == -1


@pytest.mark.filterwarnings("error")
def test_folder_whose_recipe_is_not_written_yet_is_not_taken_for_foreign(cache, files):
    extract_features(files, make_tiny(), cache=cache, **PLAIN)
    (recipe,) = cache.folder.glob("*/recipe.json")
    recipe.unlink()
    assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN)) == (0, 20)
    assert recipe.is_file()


def test_damaged_rows_are_said_and_computed_anew(cache, files):
    expected = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    data = max(
        cache.folder.glob("*/*/rows/**/*"), key=lambda f: f.stat().st_size if f.is_file() else 0
    )
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 0xFF
    data.write_bytes(content)
    forget_the_process()
    with pytest.warns(UserWarning, match="damaged and computed anew"):
        found = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    np.testing.assert_array_equal(found.X, expected.X)
    assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN)) == (0, 20)


def test_damaged_list_of_files_is_begun_anew(cache, files):
    extract_features(files, make_tiny(), cache=cache, **PLAIN)
    forget_the_process()
    for file in cache.folder.glob("files.sqlite*"):
        file.unlink()
    (cache.folder / "files.sqlite").write_bytes(b"no data base at all" * 100)
    with pytest.warns(UserWarning, match=r"files\.sqlite is damaged"):
        found = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    assert counts(found) == (0, 20)


def test_rows_of_another_recipe_in_the_folder_are_not_used(cache, files):
    extract_features(files, make_tiny(), cache=cache, **PLAIN)
    (recipe,) = cache.folder.glob("*/recipe.json")
    recipe.write_text(json.dumps({**json.loads(recipe.read_text()), "layer": "logits"}))
    with pytest.warns(UserWarning, match="holds other features"):
        assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN)) == (20, 0)


def test_many_small_calls_are_merged_and_nothing_is_lost(cache, files):
    tiny = make_tiny()
    for _ in range(2):
        for path in files:
            extract_features([path], tiny, cache=cache, **PLAIN)
    segments = [entry for entry in cache.folder.glob("*/*") if entry.is_dir()]
    assert len(segments) <= 17
    found = extract_features(files, tiny, cache=cache, **PLAIN)
    assert counts(found) == (0, 20)
    np.testing.assert_array_equal(found.X, extract_features(files, tiny, **PLAIN).X)


def test_damage_among_what_is_merged_costs_only_the_damaged_rows(cache):
    for i in range(17):
        with cache.session(SHARED, 1280) as session:
            session.add([bytes([i]) * 32], np.full((1, 1280), i, np.float32))
    damaged = sorted(cache.folder.glob("*/*/rows/manifest"))[3]
    content = bytearray(damaged.read_bytes())
    content[-20] ^= 0xFF
    damaged.write_bytes(content)
    with pytest.warns(UserWarning, match="damaged and computed anew"):
        cache.session(SHARED, 1280).__enter__()
    (entry,) = cache.entries()
    assert entry.rows == 16


def test_contents_can_be_inspected(cache, files):
    assert cache.entries() == []
    extract_features(files, make_tiny(), cache=cache, **PLAIN)
    extract_features(files[:5], make_tiny(), layer="logits", cache=cache, **PLAIN)
    latest, earlier = cache.entries()
    assert (latest.rows, latest.recipe["layer"]) == (5, "logits")
    assert (earlier.rows, earlier.recipe["layer"]) == (20, "features")
    assert earlier.recipe["weights"] == make_tiny().weights_digest
    assert earlier.bytes > 0
    assert "25 rows of 2 recipes" in repr(cache)


def test_clearing_leaves_nothing_to_be_found(cache, files):
    extract_features(files, make_tiny(), cache=cache, **PLAIN)
    cache.clear()
    assert cache.entries() == []
    assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN)) == (20, 0)


def test_size_is_bounded_by_deleting_what_was_used_longest_ago(tmp_path, files):
    cache = FeatureCache(tmp_path / "cache")
    for layer in ("features", "logits", "mix"):
        extract_features(files, make_tiny(), layer=layer, cache=cache, **PLAIN)
        time.sleep(0.02)
    extract_features(files, make_tiny(), layer="features", cache=cache, **PLAIN)
    largest = max(entry.bytes for entry in cache.entries())
    bounded = FeatureCache(tmp_path / "cache", max_bytes=2 * largest)
    extract_features(files[:1], make_tiny(), layer="features", cache=bounded, **PLAIN)
    assert sum(entry.bytes for entry in bounded.entries()) <= 2 * largest
    assert bounded.entries()[0].recipe["layer"] == "features"
    assert "logits" not in {entry.recipe["layer"] for entry in bounded.entries()}


def test_cache_may_be_a_path_or_true_or_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    assert as_cache(None) is None
    assert as_cache(False) is None
    assert as_cache(tmp_path / "here").folder == tmp_path / "here"
    assert as_cache(True).folder.is_relative_to(tmp_path / "data")


def test_file_in_the_place_of_the_cache_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("important")
    with pytest.raises(NotADirectoryError, match="mine is a file"):
        FeatureCache(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "important"


def test_rows_in_the_cache_are_arrays_of_the_courses_own_format(cache, files):
    found = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    (rows,) = cache.folder.glob("*/*/rows")
    np.testing.assert_array_equal(load_array(rows), found.X)


def test_picture_that_changes_while_it_is_read_never_gets_the_wrong_key(cache, files, monkeypatch):
    changed = []

    def changing(picture, transform, *, draft):
        pixels = decode_picture(picture, transform, draft=draft)
        if not changed:
            changed.append(picture)
            paint(np.random.default_rng(5)).save(picture)
        return pixels

    monkeypatch.setattr("course_utils.features.runner.decode_picture", changing)
    found = extract_features(files[:1], make_tiny(), cache=cache, **PLAIN)
    np.testing.assert_array_equal(found.X, extract_features(files[:1], make_tiny(), **PLAIN).X)


@pytest.mark.slow
def test_script_needs_no_main_guard():
    """Worker processes would start the script again; threads do not."""
    program = textwrap.dedent(
        """
        import numpy as np
        from PIL import Image
        from course_utils import extract_features
        from tests.features.conftest import make_tiny
        pictures = [Image.new("RGB", (40, 40), (i, 0, 0)) for i in range(5)]
        print(extract_features(pictures, make_tiny(), progress=False).X.shape)
        """
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert (done.stdout, done.stderr) == ("(5, 12)\n", "")


def test_network_that_cannot_be_identified_is_kept_out_of_the_cache(cache, files):
    tiny = make_tiny()
    tiny.network.guard = threading.Lock()
    TinyNetworkWithLock = type("Locked", (type(tiny.network),), {"__deepcopy__": copy_without_lock})
    tiny.network.__class__ = TinyNetworkWithLock
    for _ in range(2):
        with pytest.warns(UserWarning, match=r"the cache is not used.*network\.guard is a .*lock"):
            found = extract_features(files[:3], tiny, cache=cache, **PLAIN)
        assert counts(found) == (3, 0)
    expected = extract_features(files[:3], make_tiny(), **PLAIN)
    np.testing.assert_array_equal(found.X, expected.X)
    assert cache.entries() == []


def copy_without_lock(network, _memo):
    other = make_tiny().network
    other.load_state_dict(network.state_dict())
    return other


class Brighter(Preprocessing):
    """The same numbers, other code."""

    def pixels(self, image):
        return np.clip(super().pixels(image).astype(int) + 60, 0, 255).astype(np.uint8)


def test_transform_of_another_class_makes_another_recipe(cache, files):
    before = extract_features(files[:3], make_tiny(), cache=cache, **PLAIN)
    tiny = make_tiny()
    tiny.transform = Brighter(**vars(tiny.transform))
    with pytest.warns(UserWarning, match="unlike those it was trained on.*Brighter"):
        found = extract_features(files[:3], tiny, cache=cache, **PLAIN)
    assert counts(found) == (3, 0)
    assert not np.array_equal(found.X, before.X)


@pytest.fixture
def old_files(files):
    """Give files that are old enough for the cache to trust their dates."""
    time.sleep(2.1)
    return files


def test_locked_list_of_files_costs_only_reading_again(cache, old_files, monkeypatch):
    expected = extract_features(old_files, make_tiny(), cache=cache, **PLAIN)
    forget_the_process()
    monkeypatch.setattr(known_files, "_LOCK_SECONDS", 0.05)
    other = sqlite3.connect(cache.folder / "files.sqlite", isolation_level=None)
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.warns(UserWarning, match=r"files\.sqlite cannot be used .*locked"):
            found = extract_features(
                old_files, make_tiny(), cache=FeatureCache(cache.folder), **PLAIN
            )
    finally:
        other.close()
    assert counts(found) == (0, 20)
    np.testing.assert_array_equal(found.X, expected.X)


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("attempt to write a readonly database"),
        sqlite3.OperationalError("locking protocol"),
        sqlite3.OperationalError("disk I/O error"),
        PermissionError(13, "Permission denied"),
    ],
    ids=str,
)
def test_list_of_files_that_cannot_be_used_never_stops_a_run(cache, old_files, monkeypatch, error):
    def refused(*_args, **_kwargs):
        raise error

    monkeypatch.setattr("course_utils.features.cache.known_files.sqlite3.connect", refused)
    with pytest.warns(UserWarning, match=r"files\.sqlite cannot be used.*nothing else is lost"):
        first = extract_features(old_files, make_tiny(), cache=cache, **PLAIN)
    assert counts(first) == (20, 0)
    second = extract_features(old_files, make_tiny(), cache=cache, **PLAIN)
    assert counts(second) == (0, 20)


@pytest.mark.filterwarnings("error")
def test_trouble_with_the_list_of_files_does_not_hide_the_error_under_way(
    cache, old_files, monkeypatch, tmp_path
):
    (tmp_path / "bad.jpg").touch()

    def refused(*_args, **_kwargs):
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr("course_utils.features.cache.known_files.sqlite3.connect", refused)
    with pytest.raises(BadImageError, match=r"bad\.jpg"):
        extract_features([*old_files, tmp_path / "bad.jpg"], make_tiny(), cache=cache, **PLAIN)


def test_folder_that_cannot_be_written_to_costs_only_computing_again(cache, files, monkeypatch):
    def refused(*_args):
        raise OSError(30, "Read-only file system")

    expected = extract_features(files, make_tiny(), **PLAIN)
    monkeypatch.setattr("course_utils.features.cache.session.open_segment", refused)
    monkeypatch.setattr("course_utils.features.cache.session.os.utime", refused)
    with pytest.warns(UserWarning, match="cannot be written to .*are not kept"):
        found = extract_features(files, make_tiny(), cache=cache, **PLAIN)
    np.testing.assert_array_equal(found.X, expected.X)


def test_full_disk_costs_only_computing_again(cache, files, monkeypatch):
    def full(self, rows):
        raise OSError(28, "No space left on device")

    expected = extract_features(files, make_tiny(), **PLAIN)
    monkeypatch.setattr("course_utils.features.cache.session.ArrayWriter.append", full)
    with pytest.warns(UserWarning, match=r"cannot be written to \(.*No space left") as said:
        found = extract_features(files, make_tiny(), batch_size=2, cache=cache, **PLAIN)
    assert len(said) == 1, "once, and not for every batch"
    np.testing.assert_array_equal(found.X, expected.X)


def test_rows_that_cannot_be_read_at_the_moment_are_not_deleted(cache, files, monkeypatch):
    extract_features(files, make_tiny(), cache=cache, **PLAIN)

    def unreachable(*_args, **_kwargs):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("course_utils.features.cache.segments.load_array", unreachable)
        with pytest.warns(UserWarning, match="cannot be read and are not used"):
            assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN)) == (20, 0)
    assert counts(extract_features(files, make_tiny(), cache=cache, **PLAIN)) == (0, 20)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")
def test_file_name_that_is_no_text_is_remembered_too(cache, tmp_path):
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    paint(np.random.default_rng(3)).save(odd, format="png")
    time.sleep(2.1)
    for expected in ((1, 0), (0, 1)):
        assert counts(extract_features([odd], make_tiny(), cache=cache, **PLAIN)) == expected
        forget_the_process()
