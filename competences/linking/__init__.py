"""Free text to concepts. Import `Linker` from `competences`."""
