package io.tierwise.student.registry;

import java.io.IOException;
import java.util.List;

/** Every move of every alias, as it was recorded. */
public interface RegistryHistory {
  /** The moves of one task, oldest first; empty for a task that has none. */
  List<Move> history(String task) throws IOException;
}
