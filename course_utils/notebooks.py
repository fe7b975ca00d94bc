"""What lectures need of a notebook itself: to say a sentence with results in it."""

from __future__ import annotations

__all__ = ["say"]


def say(sentence: str) -> None:
    """Show a sentence below a cell, as Markdown, so that results stand in words.

    Parameters
    ----------
    sentence : str
        Markdown, such as ``f"**{right} of {total}** are right."``. Outside of a notebook it is
        printed.

    Examples
    --------
    >>> say("**2 of 3** are right.")
    **2 of 3** are right.
    """
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import Markdown, display
    except ImportError:
        print(sentence)
        return
    if get_ipython() is None:
        print(sentence)
    else:
        display(Markdown(sentence))
