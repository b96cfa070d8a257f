"""Serving: a site that its author looks at while writing: built anew at every save, and shown at once."""
