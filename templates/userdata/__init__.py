"""What an EC2 instance is given at its launch: one cloud-config, the same for all of a group."""
