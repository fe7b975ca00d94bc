"""Figures to play with: sliders in JupyterLab, and where there are none the figure as it starts.

A notebook's output may offer the same thing in several forms, and whoever shows it takes the best
one that it can. So one output carries both the sliders and a picture with its text alternative:
JupyterLab shows the sliders; the website, an editor without widgets, a converted notebook, and
JupyterLab again where the notebook was not run yet in this session, show the picture.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from html import escape
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from course_utils.plotting.alt import get_alt_text

__all__ = ["explore"]

WIDGET = "application/vnd.jupyter.widget-view+json"


def explore(draw: Callable[..., Any], **controls: Any) -> None:
    """Show a figure with a control for each of its settings.

    Parameters
    ----------
    draw : callable
        Draws one figure with pyplot, and takes each setting as an argument that has a default:
        with the defaults it draws the picture that people without controls see. Whatever it
        returns is left alone. The figure needs a text alternative: most of the course's plotting
        functions bring one, otherwise ``set_alt_text`` says it, anew for each setting.
    **controls : tuple, list, dict, or bool
        For each argument of ``draw`` what ``ipywidgets.interact`` makes a control of:
        ``(lowest, highest)`` or ``(lowest, highest, step)`` a slider, a list or a dict a menu,
        True or False a box to tick. Underscores in a name become spaces in its caption.

    Raises
    ------
    TypeError
        If an argument of ``draw`` has no control or no default, or a control no argument.
    ValueError
        If a default is not among the values of its control, ``draw`` does not draw exactly one
        figure, or the figure has no text alternative.

    Examples
    --------
    >>> from course_utils.plotting import set_alt_text
    >>> def line(slope=2.0, dashed=False):
    ...     _, ax = plt.subplots()
    ...     ax.plot([0, 1], [0, slope], "--" if dashed else "-")
    ...     set_alt_text(ax, f"A line of slope {slope}.")
    >>> explore(line, slope=(0.0, 5.0, 0.5), dashed=False)
    """
    defaults = _defaults_of(draw, controls)
    for name, default in defaults.items():
        _check_default(name, default, controls[name])
    shell = _shell()
    figure = _draw_once(draw, defaults)
    if shell is None:
        return  # a script: the figure waits for plt.show() or plt.savefig(), as any other
    from IPython.display import display

    data, metadata = _shown(figure)
    panel = _panel(draw, controls, defaults, data.get("text/html", ""))
    display({**data, **panel}, metadata=metadata, raw=True)


def _defaults_of(draw: Callable[..., Any], controls: dict[str, Any]) -> dict[str, Any]:
    parameters = inspect.signature(draw).parameters
    if not controls or set(parameters) != set(controls):
        raise TypeError(
            f"{_name(draw)} takes {', '.join(parameters) or 'no arguments'}, and controls are "
            f"given for {', '.join(controls) or 'none'}: give one control for each argument"
        )
    without = [name for name, p in parameters.items() if p.default is inspect.Parameter.empty]
    if without:
        raise TypeError(
            f"{_name(draw)} has no default for {', '.join(without)}: the defaults draw the picture "
            "that is shown where there are no controls"
        )
    return {name: parameter.default for name, parameter in parameters.items()}


def _check_default(name: str, default: Any, control: Any) -> None:
    """Refuse a default that the control cannot show: the picture and the sliders would disagree."""
    if isinstance(control, bool):
        fits = isinstance(default, bool)
    elif isinstance(control, tuple):
        whole = all(isinstance(number, int) for number in control)  # a slider of whole numbers
        fits = (
            len(control) in (2, 3)
            and control[0] <= default <= control[1]
            and (not whole or isinstance(default, int))
        )
    elif isinstance(control, dict):
        fits = any(default is value or default == value for value in control.values())
    elif isinstance(control, list):
        fits = default in control
    else:
        raise TypeError(
            f"the control of {name} is of type {type(control).__name__}: give (lowest, highest), "
            "(lowest, highest, step), a list, a dict, True or False"
        )
    if not fits:
        raise ValueError(f"{name} is {default!r} by default, which its control {control!r} lacks")


def _draw_once(draw: Callable[..., Any], settings: dict[str, Any]) -> Figure:
    before = set(plt.get_fignums())
    draw(**settings)
    new = sorted(set(plt.get_fignums()) - before)
    if len(new) != 1:
        raise ValueError(
            f"{_name(draw)} drew {len(new)} figures; explore shows exactly one (does it begin with "
            "plt.subplots(), or call a plotting function without ax=?)"
        )
    figure = plt.figure(new[0])
    if get_alt_text(figure) is None:
        plt.close(figure)
        raise ValueError(
            f"the figure of {_name(draw)} has no text alternative: let it call set_alt_text"
        )
    return figure


def _shown(figure: Figure) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the forms in which a notebook shows a figure, and close it."""
    data, metadata = _shell().display_formatter.format(figure)
    plt.close(figure)
    return data, metadata


def _panel(
    draw: Callable[..., Any], controls: dict[str, Any], defaults: dict[str, Any], picture: str
) -> dict[str, Any]:
    """Give the form of the output that has controls; nothing where ipywidgets is missing."""
    try:
        import ipywidgets
    except ImportError:
        return {}

    shown = ipywidgets.HTML(picture)
    handles = {
        name: ipywidgets.interactive.widget_from_abbrev(control, defaults[name])
        for name, control in controls.items()
    }

    def redraw(_: Any) -> None:
        settings = {name: handle.value for name, handle in handles.items()}
        before = set(plt.get_fignums())
        try:
            shown.value = _shown(_draw_once(draw, settings))[0]["text/html"]
        except Exception as error:  # the cell has long finished: nobody else could say it
            for number in set(plt.get_fignums()) - before:
                plt.close(number)
            shown.value = f"<pre>{escape(f'{type(error).__name__}: {error}')}</pre>"

    for name, handle in handles.items():
        handle.description = name.replace("_", " ")
        handle.style.description_width = "initial"
        handle.layout.width = "min(28em, 95%)"
        handle.observe(redraw, names="value")
    view = ipywidgets.VBox([*handles.values(), shown])._repr_mimebundle_()
    return {WIDGET: view[WIDGET]}


def _shell() -> Any:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _name(draw: Callable[..., Any]) -> str:
    return getattr(draw, "__name__", "draw")
