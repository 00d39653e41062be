package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.Forgotten;
import io.tierwise.gateway.store.KeyHolder;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tierwise's own: which cached answers are to be forgotten. Errors are in OpenAI's form. */
public final class CacheDialect {
  private static final String TENANT = "tenant";
  private static final String TASK = "task";
  private static final Set<String> KNOWN = Set.of(TENANT, TASK);

  private CacheDialect() {}

  /**
   * What is to be forgotten.
   *
   * @param tenant whose; null for everybody's
   * @param task of which task; null for all
   */
  public record Reach(@Nullable Tenant tenant, @Nullable String task) {}

  /**
   * A key reaches its own tenant's answers; an administrator's any tenant's, and everybody's where
   * it names none.
   *
   * @param query by name
   * @param tasks that are served
   * @throws DialectException 400, 403 or 404
   */
  public static Reach decode(Map<String, String> query, KeyHolder holder, List<String> tasks) {
    for (String name : query.keySet()) {
      if (!KNOWN.contains(name)) {
        String shown = StrictJson.excerpt(name);
        throw badRequest(shown, "Unknown parameter: '" + shown + "'.", "unknown_parameter");
      }
    }
    String task = query.get(TASK);
    if (task != null && !tasks.contains(task)) {
      throw ContractDialect.unknown(task);
    }
    String named = query.get(TENANT);
    return switch (holder) {
      case KeyHolder.Administrator administrator ->
          new Reach(named == null ? null : tenant(named), task);
      case KeyHolder.Caller caller -> new Reach(own(caller.tenant(), named), task);
    };
  }

  private static Tenant own(Tenant tenant, @Nullable String named) {
    if (named != null && !named.equals(tenant.name())) {
      throw new DialectException(
          403,
          DialectError.invalid(
              TENANT,
              "This key reaches the answers of its own tenant only: leave 'tenant' out, or use an"
                  + " administrator's key.",
              "forbidden"));
    }
    return tenant;
  }

  private static Tenant tenant(String name) {
    try {
      return new Tenant(name);
    } catch (InvalidValueException e) {
      throw badRequest(TENANT, "'tenant' is no tenant's name: " + e.fix() + ".", "invalid_value");
    }
  }

  public static Reply encode(Reach reach, Forgotten forgotten) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    Tenant tenant = reach.tenant();
    root.put(TENANT, tenant == null ? null : tenant.name());
    root.put(TASK, reach.task());
    root.putObject("forgotten")
        .put("exact", forgotten.exact())
        .put("semantic", forgotten.semantic());
    return Reply.json(200, Map.of(), root);
  }
}
