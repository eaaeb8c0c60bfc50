"""The page for everybody: one self-contained HTML file that tells what a registry says."""
