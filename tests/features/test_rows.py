"""Row i is picture i, whatever happens to the pictures around it."""

import shutil
import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils import FeatureSet, ImageSet, extract_features, load_dataset
from course_utils.features.cache import FeatureCache
from course_utils.features.decoding import decode_picture, map_in_order
from course_utils.images.reading import BadImageError
from tests.features.conftest import by_hand, make_tiny, paint

PLAIN = {"engine": "torch", "precision": "fp32", "draft": False, "progress": False}


@pytest.fixture(scope="module")
def reference(paths):
    tiny = make_tiny()
    return np.stack([by_hand(tiny, path) for path in paths])


@pytest.fixture(scope="module")
def bad(tmp_path_factory, paths):
    """Give three broken files."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("no picture")
    (folder / "cut.jpg").write_bytes(paths[0].read_bytes()[:900])
    return sorted(folder.iterdir())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.lists(st.integers(-3, 23), max_size=40),
    known=st.lists(st.integers(0, 23), max_size=6),
    batch_size=st.sampled_from(["auto", 1, 2, 3, 7, 64]),
    threads=st.sampled_from([1, 2, 5]),
    cached=st.booleans(),
    in_memory=st.booleans(),
)
def test_any_mixture_of_good_bad_repeated_and_cached_pictures(
    paths, bad, reference, tmp_path_factory, order, known, batch_size, threads, cached, in_memory
):
    tiny = make_tiny()
    cache = FeatureCache(tmp_path_factory.mktemp("cache")) if cached else None
    common = {**PLAIN, "cache": cache, "batch_size": batch_size, "threads": threads}
    if cached:
        extract_features([paths[i] for i in known], tiny, **common)
    mixture = [paths[i] if i >= 0 else bad[i] for i in order]
    good = [i for i in order if i >= 0]
    if in_memory and good:
        where = order.index(good[0])
        mixture[where] = Image.open(mixture[where])
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = extract_features(mixture, tiny, on_bad_image="skip", **common)
    assert found.X.shape == (len(good), 12)
    np.testing.assert_allclose(found.X, reference[good].reshape(-1, 12), atol=1e-5)
    named = [path for path in found.paths if path.exists()]
    assert named == [paths[i] for k, i in enumerate(good) if not (in_memory and k == 0)]
    assert [path for path, _ in found.skipped] == [bad[i] for i in order if i < 0]


@pytest.mark.parametrize("slow", [0, 11, 23])
def test_slow_picture_does_not_lose_its_place(paths, reference, monkeypatch, slow):
    released = threading.Event()
    threading.Timer(0.3, released.set).start()

    def sometimes_slow(picture, transform, *, draft):
        if picture == paths[slow]:
            released.wait(5)
        return decode_picture(picture, transform, draft=draft)

    monkeypatch.setattr("course_utils.features.runner.decode_picture", sometimes_slow)
    found = extract_features(paths, make_tiny(), threads=4, batch_size=3, **PLAIN)
    np.testing.assert_allclose(found.X, reference, atol=1e-5)


def test_labels_and_names_follow_the_rows(tmp_path, paths, bad):
    for i, path in enumerate(paths[:6]):
        target = tmp_path / ("cats", "dogs")[i % 2] / f"{i // 2}.jpg"
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    pictures = ImageSet.from_folder(tmp_path)
    # The same name in two classes, and one file that breaks after the set was made.
    broken = tmp_path / "dogs" / "0.jpg"
    broken.write_bytes(bad[0].read_bytes())
    with pytest.warns(UserWarning, match=r"1 of 6 pictures could not be read.*cut off"):
        found = extract_features(pictures, make_tiny(), on_bad_image="skip", **PLAIN)
    kept = [i for i, path in enumerate(pictures.paths) if path != broken]
    assert list(found.paths) == [pictures.paths[i] for i in kept]
    assert found.y.tolist() == pictures.labels[kept].tolist()
    assert found.targets.tolist() == ["cats"] * 3 + ["dogs"] * 2
    assert found.class_names == ("cats", "dogs")
    assert found.skipped[0][0] == broken
    assert "1 pictures skipped" in repr(found)


def test_first_bad_picture_in_order_is_the_one_that_is_named(paths, bad):
    for threads in (1, 4):
        with pytest.raises(BadImageError, match=r"text\.jpg"):
            extract_features([*paths[:9], bad[2], bad[0]], make_tiny(), threads=threads, **PLAIN)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        ("picture.jpg", r"write \[picture\]"),
        (Image.new("RGB", (9, 9)), r"write \[picture\]"),
        ([np.zeros((9, 9, 3))], r"images\[0\] is of type ndarray.*Image\.fromarray"),
        ([1, 2], r"images\[0\] is of type int"),
    ],
)
def test_what_is_no_list_of_pictures_is_refused(images, message):
    with pytest.raises(TypeError, match=message):
        extract_features(images, make_tiny(), **PLAIN)


def test_pictures_in_memory_are_converted_by_the_same_policy(tmp_path):
    see_through = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    see_through.save(tmp_path / "a.png")
    tiny = make_tiny()
    found = extract_features([see_through, tmp_path / "a.png"], tiny, **PLAIN)
    np.testing.assert_array_equal(found.X[0], found.X[1])
    assert str(found.paths[0]) == "<picture 0>"


def test_results_come_in_order_and_no_further_ahead_than_asked():
    running, most = 0, 0
    lock = threading.Lock()
    taken = 0

    def work(i):
        nonlocal running, most
        with lock:
            running = i - taken
            most = max(most, running)
        return i

    for i in map_in_order(work, range(500), threads=4, ahead=10):
        assert i == taken
        taken += 1
    assert taken == 500
    assert most <= 12


def test_memory_stays_bounded(tmp_path):
    picture = tmp_path / "one.jpg"
    paint(np.random.default_rng(0)).save(picture)

    def peak(n):
        tiny = make_tiny()
        extract_features([picture] * 50, tiny, **PLAIN)
        tracemalloc.start()
        extract_features([picture] * n, tiny, **PLAIN)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top - n * 12 * 4  # without the result itself

    import course_utils.features.runner as runner

    waiting, runner._WAITING_BYTES = runner._WAITING_BYTES, 100 * 32 * 32 * 3
    try:
        few, many = peak(200), peak(1000)
    finally:
        runner._WAITING_BYTES = waiting
    # The pixels of 800 more pictures would be 2.5 MB.
    assert many - few < 800_000


def test_error_while_computing_reaches_the_caller_and_stops_the_threads(paths):
    before = threading.active_count()

    class Breaks(type(make_tiny().network)):
        def forward(self, x):
            if getattr(self, "passes", 0) > 3:
                raise ValueError("broke")
            self.passes = getattr(self, "passes", 0) + 1
            return super().forward(x)

    with pytest.raises(ValueError, match="broke"):
        extract_features(paths, make_tiny(Breaks), batch_size=2, **PLAIN)
    assert threading.active_count() <= before


def test_two_threads_may_extract_at_once(paths, reference):
    tiny = make_tiny()
    results: list[FeatureSet] = []

    def extract():
        results.append(extract_features(paths, tiny, precision="fp32", draft=False, progress=False))

    workers = [threading.Thread(target=extract) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == 3
    for found in results:
        np.testing.assert_allclose(found.X, reference, atol=1e-5)


def test_a_whole_data_set_is_refused_with_the_names_of_its_splits():
    data = load_dataset("textures")
    with pytest.raises(TypeError, match=r"data set 'textures'.*data\.train or data\.valid"):
        extract_features(data, make_tiny(), **PLAIN)
