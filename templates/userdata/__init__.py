"""What an EC2 instance is told at its launch: one cloud-config, the same for all of a group."""
