"""From a picture file to a labelled set."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "quality": ["QualityReport", "check_quality"],
        "duplicates": ["find_duplicates"],
        "reading": ["BadImageError", "check_image", "read_image", "to_rgb"],
        "sets": ["ImageSet", "flatten_images"],
    },
)
