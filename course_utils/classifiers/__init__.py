"""A trained classifier in a file, beside the network it belongs to, and files classified by it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "about": ["About"],
        "archive": ["ClassifierFileError"],
        "saved": ["SavedClassifier"],
        "saving": ["load_classifier", "read_about", "save_classifier"],
    },
)
