"""Pictures in, one row each out."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bulk": ["StoredFeatures", "extract_to_folder", "open_features"],
        "cache": ["FeatureCache"],
        "extracting": ["FeatureSet", "extract_features"],
        "retrieval": ["NeighbourIndex"],
        "transformer": ["DeepFeatures"],
    },
)
