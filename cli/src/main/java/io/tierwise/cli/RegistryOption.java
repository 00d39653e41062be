package io.tierwise.cli;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TrustConfig;
import picocli.CommandLine.Mixin;

/**
 * The registry of the configuration or another, the same for every command that looks after it.
 * Whose artifacts are taken the configuration says of every registry.
 */
final class RegistryOption {
  @Mixin private ConfigOption config;
  @Mixin private RegistryPlace place;

  OpenRegistry open() {
    return place.named()
        ? place.open(config.loadIfThere().map(TierwiseConfig::trust).orElse(TrustConfig.USUAL))
        : place.open(config.load());
  }
}
