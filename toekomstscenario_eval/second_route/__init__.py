"""The headline figures once more, by a route that imports no other room."""
