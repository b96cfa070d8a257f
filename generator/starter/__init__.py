"""Starter: new blogs, and new posts, pages and charts in them, from the templates in ``files/``."""
