package io.tierwise.distill.label;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The file that a label job's answers are appended to, one line each, and what it holds already.
 */
final class AnswerLog implements AutoCloseable {
  private final FileChannel channel;
  private final Set<Input> answered;

  private AnswerLog(FileChannel channel, Set<Input> answered) {
    this.channel = channel;
    this.answered = answered;
  }

  /**
   * Opens a log, or begins one. What a crash left of a last line is cut off, and a last line that
   * only lacks its end is kept.
   *
   * @throws InvalidValueException where the file is no log: nothing in it is changed then
   */
  static AnswerLog open(Path file) throws IOException {
    Set<Input> answered = new HashSet<>();
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.size() > 0) {
        recover(file, channel, answered);
      }
      channel.position(channel.size());
      return new AnswerLog(channel, answered);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  boolean holds(Input input) {
    return answered.contains(input);
  }

  /** Adds an answer to its row: all the row's own fields stay. */
  void append(Row row, Answer.Classified answer) throws IOException {
    ObjectNode line = row.fields().deepCopy();
    line.put(AnsweredFile.REFERENCE, answer.label().value());
    ObjectNode probabilities = line.putObject(AnsweredFile.PROBABILITIES);
    Distribution distribution = answer.distribution();
    for (int i = 0; i < distribution.labels().size(); i++) {
      probabilities.put(distribution.labels().get(i).value(), distribution.probability(i));
    }
    write(channel, line + "\n");
    answered.add(row.input());
  }

  @Override
  public void close() throws IOException {
    channel.force(true);
    channel.close();
  }

  private static void recover(Path file, FileChannel channel, Set<Input> answered)
      throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (JsonLines.isGzip(content)) {
      throw new InvalidValueException(
          file.toString(), "it is compressed", "give a plain .jsonl file to append to");
    }
    int end = content.length;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    boolean unended = end < content.length;
    boolean torn = unended && isTorn(file, Arrays.copyOfRange(content, end, content.length));
    int good = torn ? end : content.length;
    for (Row row : JsonLines.read(file, new ByteArrayInputStream(content, 0, good))) {
      requireAnswer(row);
      answered.add(row.input());
    }
    if (torn) {
      channel.truncate(good);
    } else if (unended) {
      channel.position(good);
      write(channel, "\n");
    }
  }

  /** Whether a last line without an end is the beginning of an object, and not all of one. */
  private static boolean isTorn(Path file, byte[] line) throws IOException {
    try {
      JsonLines.read(file, new ByteArrayInputStream(line));
      return false;
    } catch (InvalidValueException e) {
      return line[0] == '{';
    }
  }

  private static void requireAnswer(Row row) {
    if (row.label(AnsweredFile.REFERENCE).isEmpty()) {
      throw new InvalidValueException(
          row.place(),
          "it has no '" + AnsweredFile.REFERENCE + "'",
          "give a new file for the answers, or one that this job wrote");
    }
  }

  private static void write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
