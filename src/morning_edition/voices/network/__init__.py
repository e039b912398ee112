"""What engines over the network share: asking a server, and reading what it complains of."""
