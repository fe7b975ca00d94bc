"""Workers, clients and schedulers die; the features are the same to the last bit."""

import multiprocessing
import os
import signal
import time
from threading import Thread

import dask
import numpy as np
import pytest
from distributed import LocalCluster
from distributed.utils import get_mp_context
from PIL import Image

from course_utils import extract_features, extract_to_folder, open_features
from course_utils.features.cluster import connecting
from course_utils.features.cluster.sending import ClusterLostError
from course_utils.features.engines import choosing
from tests.features.conftest import TinyNetwork, make_tiny

pytestmark = pytest.mark.slow

PLAIN = {"engine": "torch", "precision": "fp32", "progress": False}


class Patient(TinyNetwork):
    """Takes its time while a file is there, so that there is some to be killed in."""

    brake = None

    def forward(self, x):
        if self.brake and self.brake.exists():
            time.sleep(0.4)
        return super().forward(x)


def make_patient(brake=None):
    backbone = make_tiny(Patient)
    backbone.network.brake = brake
    return backbone


class Mortal(TinyNetwork):
    """Ends the first processes that show it a picture, one for each grave."""

    graves = ()

    def forward(self, x):
        for grave in self.graves if x.any() else ():
            try:
                grave.touch(exist_ok=False)
            except FileExistsError:
                continue
            os._exit(1)
        return super().forward(x)


class Deadly(TinyNetwork):
    """Ends the process that shows it a white picture."""

    def forward(self, x):
        if (x.flatten(1).min(dim=1).values > 1.3).any():
            os._exit(1)
        return super().forward(x)


@pytest.fixture(scope="module")
def forks():
    """Let processes be forks of one that has loaded torch: they start in no time."""
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        context = get_mp_context()
        context.set_forkserver_preload(
            ["tests.features.test_cluster_dying", "course_utils.features.cluster.computing"]
        )
        yield context


@pytest.fixture(scope="module")
def client(forks):
    """Give a client of what ``"local"`` starts, that takes one death for the picture's fault."""
    with (
        pytest.MonkeyPatch.context() as patch,
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
    ):
        patch.setattr(connecting, "usable_cores", lambda: 2)
        with connecting.connected("local") as client:
            client.wait_for_workers(2)
            yield client


def test_local_workers_keep_the_memory_that_they_work_in(client):
    """To take it anew for each picture cost a fifth of the rate."""
    found = client.run(os.environ.get, "MALLOC_TRIM_THRESHOLD_")
    assert len(found) == 2
    assert set(found.values()) == {os.environ.get("MALLOC_TRIM_THRESHOLD_")}


def extract(address, paths, out, brake):
    """Run in a process that will be killed."""
    import course_utils.features.run as run

    run._CHUNK_PICTURES = 5
    extract_to_folder(paths, out, make_patient(brake), scheduler=address, **PLAIN)


def start(forks, *arguments):
    # A daemon, so that a test that fails leaves none behind.
    process = forks.Process(target=extract, args=arguments, daemon=True)
    process.start()
    return process


def process_of_a_worker(client, number):
    """Give the process of one of those that are there; that killed last may have to start."""
    while True:
        client.wait_for_workers(1, timeout=300)
        if pids := list(client.run(os.getpid, on_error="ignore").values()):
            return pids[number % len(pids)]


def wait_for_more(out, seen, process):
    """Wait until pictures are done that were not; say how many there are."""
    limit = time.monotonic() + 300
    alive = True
    while time.monotonic() < limit and alive:
        alive = process.is_alive()  # before the look: what it did last counts
        if (out / "provenance.json").exists() and (out / "features" / "manifest").exists():
            done = open_features(out).done
            if done > seen:
                return done
        time.sleep(0.1)  # what is busy here is missing to the scheduler, in this same process
    raise AssertionError(f"nothing more than {seen} pictures, exit status {process.exitcode}")


