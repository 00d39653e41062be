package io.tierwise.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The generator's process: a {@link Turn} a line comes in, what it measured goes out. */
public final class LoadMain {
  private LoadMain() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader turns =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = turns.readLine(); line != null; line = turns.readLine()) {
      System.out.println(LoadGenerator.run(Turn.of(line)).json());
    }
  }
}
