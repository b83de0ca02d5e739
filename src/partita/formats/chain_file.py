"""A chain of derivatives in a YAML file: what was made of a work, step by step."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from partita.errors import InputError
from partita.formats import small_yaml

BYTES_MOST = 1 << 20
Text = Annotated[str, Field(max_length=2000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChainStep(_Strict):
    """One thing made of the one before."""

    made_on: dt.date
    character: Text
    observed: tuple[Text, ...] = ()
    party_id: Text = ""
    target: Text = ""
    note: Text = ""


class Chain(_Strict):
    """A work and what was made of it, in the order in which it was made."""

    title: Text
    steps: tuple[ChainStep, ...] = Field(min_length=1, max_length=100)


def read(path: Path) -> Chain:
    """The chain at `path`; raises InputError that names the file, the part and what is wrong with it."""
    content = small_yaml.read(path, BYTES_MOST)
    try:
        return Chain.model_validate(content)
    except (ValidationError, RecursionError) as error:
        text = str(error)
        if isinstance(error, ValidationError):
            first = error.errors(include_url=False)[0]
            text = f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        raise InputError(text, file=str(path), mend="See docs/memes.md") from None
