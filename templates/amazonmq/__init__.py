"""The broker on AWS: what Amazon MQ lets one say of ActiveMQ."""
