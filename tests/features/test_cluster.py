"""A cluster computes what one machine computes, to the last bit, and every promise holds."""

import functools
import http.server
import os
import shutil
import threading
import time
from typing import ClassVar

import fsspec
import numpy as np
import pytest
from distributed import Client, LocalCluster, get_worker
from PIL import Image

from course_utils import ImageSet, extract_features, extract_to_folder
from course_utils.features.cache import FeatureCache
from course_utils.features.cluster import worker as on_worker
from course_utils.features.cluster.connecting import require_dask
from course_utils.features.cluster.orders import WorkerUnfitError
from course_utils.features.run import run
from course_utils.images.reading import BadImageError
from course_utils.images.stores import StoreError
from tests.features.conftest import make_tiny

PLAIN = {"engine": "torch", "precision": "fp32", "progress": False}
FAST = {"engine": "openvino", "precision": "fp32", "progress": False}


@pytest.fixture(scope="module")
def client():
    """Give a client of two workers that are threads: they start at once."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0"
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr("course_utils.features.run._CHUNK_PICTURES", 5)
    monkeypatch.setattr("course_utils.features.cluster.computing._SMALLEST_CHUNK", 2)


@pytest.fixture
def bad(tmp_path):
    (tmp_path / "bad.jpg").write_text("no picture")
    return tmp_path / "bad.jpg"


@pytest.mark.parametrize("options", [PLAIN, FAST], ids=["torch", "openvino"])
def test_rows_order_labels_and_provenance_are_those_of_one_machine(client, paths, options):
    labels = np.arange(len(paths)) % 2
    pictures = ImageSet(tuple(paths), labels, ("a", "b"))
    alone = extract_features(pictures, make_tiny(), threads=1, **options)
    together = extract_features(pictures, make_tiny(), scheduler=client, **options)
    np.testing.assert_array_equal(together.X, alone.X)
    assert together.paths == alone.paths
    assert together.y.tolist() == labels.tolist()
    for key in ("backbone", "weights", "structure", "layer", "engine", "precision", "torch"):
        assert together.provenance[key] == alone.provenance[key]
    workers = together.provenance["workers"]
    assert {one["worker"] for one in workers} <= set(client.nthreads())
    assert sum(one["pictures"] for one in workers) == len(paths)
    assert all(one["host"] and one["processor"] and one["threads"] == 1 for one in workers)
    assert together.provenance["workers_give_same_bits"]


def test_an_address_of_a_scheduler_will_do(client, paths):
    together = extract_features(paths[:3], make_tiny(), scheduler=client.scheduler.address, **PLAIN)
    np.testing.assert_array_equal(together.X, extract_features(paths[:3], make_tiny(), **PLAIN).X)


def test_bad_pictures_are_skipped_or_named_as_on_one_machine(client, paths, bad):
    broken = Image.open(paths[0])
    broken.fp.close()
    broken.fp = None
    mixture = [bad, *paths[:7], bad, *paths[7:], Image.new("F", (9, 9)), bad]
    with pytest.warns(UserWarning, match="4 of 28 pictures"):
        together = extract_features(
            mixture, make_tiny(), scheduler=client, on_bad_image="skip", **PLAIN
        )
    with pytest.warns(UserWarning, match="4 of 28 pictures"):
        alone = extract_features(mixture, make_tiny(), on_bad_image="skip", **PLAIN)
    np.testing.assert_array_equal(together.X, alone.X)
    assert together.paths == alone.paths
    assert together.skipped == alone.skipped
    with pytest.raises(BadImageError, match=r"bad\.jpg cannot be used"):
        extract_features(
            [*paths, bad, Image.new("F", (9, 9))], make_tiny(), scheduler=client, **PLAIN
        )
    with pytest.raises(BadImageError, match=r"<picture 24> cannot be used"):
        extract_features(
            [*paths, Image.new("F", (9, 9)), bad], make_tiny(), scheduler=client, **PLAIN
        )


def test_pictures_in_memory_travel(client, paths):
    see_through = Image.new("RGBA", (50, 50), (255, 0, 0, 90))
    given = [see_through, Image.open(paths[3]), paths[4]]
    together = extract_features(given, make_tiny(), scheduler=client, **PLAIN)
    np.testing.assert_array_equal(together.X, extract_features(given, make_tiny(), **PLAIN).X)


def test_relative_paths_are_understood_by_workers_and_named_as_given(client, paths, monkeypatch):
    relative = [path.relative_to(path.parent) for path in paths[:4]]
    monkeypatch.chdir(paths[0].parent)
    together = extract_features(relative, make_tiny(), scheduler=client, **PLAIN)
    assert together.paths == tuple(relative)


def test_the_cache_is_filled_found_again_and_knows_renamed_pictures(client, paths, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    own = [shutil.copy(path, folder) for path in paths[:12]]
    for path in own:
        os.utime(path, (1e9, 1e9))
    time.sleep(2.1)  # the cache trusts no file that is younger than two seconds
    cache = FeatureCache(tmp_path / "cache")
    common = {**PLAIN, "cache": cache}

    def computed(given, scheduler):
        found = extract_features(given, make_tiny(), scheduler=scheduler, **common)
        fresh = extract_features(given, make_tiny(), **PLAIN)
        np.testing.assert_array_equal(found.X, fresh.X)
        return found.provenance["computed"]

    assert computed(own[:8], client) == 8
    assert computed(own[:8], None) == 0  # one machine finds what the cluster computed
    assert computed(own, client) == 4
    renamed = [shutil.move(path, f"{path}.renamed") for path in own]
    assert computed([*renamed, *paths[12:14]], client) == 2


def test_the_order_is_forgotten_when_the_work_is_done(client, paths):
    extract_features(paths[:3], make_tiny(), scheduler=client, **PLAIN)
    assert not on_worker._orders


def test_a_worker_that_came_later_and_cannot_compute_the_same_is_left_out(
    client, paths, monkeypatch
):
    unfit = next(iter(client.nthreads()))

    def picky(token, recipe, trial, sources):
        if get_worker().address == unfit:
            raise WorkerUnfitError(unfit, "it does not have torch fp32 on cpu")
        return compute(token, recipe, trial, sources)

    compute = on_worker.compute
    monkeypatch.setattr("course_utils.features.cluster.computing.compute", picky)
    with pytest.warns(UserWarning, match=f"worker {unfit} cannot be used.*it is left out"):
        together = extract_features(paths, make_tiny(), scheduler=client, **PLAIN)
    np.testing.assert_array_equal(together.X, extract_features(paths, make_tiny(), **PLAIN).X)
    assert {one["worker"] for one in together.provenance["workers"]} == set(client.nthreads()) - {
        unfit
    }


def test_workers_with_other_weights_are_refused(client, paths, monkeypatch):
    monkeypatch.setattr(
        "course_utils.features.cluster.orders.shared_backbone", lambda _: make_tiny(seed=1)
    )
    monkeypatch.setattr(
        "course_utils.features.extracting.shared_backbone", lambda _: make_tiny(seed=0)
    )
    with pytest.raises(ValueError, match="has another tiny than this machine"):
        extract_features(paths, "tiny", scheduler=client, **PLAIN)


def test_workers_that_cannot_reach_the_same_pictures_are_named(client, paths, monkeypatch):
    seen = []

    def one_sees_less(job, choice):
        seen.append(len(job.sources))
        found = run(job, choice)
        # The second worker that tries the pictures finds its folder not mounted.
        return (
            found
            if len(seen) != 2
            else type(found)(
                found.X[:0],
                found.kept[:0],
                [(i, "no such file") for i in range(len(job.sources))],
                found.provenance,
            )
        )

    monkeypatch.setattr("course_utils.features.cluster.worker.run", one_sees_less)
    with pytest.raises(OSError, match=r"cannot read the same pictures.*no such file"):
        extract_features(paths, make_tiny(), scheduler=client, **PLAIN)


def test_a_folder_of_features_by_a_cluster_is_that_of_one_machine(client, paths, bad, tmp_path):
    given = [*paths[:9], bad, *paths[9:]]
    together = extract_to_folder(given, tmp_path / "a", make_tiny(), scheduler=client, **PLAIN)
    alone = extract_to_folder(given, tmp_path / "b", make_tiny(), **PLAIN)
    np.testing.assert_array_equal(together.load().X, alone.load().X)
    assert together.load().paths == alone.load().paths
    assert together.skipped == alone.skipped
    assert sum(one["pictures"] for one in together.provenance["workers"]) == len(given)


@pytest.fixture
def store(paths):
    """Give the addresses of the pictures, and of a broken one, in fsspec's own memory."""
    memory = fsspec.filesystem("memory")
    for i, path in enumerate(paths):
        memory.pipe_file(f"/bucket/{'cat' if i % 2 else 'dog'}/{path.name}", path.read_bytes())
    memory.pipe_file("/bucket/dog/zz.jpg", b"<html>log in</html>")
    yield memory
    memory.store.clear()


