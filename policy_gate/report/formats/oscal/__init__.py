"""The report as OSCAL assessment results."""
