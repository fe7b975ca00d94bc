"""A network with all that belongs to its weights."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "backbone": ["Backbone"],
        "classifying": ["classify_image"],
        "loading": ["list_backbones", "load_backbone"],
        "preprocessing": ["Preprocessing"],
        "weights": ["WeightsNotFoundError"],
    },
)
