"""A run as a folder to put on a ticket: comment, reports, pictures, checksums, and the commands that take it there."""
