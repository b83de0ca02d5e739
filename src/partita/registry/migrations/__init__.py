"""How the registry's database came to be, step by step. Run by `registry.store`; a step that was released is final."""
