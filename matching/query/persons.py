"""The numbers of a batch of learners that kernels read, and how these are compiled."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
FLAGS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
"""Without reference counts (`_nrt`): nothing that is compiled so allocates, and counting every array of a tuple at
every call takes a hundred times as long as the answer (measured: 1,700 ns against 17 for `run_failures`)."""


def compiled(function: F) -> F:
    """Compiled, cached, free of the GIL; must not allocate."""
    return cast(F, fresh(numba.njit(**FLAGS)(function)))


def inlined(function: F) -> F:
    """The same, and copied into whatever calls it."""
    return cast(F, fresh(numba.njit(**FLAGS, forceinline=True)(function)))


def allocating(function: F) -> F:
    """As `compiled`, but it may allocate."""
    return cast(F, fresh(numba.njit(cache=True, nogil=True)(function)))


def fresh(dispatcher: Any) -> Any:
    """Has numba compile anew whenever any source changes that may have been copied into a function. By itself its
    cache knows the file of the function alone, and would go on serving what an earlier version of another file was
    copied into."""
    if not isinstance(dispatcher, FunctionType):  # with NUMBA_DISABLE_JIT nothing is compiled
        dispatcher._cache._cache_file._source_stamp = sources()
    return dispatcher


@cache
def sources() -> str:
    """Digest of all modules with compiled functions, and of those from which these take constants and types."""
    root = Path(__file__).parents[1]
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py"))}
    kernels = {path: text for path, text in texts.items() if "compiled" in text or "inlined" in text}
    imported = {
        root.joinpath(*name.split(".")).with_suffix(".py")
        for text in kernels.values()
        for name in re.findall(r"^from matching\.([\w.]+) import", text, re.MULTILINE)
    }
    read = "".join(text for path, text in texts.items() if path in kernels or path in imported)
    return hashlib.sha256(read.encode()).hexdigest()


def _fetch(typing: Any, array: Any, index: Any) -> Any:
    """How numba types and compiles `fetch`."""
    tools: Any = cgutils

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = tools.get_item_pointer(context, builder, signature.args[0], made, [arguments[1]])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        hint = tools.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        to_read, keep, data = number(0), number(3), number(1)
        builder.call(hint, [builder.bitcast(place, byte), to_read, keep, data])
        return context.get_dummy_value()

    return types.void(array, index), generate


fetch = cast(Callable[[NDArray[Any], np.int64], None], intrinsic(_fetch))
"""In compiled code: have the processor bring an element into its cache while other work goes on."""


class Persons(NamedTuple):
    """Numbers of a batch of learners, and which row of each lookup table is theirs."""

    on: int
    horizon: int
    """Days in which whoever states no end can begin what has no date."""
    hours: NDArray[np.float64]
    """Own hours to the horizon, NaN where unknown."""
    hours_per_week: NDArray[np.float64]
    work_per_week: NDArray[np.float64]
    work_hours: NDArray[np.float64]
    """Hours of work time to the horizon, NaN where unknown."""
    leave: NDArray[np.float64]
    max_price: NDArray[np.float64]
    not_before: NDArray[np.int32]
    deadline: NDArray[np.int32]
    pause_start: NDArray[np.int64]
    pause_first: NDArray[np.int64]
    pause_last: NDArray[np.int64]
    """Spans in which nothing may take place, apart from each other and in order."""
    speed: NDArray[np.float64]
    """km an hour."""
    max_km: NDArray[np.float64]
    max_minutes: NDArray[np.float64]
    form_table: NDArray[np.int64]
    home_table: NDArray[np.int64]
    slot_table: NDArray[np.int64]
    day_table: NDArray[np.int64]
    atom_start: NDArray[np.int64]
    atoms: NDArray[np.int32]
    """Entry atoms that the learner meets."""
    exempt_start: NDArray[np.int64]
    exempt_rows: NDArray[np.int64]
    """Offers with units from which the learner is exempted, in order of row."""
    exempt_hours: NDArray[np.float64]
    form_weight: NDArray[np.float64]
    """How much form counts beside content, in [0, 1]."""
    likes_modes: NDArray[np.int64]
    """Bit i: the i-th delivery mode is liked; 0 where the learner has no such wish."""
    likes_evening: NDArray[np.int8]
    """1 likes evenings, 0 likes days, −1 has no such wish."""


class Tables(NamedTuple):
    """Answers per distinct set of conditions: row = a distinct person side, column = an offer-side code."""

    form_ok: NDArray[np.uint8]
    km: NDArray[np.float64]
    """From a home to a place by road, NaN where unknown."""
    slot_ok: NDArray[np.uint8]
    """By slot code whether the person is free; then, by weekday, whether at any time of that day."""
    days: NDArray[np.uint8]
    """By day of the catalogue's calendar: bits `BLOCKED` and `PAUSED`."""
    any_day: NDArray[np.uint8]
    """Whether any day has a bit."""
