"""The course's data sets by name."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "example": ["example_folder"],
        "loading": [
            "Dataset",
            "data_directory",
            "describe_datasets",
            "list_datasets",
            "load_dataset",
        ],
        "registry": ["DATA_SETS"],
    },
)
