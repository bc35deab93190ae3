"""What a stack's plan needs of an account of AWS, and whether the account has it; reads only."""
