"""Everything that a network consists of, apart from its weights, written down in one order.

Code of the learner's own (everything outside of the installed packages) is followed into the
functions and values that it uses. Installed packages are known by their version, and their layers'
methods by their code as well, so that a method that was replaced is noticed. Two things are not
seen: a function replaced inside an installed package's own module, and what code reads from a file.
"""

from __future__ import annotations

import builtins
import dis
import functools
import hashlib
import importlib.metadata
import os
import site
import sys
import sysconfig
import types
from enum import Enum
from typing import Any

import numpy as np
import torch
from torch import nn

__all__ = ["Description", "NotIdentifiableError", "bytes_of"]

# A network of a thousand layers has some 50,000; what refers to so many was not meant to be walked.
_MOST_PARTS = 2_000_000
# Kept as they are by every way of computing, or counted by torch anew in every process.
_WITHOUT_EFFECT = {
    "training",
    "_parameters",
    "_buffers",
    "_non_persistent_buffers_set",
    "_modules",
    "_forward_hooks",
    "_forward_hooks_with_kwargs",
    "_forward_hooks_always_called",
    "_forward_pre_hooks",
    "_forward_pre_hooks_with_kwargs",
    "_backward_hooks",
    "_backward_pre_hooks",
    "_is_full_backward_hook",
    "_state_dict_hooks",
    "_state_dict_pre_hooks",
    "_load_state_dict_pre_hooks",
    "_load_state_dict_post_hooks",
}
# What __init__ did is in the attributes.
_NO_CODE_OF_FORWARD = {"__init__", "__repr__", "extra_repr", "__module__", "__qualname__"} | {
    f"__{name}__"
    for name in [
        "doc",
        "dict",
        "weakref",
        "annotations",
        "annotate",
        "annotate_func",
        "annotations_cache",
        "firstlineno",
        "static_attributes",
        "parameters",
        "orig_bases",
        "abstractmethods",
        "type_params",
        "match_args",
    ]
}
_PLAIN = (
    *(type(None), bool, int, float, complex, str, bytes, type(...), type(NotImplemented), range),
    *(torch.Size, torch.dtype, torch.device, torch.memory_format, torch.layout),
)
_COMPILED = (
    types.BuiltinFunctionType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    types.MethodWrapperType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
)


class NotIdentifiableError(ValueError):
    """Part of a network can be told neither from an equal nor from a different one."""


def bytes_of(tensor: torch.Tensor, name: str) -> Any:
    """Give a tensor's numbers as a buffer of bytes.

    Raises
    ------
    NotIdentifiableError
        When it is of a kind whose memory does not tell its numbers (quantized, sparse, …).
    """
    known = type(tensor) in (torch.Tensor, nn.Parameter, nn.Buffer)
    if not known or tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta:
        raise NotIdentifiableError(f"{name} is no plain tensor but a {_kind_of(tensor)}")
    plain = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous()
    return plain.reshape(-1).view(torch.uint8).numpy().data


def _kind_of(thing: Any) -> str:
    if isinstance(thing, torch.Tensor) and thing.is_quantized:
        return "quantized tensor"
    return f"{type(thing).__module__}.{type(thing).__qualname__}".removeprefix("builtins.")


