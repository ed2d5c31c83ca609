"""What competences are called in each language and how they relate. Import from `competences`."""
