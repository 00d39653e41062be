package io.tierwise.router;

/**
 * A value that cannot be used: names the field, what is wrong with the value, and the fix.
 *
 * <p>Edges (configuration, HTTP, data files) add the place it came from; the three parts stay apart
 * so that each dialect can render them in its own form.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private final String field;
  private final String trouble;
  private final String fix;

  public InvalidValueException(String field, String trouble, String fix) {
    super(field + ": " + trouble + "; " + fix);
    this.field = field;
    this.trouble = trouble;
    this.fix = fix;
  }

  public String field() {
    return field;
  }

  public String trouble() {
    return trouble;
  }

  public String fix() {
    return fix;
  }

  /** The same trouble seen from one level further out, as in {@code tasks[2].contract.epsilon}. */
  public InvalidValueException within(String outer) {
    String path = field.startsWith("[") ? outer + field : outer + "." + field;
    return new InvalidValueException(path, trouble, fix);
  }
}
