"""What is owed? Tariffs, licences, charges."""
