"""What Pulumi manages: a platform's parts as components, and the program that composes them."""
