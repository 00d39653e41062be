package io.tierwise.bench.load;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.List;

/** The load generator as seen from outside its process. */
public final class Load implements AutoCloseable {
  private final Process process;
  private final BufferedWriter turns;
  private final BufferedReader results;

  private Load(Process process) {
    this.process = process;
    this.turns = process.outputWriter();
    this.results = process.inputReader();
  }

  /**
   * @param java the command that runs a main class of this program's class path
   */
  public static Load start(List<String> java) throws IOException {
    return new Load(
        JavaProcess.of(java, LoadMain.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /**
   * @throws IOException when the generator has ended, as where it cannot connect
   */
  public Measured run(Turn turn) throws IOException {
    turns.write(turn.line());
    turns.newLine();
    turns.flush();
    String line = results.readLine();
    if (line == null) {
      throw new IOException("the load generator ended on " + turn.line());
    }
    return Measured.of(line);
  }

  @Override
  public void close() throws IOException {
    turns.close();
    process.destroy();
  }
}
