"""Ordered levels: CEFR for languages, VKS (parallel to EQF) for qualifications, plain numbers for the rest."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class CEFR(IntEnum):
    """Common European Framework of Reference for Languages; written as its name ("B1")."""

    A1 = 1
    A2 = 2
    B1 = 3
    B2 = 4
    C1 = 5
    C2 = 6

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(lambda level: level.name)
        )

    @classmethod
    def parse(cls, value: object) -> CEFR:
        """Read "B1", "b1" or a `CEFR`."""
        if isinstance(value, CEFR):
            return value
        if isinstance(value, str) and value.strip().upper() in cls.__members__:
            return cls[value.strip().upper()]
        raise ValueError(f"expected a CEFR level, one of {', '.join(cls.__members__)}")


def parse_level(value: object) -> object:
    """CEFR names become 1 to 6, so that A1, A2, B1 count as steps on one scale; numbers pass."""
    if isinstance(value, str) and value.strip().upper() in CEFR.__members__:
        return float(CEFR.parse(value))
    return value


Level = Annotated[float, BeforeValidator(parse_level), Field(gt=0, le=100)]
"""A level on the competence's own scale; higher is more. CEFR names are read as 1 to 6."""

VKSLevel = Annotated[int, Field(ge=1, le=8)]
"""Vlaamse kwalificatiestructuur, parallel to EQF: 4 secondary diploma, 5 graduaat, 6 bachelor, 7 master."""
