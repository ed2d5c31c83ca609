"""One file per outside format: each reads files into records or a taxonomy."""
