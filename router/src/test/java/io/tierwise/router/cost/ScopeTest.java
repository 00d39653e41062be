package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.request.Tenant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final Tenant ACME = new Tenant("acme");
  private static final Tenant OTHER = new Tenant("other");

  @Test
  void coversItsOwnAlone() {
    Scope tenant = new Scope.OfTenant(ACME);
    Scope team = new Scope.OfTeam("sales", new TreeSet<>(List.of("acme", "third")));
    Scope task = new Scope.OfTask("triage");
    assertTrue(tenant.covers(ACME, "any"));
    assertFalse(tenant.covers(OTHER, "any"));
    assertTrue(team.covers(ACME, "any"));
    assertFalse(team.covers(OTHER, "any"));
    assertTrue(task.covers(OTHER, "triage"));
    assertFalse(task.covers(OTHER, "any"));
    assertEquals(
        List.of("tenant acme", "team sales", "task triage"),
        List.of(tenant.text(), team.text(), task.text()));
  }
}
