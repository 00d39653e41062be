package io.tierwise.distill.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.encoder.WordPieces;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tokenizer's word pieces, reduced to what a corpus needs. Kept are the special tokens, every
 * piece of one character (so that any text the whole vocabulary can write, the reduced one can as
 * well), the first of the others (BERT lists them by frequency), and all that the corpus uses.
 *
 * @param tokenizer the reduced {@code tokenizer.json}
 * @param rows by new token: the old one, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // files and rows, never compared
public record Vocabulary(byte[] tokenizer, int[] rows) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNUSED = "[unused";

  /**
   * Reduces a vocabulary.
   *
   * @param json the whole {@code tokenizer.json}
   * @param texts the corpus
   * @param common how many of the most frequent pieces of general English are kept beside it
   * @param mostTokens of a text to read from now on
   */
  public static Vocabulary pruned(byte[] json, List<String> texts, int common, int mostTokens)
      throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(json);
    BitSet kept = used(withMostTokens(root, mostTokens), texts);
    String[] pieces = pieces(root);
    int others = 0;
    for (int token = 0; token < pieces.length; token++) {
      if (oneCharacter(pieces[token])) {
        kept.set(token);
      } else if (others < common && !special(pieces[token])) {
        others++;
        kept.set(token);
      }
    }
    root.path("added_tokens").forEach(added -> kept.set(added.path("id").intValue()));
    int[] rows = kept.stream().toArray();
    return new Vocabulary(reduced(root, pieces, rows), rows);
  }

  /** The whole vocabulary, reading so many tokens of a text. */
  static byte[] reading(byte[] json, int mostTokens) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(json);
    root.putNull("padding");
    return withMostTokens(root, mostTokens);
  }

  private static byte[] withMostTokens(ObjectNode root, int mostTokens) throws IOException {
    ((ObjectNode) root.path("truncation")).put("max_length", mostTokens);
    return JSON.writeValueAsBytes(root);
  }

  private static BitSet used(byte[] json, List<String> texts) throws IOException {
    BitSet used = new BitSet();
    try (WordPieces pieces = WordPieces.load(WordPieces.FILE, json)) {
      for (String text : texts) {
        Arrays.stream(pieces.tokens(text)).forEach(token -> used.set((int) token));
      }
    }
    return used;
  }

  private static String[] pieces(ObjectNode root) {
    JsonNode vocabulary = root.path("model").path("vocab");
    String[] pieces = new String[vocabulary.size()];
    vocabulary.properties().forEach(entry -> pieces[entry.getValue().intValue()] = entry.getKey());
    return pieces;
  }

  private static boolean oneCharacter(String piece) {
    String bare = piece.startsWith("##") && piece.length() > 2 ? piece.substring(2) : piece;
    return bare.codePointCount(0, bare.length()) == 1;
  }

  private static boolean special(String piece) {
    return piece.startsWith(UNUSED);
  }

  /** Tokens are numbered anew wherever the file names them. */
  private static byte[] reduced(ObjectNode root, String[] pieces, int[] rows) throws IOException {
    Map<Integer, Integer> renumbered = HashMap.newHashMap(rows.length);
    ObjectNode vocabulary = JSON.createObjectNode();
    for (int token = 0; token < rows.length; token++) {
      renumbered.put(rows[token], token);
      vocabulary.put(pieces[rows[token]], token);
    }
    ((ObjectNode) root.path("model")).set("vocab", vocabulary);
    for (JsonNode added : root.path("added_tokens")) {
      ((ObjectNode) added).put("id", renumbered.get(added.path("id").intValue()));
    }
    for (JsonNode special : root.path("post_processor").path("special_tokens")) {
      ArrayNode ids = (ArrayNode) special.path("ids");
      for (int i = 0; i < ids.size(); i++) {
        ids.set(i, renumbered.get(ids.path(i).intValue()));
      }
    }
    root.putNull("padding");
    return JSON.writeValueAsString(root).getBytes(UTF_8);
  }
}
