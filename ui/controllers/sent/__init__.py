"""What is sent of pictures: the inspector and the line in the composer."""
