package io.tierwise.local;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;

/**
 * The local stand-in for the large endpoint: a sentence encoder with a trained head, in the forms
 * of OpenAI's chat completions and of SageMaker's invocations; or a network over feature vectors,
 * in the latter alone.
 */
public final class TeacherServer implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final WebServer server;
  private final Teacher teacher;

  private TeacherServer(WebServer server, Teacher teacher) {
    this.server = server;
    this.teacher = teacher;
  }

  /**
   * Listens when it returns.
   *
   * @throws io.tierwise.router.InvalidValueException where the artifact is damaged or no teacher
   * @throws BindException where the address cannot be listened on
   */
  public static TeacherServer start(TeacherOptions options) throws IOException {
    Teacher teacher = Teacher.load(Artifact.open(options.artifact()), options.threads());
    HttpRouting.Builder routing = HttpRouting.builder();
    new TeacherRoutes(teacher, options.addedLatency(), Clock.systemUTC()).addTo(routing);
    WebServer server =
        WebServer.builder()
            .host(options.host())
            .port(options.port())
            .routing(routing)
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            .build()
            .start();
    // Helidon only logs that it could not listen.
    if (!server.isRunning()) {
      teacher.close();
      throw new BindException(
          "cannot listen on %s:%d; is it taken?".formatted(options.host(), options.port()));
    }
    return new TeacherServer(server, teacher);
  }

  public int port() {
    return server.port();
  }

  /** Takes no more requests, and waits for those under way for up to 30 seconds. */
  @Override
  public void close() {
    server.stop();
    teacher.close();
  }
}
