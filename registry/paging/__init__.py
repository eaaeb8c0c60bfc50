"""Who owns a thing, who is paged for it, and what they do."""
