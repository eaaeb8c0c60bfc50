"""Names that the format fixes."""

FORMAT_VERSION = 1
MANIFEST = "opmodel.yaml"
STAGES = ("poc", "pilot", "production")
