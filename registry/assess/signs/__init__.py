"""One sign a file: by these eight, a gap in how a system is run is told from one in its tools."""
