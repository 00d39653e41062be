package io.tierwise.gateway.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a language model is asked for one of a task's labels.
 *
 * @param version the user's own name for the wording; null when it has none
 * @param system the system message; none is sent where it is blank
 * @param template the user message; it has a place for the input
 * @param examples shown before the input, in turns of their own
 * @param parser where the answer holds its label
 * @param maximumTokens of the answer
 */
public record Prompt(
    @Nullable String version,
    Template system,
    Template template,
    List<Example> examples,
    AnswerParser parser,
    StructuredOutput structuredOutput,
    int maximumTokens) {
  private static final String PLAIN =
      "Classify the user's message. Answer with exactly one of these labels,"
          + " copied letter for letter, and nothing else:\n{{labels}}";
  private static final String AS_JSON =
      "Classify the user's message. Answer with a JSON object {\"label\": LABEL} and nothing else,"
          + " where LABEL is exactly one of these, copied letter for letter:\n{{labels}}";

  /** Quotes, emphasis and a line's end around a label. */
  private static final int WRAPPING = 16;

  private static final int JSON_WRAPPING = 32;
  private static final int NAME_DIGITS = 8;

  /** A text and the answer that is right for it. */
  public record Example(String input, Label label) {}

  /** One turn of the conversation that is sent. */
  public record Message(String role, String content) {}

  public Prompt {
    examples = List.copyOf(examples);
    Requirement.positive("maximumTokens", maximumTokens);
    requireInput(template);
    requireNoInput(system);
  }

  /**
   * @throws InvalidValueException where a user message has no place for the input
   */
  public static void requireInput(Template template) {
    if (!template.has(Template.Place.INPUT)) {
      throw new InvalidValueException(
          "template", "it has no {{input}}", "put {{input}} where the text to classify goes");
    }
  }

  /**
   * @throws InvalidValueException where a system message has a place for the input
   */
  public static void requireNoInput(Template system) {
    if (system.has(Template.Place.INPUT)) {
      throw new InvalidValueException(
          "system",
          "it has {{input}}: a caller's text would speak as the system",
          "put {{input}} in template");
    }
  }

  /** What is asked where nothing is configured. */
  public static Prompt standard(Task.Classification task) {
    return new Prompt(
        null,
        Template.of(system(AnswerParser.EXACT)),
        Template.of(Template.Place.INPUT.toString()),
        List.of(),
        AnswerParser.EXACT,
        StructuredOutput.NONE,
        tokens(task, AnswerParser.EXACT));
  }

  /** The system message where none is configured. */
  public static String system(AnswerParser parser) {
    return switch (parser) {
      case EXACT, FIRST_LINE -> PLAIN;
      case JSON -> AS_JSON;
    };
  }

  /** Enough for the longest label, as no token is less than a byte. */
  public static int tokens(Task.Classification task, AnswerParser parser) {
    int longest =
        task.labels().stream()
            .mapToInt(label -> label.value().getBytes(UTF_8).length)
            .max()
            .orElseThrow();
    return longest
        + switch (parser) {
          case EXACT, FIRST_LINE -> WRAPPING;
          case JSON -> JSON_WRAPPING;
        };
  }

  /** The conversation that asks about a text. */
  public List<Message> messages(Task.Classification task, String text) {
    List<Message> messages = new ArrayList<>();
    if (!system.isBlank()) {
      messages.add(new Message("system", system.fill(task, "")));
    }
    for (Example example : examples) {
      messages.add(new Message("user", template.fill(task, example.input())));
      messages.add(new Message("assistant", parser.write(example.label().value())));
    }
    messages.add(new Message("user", template.fill(task, text)));
    return messages;
  }

  /** Changes with whatever changes what is asked or how the answer is read: 64 hex digits. */
  public String fingerprint(Task.Classification task) {
    List<String> parts = new ArrayList<>();
    parts.add(version == null ? "" : version);
    parts.add(template.source());
    task.labels().forEach(label -> parts.add(label.value()));
    messages(task, "")
        .forEach(message -> {
          parts.add(message.role());
          parts.add(message.content());
        });
    parts.add(parser.name());
    parts.add(structuredOutput.name());
    parts.add(String.valueOf(maximumTokens));
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * What ledger, headers and reports call the wording: its version and the first digits of its
   * fingerprint; empty for the standard one.
   */
  public String name(Task.Classification task) {
    if (equals(standard(task))) {
      return "";
    }
    String digits = fingerprint(task).substring(0, NAME_DIGITS);
    return version == null ? digits : version + "-" + digits;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
