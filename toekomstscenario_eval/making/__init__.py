"""The conductors of a whole report: tasks, workers, publishing, making it again."""