def test_pictures_in_a_store_get_the_rows_of_their_files(client, paths, store, tmp_path):
    addresses = [
        f"memory://bucket/{'cat' if i % 2 else 'dog'}/{path.name}" for i, path in enumerate(paths)
    ]
    files = extract_features(paths, make_tiny(), **PLAIN)
    for options in ({}, {"scheduler": client}, {"cache": tmp_path / "cache"}):
        found = extract_features(addresses, make_tiny(), **options, **PLAIN)
        np.testing.assert_array_equal(found.X, files.X)
        assert found.paths == tuple(addresses)
    again = extract_features(addresses, make_tiny(), cache=tmp_path / "cache", **PLAIN)
    assert again.provenance["computed"] == 0
    for address, reason in (
        ("memory://bucket/dog/zz.jpg", "it is a web page"),
        ("memory://bucket/dog/gone.jpg", "there is no such object"),
    ):
        with pytest.raises(BadImageError, match=f"{address} cannot be used.*{reason}"):
            extract_features([address], make_tiny(), scheduler=client, **PLAIN)


def test_a_folder_in_a_store_is_listed_with_its_classes(client, paths, store, tmp_path):
    stored = extract_to_folder(
        "memory://bucket", tmp_path / "out", make_tiny(), scheduler=client, **PLAIN
    )
    assert stored.class_names == ("cat", "dog")
    assert len(stored) == len(paths)
    assert stored.path(0) == f"memory://bucket/cat/{paths[1].name}"
    assert [one.path for one in stored.skipped] == ["memory://bucket/dog/zz.jpg"]


