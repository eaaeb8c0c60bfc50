"""Names that the format fixes."""

FORMAT_VERSION = 1
MANIFEST = "opmodel.yaml"
BASELINE = "opmodel-baseline.yaml"
STAGES = ("poc", "pilot", "production")
PROFILES = ("ai", "service")
ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
"""An id; a regular expression that matches it whole."""
ID_WORDS = (
    "an id is at most 128 letters, digits, `.`, `_` and `-`, and begins with a letter or digit"
)
"""What an id is, for whoever wrote one that is none."""
SCHEMAS = "schemas"
"""The folder of schemas for editors, beside the manifest; no registry file stands there."""
