package io.tierwise.aws.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Moves;
import io.tierwise.student.registry.RegistryFormat;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a registry in a bucket knows of one task, in one object, so that one conditional write
 * decides between all who change it: {@code {"format": 2, "revision": 7, "writers": […], "moves":
 * […], "removing": […]}}. Format 1 was the list of moves alone.
 *
 * @param revision counts the writes, so that no two states are the same bytes: a write that is
 *     conditional on the bytes is conditional on nothing having happened
 * @param writers marks of the last writes, the newest last: a writer whose answer was lost on the
 *     way finds out by its own whether it won
 * @param removing versions that are being removed; nothing may point to them
 */
record TaskState(long revision, List<String> writers, Moves moves, SortedSet<String> removing) {
  static final TaskState NONE = new TaskState(0, List.of(), new Moves(List.of()), new TreeSet<>());

  private static final int REMEMBERED = 16;

  private static final JsonMapper JSON = new JsonMapper();

  TaskState with(Move move) {
    List<Move> all = new ArrayList<>(moves.all());
    all.add(move);
    return new TaskState(revision, writers, new Moves(all), removing);
  }

  TaskState removing(SortedSet<String> versions) {
    return new TaskState(revision, writers, moves, versions);
  }

  /** As it is written by a writer with such a mark. */
  TaskState by(String writer) {
    List<String> last = new ArrayList<>(writers);
    last.add(writer);
    return new TaskState(
        revision + 1,
        List.copyOf(last.subList(Math.max(0, last.size() - REMEMBERED), last.size())),
        moves,
        removing);
  }

  byte[] json() throws IOException {
    ObjectNode root = JSON.createObjectNode().put("format", RegistryFormat.CURRENT);
    root.put("revision", revision);
    ArrayNode marks = root.putArray("writers");
    writers.forEach(marks::add);
    ArrayNode list = root.putArray("moves");
    for (Move move : moves.all()) {
      ObjectNode node = list.addObject();
      node.put("at", move.at().toString()).put("alias", move.alias());
      node.put("version", move.version()).put("previous", move.previous());
      node.put("reason", move.reason());
    }
    ArrayNode names = root.putArray("removing");
    removing.forEach(names::add);
    return JSON.writeValueAsBytes(root);
  }

  /**
   * @param place for messages
   * @throws InvalidValueException where it is none, or one of a newer format
   */
  static TaskState parse(String place, byte[] content) throws IOException {
    try {
      JsonNode root = JSON.readTree(content);
      if (!root.isArray()) {
        RegistryFormat.require(place + ".format", root.path("format").asInt());
      }
      List<Move> moves = new ArrayList<>();
      for (JsonNode node : root.isArray() ? root : root.path("moves")) {
        moves.add(move(node));
      }
      SortedSet<String> removing = new TreeSet<>();
      root.path("removing").forEach(name -> removing.add(name.asText()));
      List<String> writers = new ArrayList<>();
      root.path("writers").forEach(mark -> writers.add(mark.asText()));
      return new TaskState(
          root.path("revision").asLong(), List.copyOf(writers), new Moves(moves), removing);
    } catch (JsonProcessingException | DateTimeException e) {
      throw new InvalidValueException(
          place,
          "it holds no recorded moves: " + e.getMessage(),
          "restore the object's version from before it was damaged");
    }
  }

  private static Move move(JsonNode node) {
    return new Move(
        Instant.parse(node.path("at").asText()),
        node.path("alias").asText(),
        node.path("version").asText(),
        node.path("previous").textValue(),
        node.path("reason").asText());
  }
}
