package io.tierwise.gateway;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.contract.ContractStatus;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.router.InvalidValueException;
import java.util.List;

/** What has a contract, tasks and chats' routers and caches alike, and what is known of each. */
record Contracts(Servings servings, Parts parts) {
  List<String> names() {
    return all().stream().map(TaskConfig::name).toList();
  }

  /**
   * @throws InvalidValueException when there is none of this name
   */
  ContractStatus status(String name) {
    TaskConfig promised =
        all().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new InvalidValueException(
                    "task", "there is no task '" + name + "'", "use one of " + names()));
    return ContractStatus.of(
        promised,
        servings.now().config().isOfChat(name),
        new ContractStatus.Sources(
            parts.stores().contracts(),
            parts.stores().slices(),
            parts.stores().reviews(),
            parts.stores().feedback(),
            parts.stores().corpus(),
            new TrainingRuns(parts.stores().database(), parts.surroundings().clock()),
            parts.stores().drifts()));
  }

  private List<TaskConfig> all() {
    return servings.now().config().contracts();
  }
}