@pytest.mark.timeout(1800)
def test_ten_workers_and_two_clients_killed_cost_no_row_and_no_bit(client, forks, paths, tmp_path):
    many, out, brake = paths * 15, tmp_path / "out", tmp_path / "brake"
    brake.touch()
    given = (client.scheduler.address, many, out, brake)
    rng, done = np.random.default_rng(0), 0
    process = start(forks, *given)
    for kill in range(10):
        done = wait_for_more(out, done, process)
        time.sleep(rng.uniform(0, 0.1))
        os.kill(process_of_a_worker(client, kill), signal.SIGKILL)
        if kill in (3, 6):
            process.kill()
            process.join()
            process = start(forks, *given)
    assert done < len(many), "all was done before the last kill"
    brake.unlink()
    while done < len(many):
        done = wait_for_more(out, done, process)
    process.join(300)
    assert process.exitcode == 0
    stored = open_features(out)
    assert stored.complete
    alone = extract_features(paths, make_patient(), threads=1, **PLAIN)
    np.testing.assert_array_equal(stored.load().X, np.tile(alone.X, (15, 1)))
    assert [path.name for path in stored.load().paths] == [path.name for path in many]
    assert stored.skipped == []


def test_workers_that_die_while_all_agree_on_an_engine_cost_nothing(client, paths, tmp_path):
    backbone = make_tiny(Mortal)
    # Both die at the first try, one at the second.
    graves = backbone.network.graves = [tmp_path / str(i) for i in range(3)]
    together = extract_features(paths, backbone, scheduler=client, **PLAIN)
    assert all(grave.exists() for grave in graves)
    alone = extract_features(paths, make_tiny(Mortal), threads=1, **PLAIN)
    np.testing.assert_array_equal(together.X, alone.X)


def test_a_picture_that_workers_die_of_is_found_and_named(client, paths, tmp_path):
    white = tmp_path / "white.png"
    Image.new("RGB", (50, 50), "white").save(white)
    given = [*paths[:20], white, *paths[20:]]
    with pytest.raises(RuntimeError, match=r"workers die while they compute .*white\.png, alone"):
        extract_features(given, make_tiny(Deadly), scheduler=client, **PLAIN)


def pretend_to_have_no_bf16():
    choosing._openvino_capabilities = lambda: ("FP32",)


def pretend_to_have_bf16():
    choosing._openvino_capabilities = lambda: ("FP32", "BF16")


def test_workers_with_and_without_bf16_agree_on_one_engine(client, paths):
    client.wait_for_workers(2, timeout=60)
    with_bf16, without = list(client.nthreads())[:2]
    client.run(pretend_to_have_bf16, workers=[with_bf16])
    client.run(pretend_to_have_no_bf16, workers=[without])
    found = extract_features(paths, make_tiny(), scheduler=client, progress=False)
    assert (found.provenance["engine"], found.provenance["precision"]) == ("openvino", "fp32")
    alone = extract_features(
        paths, make_tiny(), engine="openvino", precision="fp32", progress=False
    )
    np.testing.assert_array_equal(found.X, alone.X)
    with pytest.raises(ValueError, match="precision='bf16' cannot be had"):
        extract_features(paths, make_tiny(), engine="openvino", precision="bf16", scheduler=client)


def hold_a_cluster(connection):
    """Run in a process of its own, that is killed: the scheduler's."""
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0", protocol="tcp"
    ) as cluster:
        connection.send(cluster.scheduler_address)
        time.sleep(600)


def test_a_dead_scheduler_ends_the_run_with_a_sentence_and_it_goes_on_elsewhere(
    forks, paths, tmp_path, monkeypatch
):
    monkeypatch.setattr("course_utils.features.run._CHUNK_PICTURES", 2)
    out, brake, (here, there) = tmp_path / "out", tmp_path / "brake", multiprocessing.Pipe()
    brake.touch()
    holder = forks.Process(target=hold_a_cluster, args=(there,), daemon=True)
    holder.start()
    address = here.recv()

    def kill_when_it_works():
        while not (out / "features" / "manifest").exists():
            time.sleep(0.01)
        holder.kill()

    killer = Thread(target=kill_when_it_works)
    killer.start()
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "3s"}),
        pytest.raises(ClusterLostError, match="connection to the scheduler is lost"),
    ):
        extract_to_folder(paths, out, make_patient(brake), scheduler=address, **PLAIN)
    killer.join()
    holder.join()
    brake.unlink()
    assert 0 < open_features(out).done < len(paths)
    stored = extract_to_folder(paths, out, make_patient(brake), threads=1, **PLAIN)
    alone = extract_features(paths, make_patient(), threads=1, **PLAIN)
    np.testing.assert_array_equal(stored.load().X, alone.X)
