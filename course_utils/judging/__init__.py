"""Judging a classifier of one's own: by class, by labels, by groups, on a page to send."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "by_class": ["score_classes", "worst_confusions"],
        "groups": ["Telling", "group_rows", "tell_apart"],
        "labels": ["LabelCurve", "learn_from_fewer"],
        "pages": ["ResultsPage"],
    },
)
