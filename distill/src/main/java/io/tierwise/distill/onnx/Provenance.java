package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import io.tierwise.student.artifact.Lineage;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says inside an ONNX file what made it, for whoever meets the file without its manifest: producer
 * and domain, and the lineage as {@code metadata_props}. Nothing of it depends on the time or the
 * place, so the same seed still gives the same bytes.
 */
public final class Provenance {
  /** Before the name of everything that is said. */
  public static final String PREFIX = "tierwise.provenance.";

  private static final String PRODUCER = "tierwise";
  private static final String DOMAIN = "io.tierwise";

  private Provenance() {}

  /**
   * @param model whose earlier provenance is replaced; other properties are kept
   * @return the same graph with a new provenance
   * @throws IOException where it is no ONNX file
   */
  public static byte[] stamped(byte[] model, String task, Lineage lineage) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(model);
    in.setSizeLimit(Integer.MAX_VALUE);
    OnnxMl.ModelProto.Builder stamped = OnnxMl.ModelProto.parseFrom(in).toBuilder();
    SortedMap<String, String> properties = new TreeMap<>();
    stamped.getMetadataPropsList().stream()
        .filter(property -> !property.getKey().startsWith(PREFIX))
        .forEach(property -> properties.put(property.getKey(), property.getValue()));
    properties.putAll(properties(task, lineage));
    stamped
        .setProducerName(PRODUCER)
        .setProducerVersion(lineage.codeVersion())
        .setDomain(DOMAIN)
        .clearMetadataProps();
    properties.forEach((key, value) ->
        stamped.addMetadataProps(
            OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return stamped.build().toByteArray();
  }

  private static Map<String, String> properties(String task, Lineage lineage) {
    return Map.of(
        PREFIX + "task", task,
        PREFIX + "job", lineage.job(),
        PREFIX + "parameters", joined(lineage.parameters()),
        PREFIX + "parents", String.join(",", lineage.parents()),
        PREFIX + "data-sha256", lineage.dataSha256(),
        PREFIX + "seed", Long.toString(lineage.seed()),
        PREFIX + "code-version", lineage.codeVersion());
  }

  private static String joined(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining("; "));
  }
}
