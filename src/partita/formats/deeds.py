"""What a licensee has done under a licence, in a YAML file: payments, reports, attributions, deletions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from partita import money
from partita.errors import InputError
from partita.formats import small_yaml

BYTES_MOST = 4 << 20


def _amount(text: str) -> str:
    if money.micro(text) < 0:
        raise ValueError(f"{text} is below 0; write what was paid")
    return text


class Deed(BaseModel):
    """One thing done on a day; `duty` is the uid of the duty that it was done for, empty for any of its kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Literal["compensate", "inform", "attribute", "delete"]
    day: dt.date
    duty: Annotated[str, Field(max_length=500)] = ""
    amount: Annotated[str, BeforeValidator(str), AfterValidator(_amount)] = "0"
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""


_DEEDS = TypeAdapter(tuple[Deed, ...])


def read(path: Path) -> tuple[Deed, ...]:
    """The deeds at `path`; raises InputError that names the file, the deed and what is wrong with it."""
    content = small_yaml.read(path, BYTES_MOST, _Texts)
    try:
        return _DEEDS.validate_python(content)
    except (ValidationError, RecursionError) as error:
        text = str(error)
        if isinstance(error, ValidationError):
            first = error.errors(include_url=False)[0]
            text = f"deed {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise InputError(text, file=str(path), mend="See docs/check.md") from None


class _Texts(yaml.SafeLoader):
    """Numbers stay as they are written: `0.1` is exact."""


def _as_written(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Texts.add_constructor("tag:yaml.org,2002:float", _as_written)
