package io.tierwise.student.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Cuts an ONNX graph off at one of its nodes: what that node computes becomes the graph's only
 * output, and nodes and weights that it does not need are left out, so that they cost neither time
 * nor memory. Works on the protocol buffer's own bytes; what is kept is kept as it is.
 */
final class GraphOutput {
  // Field numbers of onnx.proto, each with the wire type of what has a length.
  private static final int MODEL_GRAPH = 7 << 3 | 2;
  private static final int GRAPH_NODE = 1 << 3 | 2;
  private static final int GRAPH_INITIALIZER = 5 << 3 | 2;
  private static final int GRAPH_OUTPUT = 12 << 3 | 2;
  private static final int NODE_INPUT = 1 << 3 | 2;
  private static final int NODE_OUTPUT = 2 << 3 | 2;
  private static final int TENSOR_NAME = 8 << 3 | 2;
  private static final int VALUE_NAME = 1 << 3 | 2;
  private static final int VALUE_TYPE = 2 << 3 | 2;

  /** A tensor (field 1) whose elements (field 1) are floats (1). */
  private static final byte[] FLOATS = {1 << 3 | 2, 2, 1 << 3, 1};

  /**
   * One field of a message.
   *
   * @param content where it has a length; else nothing
   * @param whole its tag, its length and its content
   */
  @SuppressWarnings("ArrayRecordComponent") // views for one pass, never compared
  private record Field(int tag, byte[] content, byte[] whole) {}

  private GraphOutput() {}

  /**
   * @param name of a node's output, of floats; the graph's nodes come after what they need, as ONNX
   *     wants it, and none has a graph inside
   * @param model the bytes of an ONNX file
   */
  static byte[] only(String name, byte[] model) {
    ByteArrayOutputStream cut = new ByteArrayOutputStream(model.length);
    for (Field field : fields(model)) {
      cut.writeBytes(
          field.tag() == MODEL_GRAPH
              ? field(MODEL_GRAPH, graph(name, fields(field.content())))
              : field.whole());
    }
    return cut.toByteArray();
  }

  private static byte[] graph(String name, List<Field> fields) {
    Set<String> needed = new HashSet<>(Set.of(name));
    List<byte[]> kept = new ArrayList<>();
    for (Field field : fields.reversed()) {
      if (field.tag() == GRAPH_NODE) {
        List<Field> node = fields(field.content());
        if (names(node, NODE_OUTPUT).stream().anyMatch(needed::contains)) {
          needed.addAll(names(node, NODE_INPUT));
          kept.addFirst(field.whole());
        }
      }
    }
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    kept.forEach(graph::writeBytes);
    for (Field field : fields) {
      boolean whole =
          switch (field.tag()) {
            case GRAPH_NODE, GRAPH_OUTPUT -> false;
            case GRAPH_INITIALIZER ->
                needed.containsAll(names(fields(field.content()), TENSOR_NAME));
            default -> true;
          };
      if (whole) {
        graph.writeBytes(field.whole());
      }
    }
    byte[] value = joined(field(VALUE_NAME, name.getBytes(UTF_8)), field(VALUE_TYPE, FLOATS));
    graph.writeBytes(field(GRAPH_OUTPUT, value));
    return graph.toByteArray();
  }

  private static List<String> names(List<Field> fields, int tag) {
    return fields.stream()
        .filter(each -> each.tag() == tag)
        .map(each -> new String(each.content(), UTF_8))
        .toList();
  }

  private static List<Field> fields(byte[] message) {
    List<Field> fields = new ArrayList<>();
    for (int at = 0; at < message.length; ) {
      int begin = at;
      int tag = (int) number(message, at);
      at = afterNumber(message, at);
      int content = at;
      switch (tag & 7) {
        case 0 -> at = afterNumber(message, at);
        case 1 -> at += Long.BYTES;
        case 2 -> {
          content = afterNumber(message, at);
          at = content + (int) number(message, at);
        }
        case 5 -> at += Integer.BYTES;
        default -> throw new IllegalArgumentException("no ONNX file: wire type " + (tag & 7));
      }
      fields.add(
          new Field(
              tag,
              Arrays.copyOfRange(message, content, at),
              Arrays.copyOfRange(message, begin, at)));
    }
    return fields;
  }

  /** Seven bits a byte, the lowest first; all but the last have their top bit set. */
  private static long number(byte[] message, int at) {
    long number = 0;
    for (int i = at, shift = 0; ; i++, shift += 7) {
      number |= (long) (message[i] & 0x7F) << shift;
      if (message[i] >= 0) {
        return number;
      }
    }
  }

  private static int afterNumber(byte[] message, int at) {
    int i = at;
    while (message[i] < 0) {
      i++;
    }
    return i + 1;
  }

  private static byte[] field(int tag, byte[] content) {
    ByteArrayOutputStream field = new ByteArrayOutputStream(content.length + 6);
    field.write(tag);
    int length = content.length;
    for (; length > 0x7F; length >>>= 7) {
      field.write((length & 0x7F) | 0x80);
    }
    field.write(length);
    field.writeBytes(content);
    return field.toByteArray();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream(one.length + other.length);
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }
}
