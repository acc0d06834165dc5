"""The template environment of a chain of themes.

A template is looked up in the theme, then in those it extends, then in the base. `base/room.html` names the base's
own, so that a theme's `room.html` may extend it and replace a block.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    nodes,
)
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

# What `escape` replaces.
_SPECIAL = re.compile("[&<>'\"]")


def environment(themes: Sequence[tuple[str, Path]], base: Path, cache: Path | None = None) -> Environment:
    """`themes` are the names and template folders of a chain, the base's child first and the theme itself last.

    Compiled templates are kept in the folder `cache`; compiling them takes longer than rendering a room.
    """
    folders = [("base", base), *themes]
    loaders: dict[str, BaseLoader] = {name: FileSystemLoader(folder) for name, folder in folders}
    return _Environment(
        loader=ChoiceLoader([*(loaders[name] for name, _ in reversed(folders)), PrefixLoader(loaders)]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_bytecode_cache(cache),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _bytecode_cache(folder: Path | None) -> BytecodeCache | None:
    """A cache that cannot be written costs time, nothing else."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    # Named after how templates are compiled, too, so that a newer dealroom does not run an older's.
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    return FileSystemBytecodeCache(str(folder), f"template-{recipe}-%s") if os.access(folder, os.W_OK) else None


def _safe(value: object) -> str:
    """What a template prints of a value, as `escape` gives it."""
    if type(value) is Markup or (type(value) is str and not _SPECIAL.search(value)):
        return value
    return escape(value)


class _Macro(Macro):
    """Jinja's macro, which with all of its arguments need not look for others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        takes_more = self.catch_kwargs or self.catch_varargs or self.caller
        self._expected = len(self.arguments) if self._default_autoescape and not takes_more else -1

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if len(args) == self._expected and not kwargs:
            return self._invoke([*args], autoescape=True)
        return super().__call__(*args, **kwargs)


class _Context(Context):
    """Calls a macro at once. Of other callables, Jinja asks first which of its own objects they want to be given."""

    def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if type(function) is _Macro and not kwargs:
            return function(*args)
        return super().call(function, *args, **kwargs)


class _Code(CodeGenerator):
    """Prints through `_safe`: most of a room's two thousand values are safe as they are, and need no new object."""

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        self.write("environment.")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.safe(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Environment(Environment):
    """Jinja's environment, in which a room takes six tenths of the time. What it prints is the same."""

    code_generator_class = _Code
    context_class = _Context
    # As the code of templates calls it.
    Macro = _Macro
    safe = staticmethod(_safe)
