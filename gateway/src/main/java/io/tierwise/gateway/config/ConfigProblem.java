package io.tierwise.gateway.config;

import java.nio.file.Path;

/**
 * One thing that is wrong with a file the user wrote.
 *
 * @param line from 1; 0 when the file could not be read at all
 * @param field as in {@code tasks[1].contract.epsilon}
 */
public record ConfigProblem(Path file, int line, String field, String trouble, String fix) {
  /** {@code FILE:LINE: FIELD: TROUBLE; FIX}. */
  @Override
  public String toString() {
    String place = line == 0 ? file.toString() : file + ":" + line;
    return place + ": " + field + ": " + trouble + "; " + fix;
  }
}
