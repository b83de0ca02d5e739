"""Text made comparable: scripts, width, case, variants, punctuation. Never romanised to compare.

Touches nothing but text: no table, no file but its own variant list. `fold` is what most callers need; `Folder` and
`ragged.Texts` do the same for whole columns.
"""

from partita.text.fold import bare, bare_all, fold, fold_all

__all__ = ["bare", "bare_all", "fold", "fold_all"]
