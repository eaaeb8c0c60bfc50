"""A registry that is loaded whole: its files, its policy, and who refers to whom."""
