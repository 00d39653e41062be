package io.tierwise.student.registry;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** What a registry holds, as its manifests say; nothing is verified. */
public interface RegistryListing {
  /** Every task that something was published for, by name. */
  List<String> tasks() throws IOException;

  /** A task's versions, the oldest artifact first; empty for a task that has none. */
  List<Published> versions(String task) throws IOException;

  /** Where each alias of a task points that was ever pointed. */
  SortedMap<String, String> aliases(String task) throws IOException;
}
