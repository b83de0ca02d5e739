"""Partita, the rights engine of a collective management organisation."""

__version__ = "0.1.0"
