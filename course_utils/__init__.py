"""The library of the course *From Pixels to Deep Features*.

Everything that lectures and assignments call can be imported from here. Names load their module on
first use, so that ``import course_utils`` is instant and torch starts only where it is needed.
"""

import lazy_loader

from course_utils._tracebacks import shorten_tracebacks

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "checks",
        "classifiers",
        "features",
        "images",
        "judging",
        "multiclass",
        "networks",
        "plotting",
        "training",
    ],
    submod_attrs={
        "_progress": ["ProgressBar"],
        "classifiers": ["load_classifier", "save_classifier"],
        "arrays": ["ArrayWriter", "load_array", "open_array", "save_array"],
        "datasets": [
            "Dataset",
            "data_directory",
            "describe_datasets",
            "list_datasets",
            "load_dataset",
        ],
        "features": [
            "DeepFeatures",
            "FeatureCache",
            "FeatureSet",
            "NeighbourIndex",
            "StoredFeatures",
            "extract_features",
            "extract_to_folder",
            "open_features",
        ],
        "intervals": ["wilson_interval"],
        "images": ["BadImageError", "ImageSet", "check_quality", "flatten_images", "read_image"],
        "multiclass": ["onehot"],
        "notebooks": ["say"],
        "predictions": ["pick_predictions"],
        "networks": ["Backbone", "classify_image", "list_backbones", "load_backbone"],
    },
)

shorten_tracebacks()
