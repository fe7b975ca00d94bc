"""``torchvision``, importable also beside a torch build that its operators do not match.

The package index's Linux build of torchvision is compiled for CUDA. Beside a CPU-only torch (what
laptops without an NVIDIA card want: a tenth of the download) its compiled operators cannot load,
and ``import torchvision`` then stops at ``operator torchvision::nms does not exist``. Two object
*detection* operators are the cause. Image classification uses neither, so it is enough to declare
their names before the import; calling them still raises torchvision's own error.

Use ``from course_utils._torchvision import torchvision`` everywhere in place of a bare import.
"""

from __future__ import annotations

import importlib
from types import ModuleType

# Kept alive for the life of the process: torch forgets the declarations with the library object.
_declared: list[object] = []


def _import_torchvision() -> ModuleType:
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
    import torch

    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _declared.append(library)
    return importlib.import_module("torchvision")


torchvision = _import_torchvision()
