package io.tierwise.gateway.fuzz;

import io.tierwise.gateway.chat.StreamBytes;
import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.FeedbackDialect;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.OpenInferenceDialect;
import io.tierwise.gateway.dialect.ServedTask;
import io.tierwise.gateway.ledger.Damage;
import io.tierwise.gateway.ledger.EntryBytes;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.onnx.GraphBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that reads bytes from outside. Whatever they are, they are read, or refused in the way
 * that is said; any other exception is a defect.
 */
enum FuzzTarget {
  OPENAI {
    @Override
    void take(byte[] bytes) {
      try {
        OPENAI_DIALECT.decode(bytes, ARRIVAL);
      } catch (DialectException e) {
        refused(e);
      }
    }
  },
  INFER_TEXT {
    @Override
    void take(byte[] bytes) {
      infer("support", bytes);
    }
  },
  INFER_FEATURES {
    @Override
    void take(byte[] bytes) {
      infer("digits", bytes);
    }
  },
  FEEDBACK {
    @Override
    void take(byte[] bytes) {
      try {
        FEEDBACK_DIALECT.decode(bytes);
      } catch (DialectException e) {
        refused(e);
      }
    }
  },
  CONFIG {
    @Override
    void take(byte[] bytes) throws IOException {
      try {
        ConfigFile.load(Files.write(file("tierwise.yaml"), bytes));
      } catch (ConfigException e) {
        require(!e.problems().isEmpty());
      }
    }
  },
  MANIFEST {
    @Override
    void take(byte[] bytes) throws IOException {
      try {
        ArtifactFiles.json(ArtifactFiles.manifest(Files.write(file("manifest.json"), bytes)));
      } catch (InvalidValueException e) {
        require(!e.trouble().isBlank());
      }
    }
  },
  LEDGER {
    @Override
    void take(byte[] bytes) throws IOException {
      read(bytes);
    }
  },
  ENTRY {
    @Override
    void take(byte[] bytes) throws IOException {
      read(EntryBytes.framed(bytes));
    }
  },
  GRAPH {
    @Override
    void take(byte[] bytes) {
      try {
        GraphBytes.read(bytes);
      } catch (IOException e) {
        require(e.getMessage() != null);
      }
    }
  },
  STREAM {
    @Override
    void take(byte[] bytes) {
      StreamBytes.read(bytes);
    }
  };

  private static final List<ServedTask> TASKS =
      List.of(
          new ServedTask(Requests.TASK, new InputForm.Text(), Duration.ofSeconds(30)),
          new ServedTask(
              new Task.Classification("digits", Requests.TASK.labels()),
              new InputForm.Features(4),
              Duration.ofSeconds(30)));
  private static final OpenAiDialect OPENAI_DIALECT = new OpenAiDialect(TASKS, Requests.NOW);
  private static final OpenInferenceDialect INFER_DIALECT = new OpenInferenceDialect(TASKS);
  private static final FeedbackDialect FEEDBACK_DIALECT = new FeedbackDialect(TASKS);
  private static final Arrival ARRIVAL =
      new Arrival("r1", new Tenant("acme"), Requests.NOW, null, null, null, Cancellation.NEVER);
  private static final Path FOLDER = folder();
  private static final String SEGMENT = "ledger-00000001.log";

  /** The folder of its corpus, among the resources of the tests. */
  String folderName() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  abstract void take(byte[] bytes) throws IOException;

  private static void infer(String task, byte[] bytes) {
    try {
      INFER_DIALECT.decode(task, null, bytes, ARRIVAL);
    } catch (DialectException e) {
      refused(e);
    }
  }

  private static void read(byte[] segment) throws IOException {
    Path file = file("ledger").resolve(SEGMENT);
    Files.createDirectories(file.getParent());
    Files.write(file, segment);
    List<Damage> damages = new ArrayList<>();
    try (Stream<LedgerEntry> entries = LedgerReader.read(file.getParent(), damages::add)) {
      entries.forEach(entry -> require(!entry.requestId().isEmpty()));
    }
  }

  private static void refused(DialectException e) {
    require(e.status() == 400 || e.status() == 404);
    require(!e.error().message().isBlank());
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("refused in another way than is said");
    }
  }

  private static Path file(String name) {
    return FOLDER.resolve(name);
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("tierwise-fuzz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
