"""The outside world's files, one module each, as tables of the contract. A format knows no rule of the domain.

May touch: the files it is given, `tables`, `money`, `ids`, `errors`, `text`. `repertoire.read`, `shares.read` and
`usage.read` return a `Reading`; a file that is not what it says raises InputError, a bad row is a row of PROBLEMS.
"""

from partita.formats.reading import FileNote, Reading

__all__ = ["FileNote", "Reading"]
