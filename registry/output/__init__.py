"""How a result is written: terminal, Markdown, tables, files, machine formats."""
