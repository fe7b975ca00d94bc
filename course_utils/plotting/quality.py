"""What a quality check found, as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator

from course_utils.images.quality import QualityReport
from course_utils.images.reading import read_image
from course_utils.plotting._drawn import Drawn
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_marker, in_course_style

__all__ = ["QualityFigure", "plot_quality"]

_MOST_PAIRS = 6
_MOST_ODD = 6


@dataclass(frozen=True, repr=False)
class QualityFigure(Drawn):
    """A drawn quality report."""

    figure: Figure
    axes: tuple[Axes, ...]
    """Class balance, sizes, then the pictures to look at."""

    def _summary(self) -> str:
        shown = len(self.axes) - 2
        return f"class balance, sizes, {shown} pictures to look at"


@in_course_style
def plot_quality(report: QualityReport) -> QualityFigure:
    """Draw a quality report: class balance, sizes, and the pictures that it found.

    Parameters
    ----------
    report
        From :func:`course_utils.images.quality.check_quality`.

    Returns
    -------
    QualityFigure
        With the ``figure`` and its ``axes``. At most six pairs of copies, those across splits
        first, and six odd pictures are shown.

    Examples
    --------
    >>> from course_utils import check_quality, load_dataset
    >>> report = check_quality(load_dataset("sample_photos"))
    >>> plot_quality(report)
    <QualityFigure: class balance, sizes, 4 pictures to look at>
    """
    pairs = list(_pairs_to_show(report))
    odd = list(_odd_to_show(report))
    pair_rows, odd_rows = -(-len(pairs) // 3), -(-len(odd) // 6)
    height = 4.2 + 2.6 * (pair_rows + odd_rows)
    figure = plt.figure(figsize=(11, height), layout="constrained")
    figure.suptitle(f"Quality of {report.caption}")
    ratios = [4.0, *([2.6] * (pair_rows + odd_rows))]
    parts = figure.subfigures(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0]
    balance, sizes = parts[0].subplots(1, 2)
    _draw_balance(balance, report)
    _draw_sizes(sizes, report)
    axes = [balance, sizes]
    for row in range(pair_rows):
        axes += _draw_pairs(parts[1 + row], pairs[3 * row : 3 * row + 3])
    for row in range(odd_rows):
        axes += _draw_odd(parts[1 + pair_rows + row], odd[6 * row : 6 * row + 6])
    set_alt_text(figure, _in_words(report))
    return QualityFigure(figure, tuple(axes))


def _draw_balance(ax: Axes, report: QualityReport) -> None:
    classes, splits = list(report.balance.index), list(report.balance.columns)
    width = 0.8 / len(splits)
    for number, split in enumerate(splits):
        left = np.arange(len(classes)) + (number - (len(splits) - 1) / 2) * width
        bars = ax.bar(left, report.balance[split], width * 0.92, label=split,
                      color=class_color(number))  # fmt: skip
        if len(classes) * len(splits) <= 16:
            ax.bar_label(bars, padding=2)
    ax.set_xticks(np.arange(len(classes)), classes)
    if len(classes) > 6:
        plt.setp(ax.get_xticklabels(), rotation=45, ha="right", rotation_mode="anchor")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(title="Pictures of each class", ylabel="pictures", ymargin=0.12)


def _draw_sizes(ax: Axes, report: QualityReport) -> None:
    readable = report.pictures[report.pictures["problem"] == ""]
    sizes = readable.groupby(["split", "width", "height"], sort=False).size().reset_index(name="n")
    splits = list(report.balance.columns)
    # Splits that share a size would hide each other: those drawn first are drawn larger.
    for number, split in enumerate(splits):
        chosen = sizes[sizes["split"] == split]
        area = (20 + 80 * chosen["n"] / sizes["n"].max()) * (1.0 + 1.5 * (len(splits) - 1 - number))
        ax.scatter(chosen["width"], chosen["height"], s=area, color=class_color(number),
                   marker=class_marker(number), alpha=0.8, label=split)  # fmt: skip
    largest = 1.15 * max(sizes["width"].max(), sizes["height"].max())
    ax.set(xlim=(0, largest), ylim=(0, largest), aspect="equal")
    n_sizes = len(sizes[["width", "height"]].drop_duplicates())
    ax.set(
        title="One size" if n_sizes == 1 else f"{n_sizes} different sizes",
        xlabel="width (pixels)",
        ylabel="height (pixels)",
    )
    # One legend serves both panels, whose splits have the same colours.
    if len(splits) > 1:
        ax.legend(title="split", loc="center left", bbox_to_anchor=(1.03, 0.5), markerscale=1)


def _pairs_to_show(report: QualityReport) -> Iterator[Any]:
    table = report.duplicates
    across = table["split_1"] != table["split_2"]
    first = table.assign(within=~across).sort_values(["within", "distance"], kind="stable")
    yield from first.head(_MOST_PAIRS).to_dict("records")


def _odd_to_show(report: QualityReport) -> Iterator[Any]:
    readable = report.pictures[report.pictures["problem"] == ""]
    usual = readable["mode"].mode().get(0, "")
    why = {
        index: ", ".join(
            reason
            for applies, reason in (
                (row["blank"], "blank"),
                (row["odd_size"], f"{row['width']} x {row['height']}"),
                (row["mode"] != usual, f"mode {row['mode']}"),
            )
            if applies
        )
        for index, row in readable.iterrows()
    }
    chosen = [index for index, reason in why.items() if reason]
    for index in chosen[:_MOST_ODD]:
        yield readable.loc[index].to_dict() | {"why": why[index]}


def _draw_pairs(part: SubFigure, pairs: list[Any]) -> list[Axes]:
    axes = part.subplots(1, 6).ravel()
    for ax in axes:
        ax.set_axis_off()
    shown = []
    for number, pair in enumerate(pairs):
        for side, (ax, kind) in enumerate(
            zip(axes[2 * number : 2 * number + 2], (pair["kind"], ""), strict=True), start=1
        ):
            ax.imshow(read_image(pair[f"path_{side}"], min_size=(200, 200)))
            lead = f"{kind} copy" if side == 1 else "of"
            ax.set_title(
                f"{lead}\n{pair[f'split_{side}']}: {pair[f'class_{side}']}\n"
                f"{_short(pair[f'path_{side}'].name)}",
                fontsize=10,
            )
            shown.append(ax)
    return shown


def _draw_odd(part: SubFigure, odd: list[Any]) -> list[Axes]:
    axes = part.subplots(1, 6).ravel()
    for ax in axes:
        ax.set_axis_off()
    for ax, picture in zip(axes, odd, strict=False):
        ax.imshow(read_image(picture["path"], min_size=(200, 200)))
        ax.set_title(
            f"{picture['why']}\n{picture['split']}: {picture['class']}\n"
            f"{_short(picture['path'].name)}",
            fontsize=10,
        )
    return list(axes[: len(odd)])


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:9]}…{name[-10:]}"


def _in_words(report: QualityReport) -> str:
    counts = "; ".join(
        f"{split}: " + ", ".join(f"{count} {label}" for label, count in column.items())
        for split, column in report.balance.items()
    )
    found = report.findings[report.findings["found"] > 0]
    problems = ", ".join(f"{row.check} ({row.found})" for row in found.itertuples(index=False))
    return f"Quality of {report.caption}. {counts}. Found: {problems or 'nothing to look at'}."
