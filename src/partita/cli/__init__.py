"""The command line: no rule of the domain lives here."""
