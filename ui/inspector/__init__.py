"""What is sent: each picture as it goes to the endpoint, with everything that is known of it."""
