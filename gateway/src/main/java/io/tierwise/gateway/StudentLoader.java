package io.tierwise.gateway;

import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Predictor;
import java.io.IOException;

/** Makes an artifact answer: in this process, or in another. */
@FunctionalInterface
public interface StudentLoader {
  Predictor load(Artifact artifact) throws IOException;
}
