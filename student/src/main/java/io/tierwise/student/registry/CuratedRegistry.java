package io.tierwise.student.registry;

/** A registry with all that its keeper needs. */
public interface CuratedRegistry
    extends Registry, RegistryHistory, RegistryListing, RegistryUpkeep {}
