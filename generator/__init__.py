"""visualposts: posts in Markdown, charts computed by Python examples, a site that works anywhere."""

__version__ = "0.1.0"
