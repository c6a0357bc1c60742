"""Steps from each schema of the registry to the next. One that was released is never changed again."""
