"""The charts wing: chart sources in, fragments out. Slow, and therefore run only when stale."""
