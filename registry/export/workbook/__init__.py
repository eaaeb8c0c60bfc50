"""The registry as a workbook: a sheet for each thing that people look at, and edit."""
