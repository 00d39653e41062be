package io.tierwise.distill.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.WordPieces;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * An encoder with the tokenizer that its word table belongs to.
 *
 * @param parents versions of the artifacts it comes from
 */
@SuppressWarnings("ArrayRecordComponent") // a file, never compared
record EncoderModel(EncoderWeights weights, byte[] tokenizer, List<String> parents) {

  /** The pretrained MiniLM, its vocabulary reduced to a corpus. */
  static EncoderModel pretrained(List<String> texts, int commonPieces, int mostTokens)
      throws IOException {
    Vocabulary vocabulary = Vocabulary.pruned(MiniLm.tokenizer(), texts, commonPieces, mostTokens);
    EncoderWeights weights = MiniLm.load().withWords(vocabulary.rows()).withMostTokens(mostTokens);
    return new EncoderModel(weights, vocabulary.tokenizer(), List.of());
  }

  /**
   * @throws InvalidValueException where the artifact is no encoder in single precision
   */
  static EncoderModel open(Artifact artifact) throws IOException {
    String place = artifact.directory().resolve(ArtifactFiles.MODEL).toString();
    if (artifact.manifest().shape() != Shape.ENCODER) {
      throw new InvalidValueException(
          artifact.directory().toString(),
          "it is of shape '" + artifact.manifest().shape() + "'",
          "give one of shape '" + Shape.ENCODER + "'");
    }
    return new EncoderModel(
        EncoderGraph.read(place, artifact.read(ArtifactFiles.MODEL)),
        artifact.read(WordPieces.FILE),
        List.of(artifact.manifest().version()));
  }

  EncoderModel with(EncoderWeights changed) {
    return new EncoderModel(changed, tokenizer, parents);
  }

  /** [texts][tokens]. */
  int[][] tokens(List<Answered> examples) throws IOException {
    try (WordPieces pieces = WordPieces.load(WordPieces.FILE, tokenizer)) {
      return examples.stream()
          .map(each ->
              Arrays.stream(pieces.tokens(each.text())).mapToInt(Math::toIntExact).toArray())
          .toArray(int[][]::new);
    }
  }

  /** The token that stands for what cannot be written. */
  int unknown() throws IOException {
    JsonNode model = new ObjectMapper().readTree(new String(tokenizer, UTF_8)).path("model");
    return model.path("vocab").path(model.path("unk_token").asText()).intValue();
  }
}
