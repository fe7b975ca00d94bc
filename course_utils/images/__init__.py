"""From a picture file to a labelled set."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "duplicates": ["find_duplicates"],
        "flattening": ["flatten_images"],
        "own": ["leave_out_disputed", "read_own_pictures"],
        "quality": ["QualityReport", "check_quality"],
        "reading": ["BadImageError", "check_image", "read_image", "to_rgb"],
        "sets": ["ImageSet"],
        "splitting": ["stratified_split"],
        "unpacking": ["UnpackError", "unpack_zip"],
        "walking": ["walk_files"],
    },
)
