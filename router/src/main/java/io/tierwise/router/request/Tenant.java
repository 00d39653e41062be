package io.tierwise.router.request;

import io.tierwise.router.Requirement;

/** Who pays. */
public record Tenant(String name) {
  public Tenant {
    Requirement.identifier("tenant", name);
  }

  @Override
  public String toString() {
    return name;
  }
}
