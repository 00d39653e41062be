package io.tierwise.router.cost;

import io.tierwise.router.Requirement;
import io.tierwise.router.request.Tenant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whose requests count together towards a limit. */
public sealed interface Scope {
  /** Whether a request of this tenant for this task counts. */
  boolean covers(Tenant tenant, String task);

  /** As in {@code tenant acme}. */
  String text();

  /** One tenant's. */
  record OfTenant(Tenant tenant) implements Scope {
    @Override
    public boolean covers(Tenant other, String task) {
      return tenant.equals(other);
    }

    @Override
    public String text() {
      return "tenant " + tenant;
    }
  }

  /**
   * Those of several tenants that share a purse.
   *
   * @param tenants their names
   */
  record OfTeam(String name, SortedSet<String> tenants) implements Scope {
    public OfTeam {
      Requirement.identifier("team", name);
      tenants = Collections.unmodifiableSortedSet(new TreeSet<>(tenants));
    }

    @Override
    public boolean covers(Tenant tenant, String task) {
      return tenants.contains(tenant.name());
    }

    @Override
    public String text() {
      return "team " + name;
    }
  }

  /** Everybody's for one task. */
  record OfTask(String task) implements Scope {
    @Override
    public boolean covers(Tenant tenant, String other) {
      return task.equals(other);
    }

    @Override
    public String text() {
      return "task " + task;
    }
  }
}
