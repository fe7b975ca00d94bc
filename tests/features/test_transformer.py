"""DeepFeatures: a scikit-learn transformer like any other."""

import pickle

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import check_is_fitted, validate_data

from course_utils import DeepFeatures, extract_features
from course_utils.images.reading import BadImageError
from tests.features.conftest import make_tiny

PLAIN = {"engine": "torch", "precision": "fp32"}


class OfNumbers(DeepFeatures):
    """Draws a picture of each row of numbers, since scikit-learn's checks know no pictures."""

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype=np.float64)
        return super().fit(as_drawings(X), y)

    def transform(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return super().transform(as_drawings(X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.no_validation = False
        tags.input_tags.two_d_array = True
        tags.input_tags.string = False
        return tags


def as_drawings(X):
    rows = (np.abs(X) * 37 % 256).astype(np.uint8)
    return [Image.fromarray(np.tile(row, (9, 1))).resize((40, 40)) for row in rows]


@parametrize_with_checks([DeepFeatures(), OfNumbers("tiny", **PLAIN)])
def test_scikit_learns_own_checks(estimator, check, monkeypatch):
    for caller in ("extracting", "transformer"):
        monkeypatch.setattr(
            f"course_utils.features.{caller}.shared_backbone", lambda _name: make_tiny().seal()
        )
    check(estimator)


def names(paths):
    return [str(path) for path in paths]


@pytest.fixture
def step():
    return DeepFeatures(make_tiny(), **PLAIN)


@pytest.fixture
def y():
    return np.arange(24) % 3


def test_rows_are_those_of_extract_features(step, paths):
    X = step.fit_transform(paths)
    np.testing.assert_array_equal(
        X, extract_features(paths, make_tiny(), **PLAIN, progress=False).X
    )
    assert X.shape[1] == step.n_features_out_ == 12


def test_not_fitted_says_so(step, paths):
    with pytest.raises(NotFittedError):
        step.transform(paths)


@pytest.mark.parametrize(
    "wrap",
    [
        list,
        tuple,
        np.array,
        pd.Series,
        lambda p: pd.DataFrame({"file": p}),
        lambda p: np.array(p)[:, None],
    ],
    ids=["list", "tuple", "array", "series", "frame", "column"],
)
def test_pictures_may_come_in_any_usual_container(step, paths, wrap):
    expected = step.fit_transform(paths)
    np.testing.assert_array_equal(step.fit_transform(wrap(names(paths))), expected)


def test_fit_returns_itself_and_reads_no_picture(step):
    assert step.fit(["missing.jpg"]) is step


def test_fitting_again_forgets_the_last_fit(step, paths):
    step.fit(paths)
    step.set_params(layer="logits").fit(paths)
    assert step.transform(paths).shape == (24, 5)
    assert step.get_feature_names_out().tolist() == [f"deepfeatures{i}" for i in range(5)]


def test_transform_depends_neither_on_order_nor_on_company(step, paths):
    whole = step.fit_transform(paths)
    np.testing.assert_allclose(step.transform(paths[::-1])[::-1], whole, atol=1e-6)
    np.testing.assert_allclose(step.transform(paths[5:6])[0], whole[5], atol=1e-6)


def test_fit_and_transform_leave_arguments_and_attributes_alone(step, paths):
    before = dict(step.get_params(deep=False))
    given = list(paths)
    step.fit(given)
    fitted = dict(vars(step))
    step.transform(given)
    assert given == paths
    assert dict(vars(step)) == fitted
    assert dict(step.get_params(deep=False)) == before


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [(np.zeros((5, 3)), "shape"), (np.zeros(5), "float"), ([None], "NoneType"), ("a.jpg", "list")],
)
def test_what_is_no_picture_is_a_type_error(step, wrong, kind):
    with pytest.raises(TypeError, match=kind):
        step.fit(wrong)


def test_bad_picture_is_an_error_never_a_missing_row(step, paths, tmp_path):
    (tmp_path / "bad.jpg").touch()
    with pytest.raises(BadImageError, match=r"bad\.jpg"):
        step.fit(paths).transform([*paths, tmp_path / "bad.jpg"])


def test_clone_has_the_parameters_and_not_the_fit(step, paths):
    step.fit_transform(paths)
    other = clone(step)
    assert other.get_params()["engine"] == "torch"
    assert not hasattr(other, "n_features_out_")
    np.testing.assert_array_equal(other.fit_transform(paths), step.transform(paths))


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_pickle_after_use(paths, engine):
    step = DeepFeatures(make_tiny(), engine=engine, precision="fp32")
    expected = step.fit_transform(paths)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(step)).transform(paths), expected)


def test_unknown_parameter_values_are_refused_by_fit(paths):
    with pytest.raises(ValueError, match="no network named"):
        DeepFeatures("resnet1800").fit(paths)
    with pytest.raises(ValueError, match="not a layer"):
        DeepFeatures(make_tiny(), layer="nose").fit(paths)


def test_grid_search_computes_each_picture_once_for_each_layer(paths, y, tmp_path, monkeypatch):
    from course_utils.features.engines.torch_engine import TorchEngine

    computed = []
    start = TorchEngine.start

    def counting(self, pixels):
        computed.extend([0] * len(pixels))
        return start(self, pixels)

    monkeypatch.setattr(TorchEngine, "start", counting)
    pipeline = make_pipeline(
        DeepFeatures(make_tiny(), cache=tmp_path / "cache", **PLAIN), LogisticRegression()
    )
    grid = {"deepfeatures__layer": ["features", "logits"], "logisticregression__C": [0.1, 1, 10]}
    search = GridSearchCV(pipeline, grid, cv=3, error_score="raise").fit(paths, y)
    assert search.predict(paths).shape == (24,)
    assert len(computed) == 2 * 24


def test_column_of_a_table_beside_other_columns(paths, y):
    table = pd.DataFrame({"file": names(paths), "age": np.arange(24.0)})
    columns = ColumnTransformer(
        [("picture", DeepFeatures(make_tiny(), **PLAIN), "file"), ("age", "passthrough", ["age"])]
    )
    X = columns.fit_transform(table)
    assert X.shape == (24, 13)
    np.testing.assert_array_equal(X[:, 12], table["age"])


def test_names_of_a_pipelines_output(step, paths):
    step.set_output(transform="pandas")
    assert list(step.fit_transform(paths).columns[:2]) == ["deepfeatures0", "deepfeatures1"]