def test_a_store_that_is_down_stops_the_run_after_some_tries_also_where_bad_pictures_are_skipped(
    client, store, paths, monkeypatch
):
    tries = []

    def down(self, path, **options):
        tries.append(path)
        raise ConnectionResetError("reset by peer")

    monkeypatch.setattr("course_utils.images.stores._PAUSES", (0.0, 0.0))
    monkeypatch.setattr(type(store), "cat_file", down)
    address = f"memory://bucket/dog/{paths[0].name}"
    with pytest.raises(StoreError, match=f"{address} could not be fetched: 3 tries failed.*reset"):
        extract_features([address], make_tiny(), on_bad_image="skip", **PLAIN)
    assert len(tries) == 3
    with pytest.raises(StoreError, match=f"{address} could not be fetched"):
        extract_features([address], make_tiny(), on_bad_image="skip", scheduler=client, **PLAIN)


class Site(http.server.SimpleHTTPRequestHandler):
    """Serves files, and fails now and then, as sites do."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        if "broken" in self.path or ("shaky" in self.path and self.asked.count(self.path) < 3):
            self.send_error(503)
        else:
            self.path = self.path.replace("shaky-", "")
            super().do_GET()

    def log_message(self, *arguments):
        pass


def test_pictures_on_a_web_server_are_read_and_tried_again_and_what_is_not_there_is_named(
    client, paths, monkeypatch
):
    monkeypatch.setattr("course_utils.images.stores._PAUSES", (0.0, 0.01, 0.01))
    handler = functools.partial(Site, directory=str(paths[0].parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}"
        addresses = [f"{site}/{path.name}" for path in paths[:6]]
        addresses[3] = f"{site}/shaky-{paths[3].name}"
        found = extract_features(addresses, make_tiny(), scheduler=client, **PLAIN)
        files = extract_features(paths[:6], make_tiny(), **PLAIN)
        np.testing.assert_array_equal(found.X, files.X)
        with pytest.raises(BadImageError, match=r"gone\.jpg cannot be used.*no such object"):
            extract_features([f"{site}/gone.jpg"], make_tiny(), **PLAIN)
        with pytest.raises(StoreError, match=r"broken\.jpg could not be fetched: 4 tries.*503"):
            extract_features([f"{site}/broken.jpg"], make_tiny(), on_bad_image="skip", **PLAIN)
        server.shutdown()


def test_a_set_refuses_addresses_and_says_who_takes_them():
    with pytest.raises(ValueError, match="is an address, and a set holds files"):
        ImageSet(("s3://bucket/cat.jpg",), np.array([0]), ("cat",))


def test_without_dask_it_says_what_to_install(monkeypatch, paths):
    monkeypatch.setattr("course_utils.features.cluster.connecting.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"pip install 'course-utils\[cluster\]'"):
        require_dask()
    with pytest.raises(ImportError, match="Dask, which is not installed"):
        extract_features(paths, make_tiny(), scheduler="local", **PLAIN)


@pytest.mark.parametrize(
    ("scheduler", "error", "message"),
    [
        ("host:8786", ValueError, "neither 'local' nor an address"),
        (8786, TypeError, "must be 'local', an address"),
    ],
)
def test_what_is_no_scheduler_is_refused(paths, scheduler, error, message):
    with pytest.raises(error, match=message):
        extract_features(paths, make_tiny(), scheduler=scheduler, **PLAIN)
