package io.tierwise.gateway.prompt;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text with the places {@code {{input}}} and {@code {{labels}}}. It is taken apart once; what is
 * put in is never looked at for places, so that an input cannot open one.
 */
public final class Template {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([^{}]*)\\}\\}");
  private static final String OPENING = "{{";

  private final String source;
  private final List<Part> parts;

  /** What can be put in. */
  public enum Place {
    /** The text to classify. */
    INPUT,
    /** The task's labels, one a line, each after a dash. */
    LABELS;

    @Override
    public String toString() {
      return OPENING + name().toLowerCase(Locale.ROOT) + "}}";
    }
  }

  private sealed interface Part {
    record Words(String text) implements Part {}

    record Gap(Place place) implements Part {}
  }

  private Template(String source, List<Part> parts) {
    this.source = source;
    this.parts = parts;
  }

  /**
   * @throws InvalidValueException where it names a place that there is not
   */
  public static Template of(String source) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PLACE.matcher(source);
    int end = 0;
    while (matcher.find()) {
      parts.add(words(source.substring(end, matcher.start())));
      parts.add(new Part.Gap(place(matcher.group(1))));
      end = matcher.end();
    }
    parts.add(words(source.substring(end)));
    return new Template(source, List.copyOf(parts));
  }

  private static Part words(String text) {
    if (text.contains(OPENING)) {
      throw new InvalidValueException(
          "template", "a '{{' is not closed by '}}'", "write {{input}} or {{labels}}");
    }
    return new Part.Words(text);
  }

  private static Place place(String name) {
    return Arrays.stream(Place.values())
        .filter(place -> place.name().toLowerCase(Locale.ROOT).equals(name.strip()))
        .findFirst()
        .orElseThrow(() ->
            new InvalidValueException(
                "template",
                "there is no placeholder {{" + name + "}}",
                "use {{input}} or {{labels}}"));
  }

  public boolean has(Place place) {
    return parts.contains(new Part.Gap(place));
  }

  public boolean isBlank() {
    return source.isBlank();
  }

  String source() {
    return source;
  }

  /** The text for this input. */
  String fill(Task.Classification task, String input) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(
          switch (part) {
            case Part.Words words -> words.text();
            case Part.Gap gap ->
                switch (gap.place()) {
                  case INPUT -> input;
                  case LABELS -> labels(task);
                };
          });
    }
    return text.toString();
  }

  private static String labels(Task.Classification task) {
    return task.labels().stream()
        .map(Label::value)
        .map(label -> "- " + label)
        .collect(Collectors.joining("\n"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
