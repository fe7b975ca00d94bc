"""Paint the stand-in data set: faces of cats, dogs, foxes and big cats, from a seed alone."""

from data_scripts.painting.dataset import paint_dataset
from data_scripts.painting.poster import paint_poster, save_poster
from data_scripts.painting.scene import BIG_CATS, KINDS, paint_animal

__all__ = ["BIG_CATS", "KINDS", "paint_animal", "paint_dataset", "paint_poster", "save_poster"]
