"""What staff wrote: where it lies, what it says, read once."""
