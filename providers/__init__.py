"""Resource providers of our own, for machines where no released plugin can be had."""
