"""What is on disk: finds, reads and orders the files of one training run."""
