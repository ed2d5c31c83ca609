"""The nouns, one file each. Import them from `competences`."""
