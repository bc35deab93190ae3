"""What a stack file may say: typed, frozen, checked, with defaults from a profile. Pure."""
