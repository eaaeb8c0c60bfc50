"""How the references are shown: pictures of the graph, and what refers to what."""
