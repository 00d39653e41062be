package io.tierwise.cli;

import picocli.CommandLine.Mixin;

/** The registry of the configuration or another, the same for every command that looks after it. */
final class RegistryOption {
  @Mixin private ConfigOption config;
  @Mixin private RegistryPlace place;

  OpenRegistry open() {
    return place.open(config::load);
  }
}
