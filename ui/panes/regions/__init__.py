"""Drawing on a picture: regions that are asked about and covers over what is not sent."""
