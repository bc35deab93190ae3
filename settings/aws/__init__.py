"""What a stack on AWS may say: one section a file, its tables, its rules, its arithmetic. Pure."""
