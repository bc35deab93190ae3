"""`make up` and its relatives: prepare the machine, drive the Pulumi engine, show what happens."""
