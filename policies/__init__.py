"""Rules over what a stack registers: pure, so that tests and the engine run the same ones."""
