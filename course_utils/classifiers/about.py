"""What a saved classifier says about itself: the network, layer, preprocessing and classes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from course_utils.networks.preprocessing import Preprocessing

__all__ = ["About"]

FORMAT = "course_utils classifier"
VERSION = 1
_DIGEST = 64


@dataclass(frozen=True)
class About:
    """What a classifier belongs to; JSON in the file, so that any tool can read it.

    Parameters
    ----------
    backbone
        Name of the network.
    weights, structure
        The digests of :class:`~course_utils.networks.identity.NetworkIdentity`: 64 hexadecimal
        digits each.
    layer
        Which layer's output the classifier gets.
    pooled
        Whether that is averaged over the positions in the picture.
    transform
        The :class:`~course_utils.networks.preprocessing.Preprocessing`, field by field.
    draft
        Whether JPEG files were decoded at a fraction of their size.
    engine, precision, device
        What computed the features.
    class_names
        One for each column of ``predict_proba``.
    n_features
        Length of a row of features.
    versions
        Package to version: scikit-learn, skops, torch and course-utils.
    saved
        When, as ``2026-11-28T12:00:00+00:00``.
    note
        Whatever the author wrote.
    """

    backbone: str
    weights: str
    structure: str
    layer: str
    pooled: bool
    transform: dict[str, Any]
    draft: bool
    engine: str
    precision: str
    device: str
    class_names: tuple[str, ...]
    n_features: int
    versions: dict[str, str]
    saved: str
    note: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            value, kind = getattr(self, field.name), str(field.type).partition("[")[0]
            wanted = {"str": str, "bool": bool, "int": int, "dict": dict, "tuple": tuple}[kind]
            if type(value) is not wanted:
                raise ValueError(f"its {field.name} is of type {type(value).__name__}, not {kind}")
        if len(self.weights) != _DIGEST or len(self.structure) != _DIGEST:
            raise ValueError("its digests of the network are not complete")
        named = all(isinstance(name, str) and name for name in self.class_names)
        if not named or len(set(self.class_names)) != len(self.class_names):
            raise ValueError("its class names are not different words")
        if not self.class_names:
            raise ValueError("it names no class")
        self.preprocessing()

    def preprocessing(self) -> Preprocessing:
        """Give the preprocessing that it was trained with.

        Raises
        ------
        ValueError
            When what is written there is none.
        """
        try:
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in self.transform.items()
            }
            return Preprocessing(**values)
        except (TypeError, ValueError) as error:
            raise ValueError(f"its preprocessing is none ({error})") from error

    def as_json(self) -> str:
        """Write it as JSON, with the format's name and version in front."""
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(content, indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: bytes | str) -> About:
        """Read what :meth:`as_json` wrote.

        Raises
        ------
        ValueError
            When it is something else, or of a later version; the message says what.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"its about.json cannot be read ({error})") from error
        if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
            raise ValueError("its about.json is not that of a saved classifier")
        version = content.pop("version", None)
        if version != VERSION:
            raise ValueError(
                f"it is of version {version!r}, and this course reads version {VERSION}; take the "
                "version of the course that wrote it, or train and save it anew"
            )
        names = {field.name for field in fields(cls)}
        if content.keys() != names:
            missing, unknown = sorted(names - content.keys()), sorted(content.keys() - names)
            raise ValueError(f"its about.json lacks {missing} and has {unknown} too many")
        if isinstance(content["class_names"], list):
            content["class_names"] = tuple(content["class_names"])
        return cls(**content)
