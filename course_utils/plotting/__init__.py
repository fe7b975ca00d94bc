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
        "boundaries": ["plot_multiclass_lr_ovr"],
        "classified": ["plot_classified"],
        "confusion": ["plot_confusion_matrix"],
        "growth": ["plot_growth"],
        "histograms": ["plot_histograms"],
        "images": ["plot_images"],
        "interactive": ["explore"],
        "learning_curves": ["plot_learning_curve"],
        "maps": ["map_features", "plot_map"],
        "memory": ["plot_memory"],
        "networks": ["count_weights", "plot_network_graph"],
        "objects": ["plot_objects"],
        "palette": [
            "class_color",
            "class_colors",
            "class_line_style",
            "class_marker",
            "use_course_style",
        ],
        "picture_maps": ["plot_picture_map"],
        "pixels": ["plot_zoom"],
        "predictions": ["pick_predictions", "plot_predictions"],
        "quality": ["plot_quality"],
        "regions": ["plot_class_regions"],
        "reliability": ["plot_reliability"],
        "score_tables": ["plot_score_table"],
        "scores": ["plot_ladder", "plot_scores", "wilson_interval"],
        "strategies": ["plot_duels", "plot_raw_scores", "plot_score_profile"],
        "time_parts": ["plot_time_parts"],
        "training_curves": ["plot_training_curves"],
        "weights": ["plot_weights"],
    },
)
