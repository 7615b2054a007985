"""Many runs, unattended: finds them, reports what is new or changed, and keeps an index and a digest of changes."""
