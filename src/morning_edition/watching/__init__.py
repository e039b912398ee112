"""Feeds and folders followed: each new or changed article is produced once, whatever happens meanwhile."""