class Description:
    """Everything that something consists of, written down in one order."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._numbers: dict[Any, int] = {}  # of what was met before, which may be a circle
        self._alive: list[Any] = []  # an id says which object it is only while the object lives
        self._inside: set[int] = set()

    def digest(self) -> str:
        """Give the SHA-256 of all that was written down."""
        lengths = b",".join(b"%d" % len(part) for part in self._parts)
        return hashlib.sha256(lengths + b"".join(self._parts)).hexdigest()

    def add(self, thing: Any, name: str) -> None:
        """Write down one thing, called ``name`` where it cannot be identified."""
        if len(self._parts) > _MOST_PARTS:
            raise NotIdentifiableError("it refers to too many things to walk through them all")
        kind = type(thing)
        if kind in _PLAIN:
            self._write(kind.__name__, repr(thing))
        elif kind in (list, tuple, dict, set, frozenset, types.MappingProxyType):
            self._add_container(thing, name)
        elif isinstance(thing, nn.Module):
            self._add_layer(thing, name)
        elif isinstance(thing, torch.Tensor):
            self._write("tensor", str(thing.dtype), str(tuple(thing.shape)))
            self._parts.append(bytes(bytes_of(thing, name)))
        elif isinstance(thing, (np.ndarray, np.generic)) and not thing.dtype.hasobject:
            self._write("array", str(thing.dtype.descr), str(thing.shape))
            self._parts.append(thing.tobytes())
        elif isinstance(thing, Enum):
            self._write("enum", kind.__module__, kind.__qualname__, thing.name)
        elif isinstance(thing, type):
            self._add_class(thing, name)
        elif isinstance(thing, types.ModuleType):
            self._write("module", thing.__name__, _version(thing.__name__))
        else:
            self._add_code_or_object(thing, name)

    def _write(self, *words: str) -> None:
        self._parts.append("\n".join(words).encode("utf-8", "surrogatepass"))

    def _met_before(self, thing: Any, key: Any = None) -> bool:
        key = id(thing) if key is None else key
        if key in self._numbers:
            self._write("again", str(self._numbers[key]))
            return True
        self._numbers[key] = len(self._numbers)
        self._alive.append(thing)
        return False

    def _add_container(self, thing: Any, name: str) -> None:
        self._write(type(thing).__name__, str(len(thing)))
        if id(thing) in self._inside:
            self._write("circle")
            return
        self._inside.add(id(thing))
        if isinstance(thing, (set, frozenset)):
            for digest in sorted(_digest(entry, name) for entry in thing):
                self._write(digest)
        elif isinstance(thing, (dict, types.MappingProxyType)):
            for key, value in thing.items():
                self.add(key, f"a key of {name}")
                self.add(value, f"{name}[{key!r}]")
        else:
            for i, value in enumerate(thing):
                self.add(value, f"{name}[{i}]")
        self._inside.remove(id(thing))

    def _add_layer(self, layer: nn.Module, name: str) -> None:
        self._write("layer")
        if self._met_before(layer):
            return
        self._add_class(type(layer), f"the class of {name}")
        held = vars(layer)
        for attribute in sorted(held.keys() - _WITHOUT_EFFECT):
            self._write(attribute)
            self.add(held[attribute], f"{name}.{attribute}")
        for hooks, with_keywords in (
            (layer._forward_pre_hooks, layer._forward_pre_hooks_with_kwargs),
            (layer._forward_hooks, layer._forward_hooks_with_kwargs),
        ):
            self._write("hooks", str(len(hooks)))
            for number, hook in hooks.items():
                self._write(str(number in with_keywords))
                self.add(hook, f"a hook of {name}")
        for attribute, tensor in [*layer._parameters.items(), *layer._buffers.items()]:
            self._write(attribute, str(None if tensor is None else (tensor.dtype, tensor.shape)))
            if tensor is not None and attribute in layer._non_persistent_buffers_set:
                self.add(tensor, f"{name}.{attribute}")
        for attribute, child in layer._modules.items():
            self._write("child", attribute)
            self.add(child, f"{name}.{attribute}")

    def _add_class(self, kind: type, name: str) -> None:
        self._write("class", kind.__module__, kind.__qualname__)
        if kind.__module__ == "builtins" or self._met_before(kind):
            return
        self._write(_version(kind.__module__))
        installed = _is_installed_module(kind.__module__)
        for base in kind.__bases__:
            self._add_class(base, name)
        for attribute, value in sorted(vars(kind).items()):
            if attribute in _NO_CODE_OF_FORWARD or attribute == "_abc_impl":
                continue
            if isinstance(value, (staticmethod, classmethod)):
                value = value.__func__
            elif isinstance(value, property):
                value = value.fget
            elif isinstance(value, functools.cached_property):
                value = value.func
            # An installed class may hold registers of its package, which grow as modules load.
            if not installed or type(value) in _PLAIN or isinstance(value, types.FunctionType):
                self._write(attribute)
                self.add(value, f"{kind.__qualname__}.{attribute}")

    def _add_code_or_object(self, thing: Any, name: str) -> None:
        if isinstance(thing, types.FunctionType):
            self._add_function(thing, name)
        elif isinstance(thing, types.MethodType):
            self._write("method")
            self.add(thing.__self__, f"the owner of {name}")
            self.add(thing.__func__, name)
        elif isinstance(thing, _COMPILED):
            owner = getattr(thing, "__self__", None)
            self._write("compiled", str(getattr(thing, "__module__", "")), thing.__qualname__)
            if owner is not None and not isinstance(owner, (types.ModuleType, type)):
                self.add(owner, f"the owner of {name}")
        elif isinstance(thing, types.CodeType):
            self._add_code(thing)
        else:
            self._add_object(thing, name)

    def _add_function(self, function: types.FunctionType, name: str) -> None:
        self._write("function")
        if self._met_before(function):
            return
        code = function.__code__
        self._add_code(code)
        self.add(function.__defaults__, f"a default of {name}")
        self.add(function.__kwdefaults__, f"a default of {name}")
        for variable, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            self._write(variable)
            try:
                self.add(cell.cell_contents, f"{variable}, which {name} uses,")
            except ValueError as error:
                if isinstance(error, NotIdentifiableError):
                    raise
                self._write("not set yet")
        if _is_installed_file(code.co_filename):
            return
        self.add(vars(function), f"an attribute of {name}")
        for variable in sorted(_names_of_globals(code)):
            if variable in function.__globals__:
                self._write(variable)
                self._add_global(function.__globals__[variable], variable, code, name)

    def _add_global(self, value: Any, variable: str, code: types.CodeType, name: str) -> None:
        self.add(value, f"{variable}, which {name} uses,")
        own = isinstance(value, types.ModuleType) and not _is_installed_module(value.__name__)
        if own and not self._met_before((value, code), (id(value), id(code))):
            for attribute in sorted(_names_of_attributes(code) & vars(value).keys()):
                self._write(attribute)
                self._add_global(vars(value)[attribute], f"{variable}.{attribute}", code, name)

    def _add_code(self, code: types.CodeType) -> None:
        # Not where it was written: a notebook's cell lies in another "file" in every process.
        self._parts.append(code.co_code)
        self._write(code.co_name, *code.co_names, *code.co_varnames, *code.co_freevars)
        self._write(str((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)))
        self._parts.append(code.co_exceptiontable)
        for constant in code.co_consts:
            self.add(constant, code.co_name)

    def _add_object(self, thing: Any, name: str) -> None:
        """Write down what a copy would be made of; what cannot be copied is not identified."""
        self._write("object")
        self._add_class(type(thing), f"the class of {name}")
        if self._met_before(thing):
            return
        try:
            reduced = thing.__reduce_ex__(4)
        except Exception:
            reduced = None
        if reduced is None or type(thing).__module__.startswith("torch._C"):
            raise NotIdentifiableError(f"{name} is a {_kind_of(thing)}, which is not transparent")
        if isinstance(reduced, str):
            self._write(reduced)
            return
        for i, part in enumerate(reduced):
            self.add(list(part) if i in (3, 4) and part is not None else part, name)


def _digest(thing: Any, name: str) -> str:
    description = Description()
    description.add(thing, name)
    return description.digest()


@functools.cache
def _names_of_globals(code: types.CodeType) -> frozenset[str]:
    own = {
        str(instruction.argval)
        for instruction in dis.get_instructions(code)
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    return frozenset(own.union(*(_names_of_globals(c) for c in _inner(code))))


@functools.cache
def _names_of_attributes(code: types.CodeType) -> frozenset[str]:
    return frozenset(code.co_names).union(*(_names_of_attributes(c) for c in _inner(code)))


def _inner(code: types.CodeType) -> list[types.CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]


_INSTALLED = tuple(
    os.path.join(os.path.realpath(folder), "")  # noqa: PTH118 - compared as text
    for folder in {
        *(sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")),
        *site.getsitepackages(),
        site.getusersitepackages(),
    }
)


@functools.cache
def _is_installed_file(file: str) -> bool:
    return file.startswith("<frozen") or os.path.realpath(file).startswith(_INSTALLED)


def _is_installed_module(name: str) -> bool:
    file = getattr(sys.modules.get(name, builtins), "__file__", None)
    return name in sys.builtin_module_names or (file is not None and _is_installed_file(file))


@functools.cache
def _version(module: str) -> str:
    package = module.partition(".")[0]
    found = getattr(sys.modules.get(package), "__version__", None)
    if not isinstance(found, str):
        try:
            found = importlib.metadata.version(package)
        except (importlib.metadata.PackageNotFoundError, ValueError):
            found = ""
    return found
