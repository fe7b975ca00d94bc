"""Figures for lectures and assignments.

Every function takes ``ax=None`` (grids: ``fig=None``), returns what it drew, uses the palette of
:mod:`course_utils.plotting.palette`, and gives the figure a text alternative that reaches
JupyterLab and the website (:mod:`course_utils.plotting.alt`). matplotlib loads on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "alt": ["get_alt_text", "set_alt_text"],
        "boundaries": ["plot_class_regions", "plot_multiclass_lr_ovr"],
        "curves": [
            "plot_ladder",
            "plot_learning_curve",
            "plot_scores",
            "plot_training_curves",
            "wilson_interval",
        ],
        "images": ["plot_images"],
        "interactive": ["explore"],
        "maps": ["map_features", "plot_map", "plot_picture_map"],
        "networks": ["count_weights", "plot_network_graph"],
        "palette": [
            "class_color",
            "class_colors",
            "class_line_style",
            "class_marker",
            "use_course_style",
        ],
        "quality": ["plot_quality"],
        "predictions": ["pick_predictions", "plot_confusion_matrix", "plot_predictions"],
    },
)
