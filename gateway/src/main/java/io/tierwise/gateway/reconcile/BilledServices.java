package io.tierwise.gateway.reconcile;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.tier.TierName;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which service bills what a task's tier uses, told from the id of its price: {@code lambda-…},
 * {@code sagemaker-…} and {@code http-api-…} are AWS's, and so is what the user says. What else
 * there is, a model priced by the token or one's own box, is on no bill of AWS's.
 */
public final class BilledServices {
  private static final Map<String, String> BY_PREFIX =
      Map.of(
          "lambda-", "AWSLambda",
          "sagemaker-", "AmazonSageMaker",
          "http-api-", "AmazonApiGateway");

  private final Map<Use, Charged> charged = new HashMap<>();

  private record Use(String task, TierName tier) {}

  /**
   * A tier's service and how it charges.
   *
   * @param service a product code
   */
  record Charged(String service, Tariff tariff) {}

  /**
   * @param named product codes by price id, for prices of one's own
   * @param on the day whose prices hold
   */
  public BilledServices(
      TierwiseConfig config, PriceBook book, Map<String, String> named, LocalDate on) {
    for (TaskConfig task : config.tasks()) {
      put(task, TierName.LARGE, task.large().price(), book, named, on);
      put(task, TierName.STUDENT, task.student().price(), book, named, on);
      put(task, TierName.SECOND_STUDENT, task.student().price(), book, named, on);
      put(task, TierName.EXACT_CACHE, task.exactCache().price(), book, named, on);
    }
  }

  private void put(
      TaskConfig task,
      TierName tier,
      String price,
      PriceBook book,
      Map<String, String> named,
      LocalDate on) {
    Optional.ofNullable(named.get(price))
        .or(() ->
            BY_PREFIX.entrySet().stream()
                .filter(entry -> price.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst())
        .ifPresent(service ->
            charged.put(
                new Use(task.name(), tier), new Charged(service, book.price(price, on).tariff())));
  }

  Optional<Charged> of(String task, TierName tier) {
    return Optional.ofNullable(charged.get(new Use(task, tier)));
  }

  boolean knows(String service) {
    return charged.values().stream().anyMatch(each -> each.service().equals(service));
  }
}
