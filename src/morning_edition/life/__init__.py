"""What becomes of an episode: embargo, correction, retraction, expiry; and the record of it."""
