"""The only readers of text: folders, YAML, Markdown, ignore comments, and the cache."""
