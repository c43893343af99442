"""Ground: orders at paid services, bought once and collected whatever happens."""
