package io.tierwise.router.request;

import io.tierwise.router.InvalidValueException;

/** One answer out of a task's fixed set. */
public record Label(String value) {
  public Label {
    if (value.isBlank() || value.length() > 256) {
      throw new InvalidValueException(
          "label",
          value.isBlank() ? "it is blank" : "it has " + value.length() + " characters",
          "give 1 to 256 characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
