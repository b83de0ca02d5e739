"""The carriers of reservations and licences on the web and in files, one module each: `read` and `write`."""
