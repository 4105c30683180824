"""What reports share: the footage they rest on."""
