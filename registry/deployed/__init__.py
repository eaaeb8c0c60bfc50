"""What monitoring and paging systems are configured to do; knows no registry."""
