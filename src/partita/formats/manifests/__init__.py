"""Manifests: what a model was trained on, one row for each thing, as JSONL, CSV, Parquet, Croissant or a list of URLs.

`read` gives ITEMS and DATASETS; a row that cannot be used is a row of PROBLEMS. Nothing is ever fetched.
"""

from partita.formats.manifests.manifest import ManifestReading, read
from partita.formats.manifests.stated import Stated

__all__ = ["ManifestReading", "Stated", "read"]
