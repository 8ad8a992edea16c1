"""What came in: a folder or archive becomes the files a submission may hold."""
