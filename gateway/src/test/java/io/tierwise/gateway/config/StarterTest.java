package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.router.request.InputForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterTest {
  @TempDir private Path folder;

  @Test
  void isAConfigurationThatCanBeUsed() throws IOException {
    TierwiseConfig config =
        load(
            new Starter(
                "support",
                List.of("refund", "delivery"),
                new InputForm.Text(),
                "http://127.0.0.1:8090",
                Protocol.OPENAI,
                "support",
                null,
                "gpt-4o"));

    assertEquals(List.of("refund", "delivery"), config.tasks().getFirst().labels());
    assertEquals("http://127.0.0.1:8090", config.upstreams().get("large").url());
    assertNull(config.upstreams().get("large").apiKeyFrom());
  }

  @Test
  void quotesWhatYamlWouldTakeForSomethingElse() throws IOException {
    List<String> labels = List.of("yes", "no: never", "it's #1", "- item", "naïve");
    TierwiseConfig config =
        load(
            new Starter(
                "support",
                labels,
                new InputForm.Text(),
                "https://llm.example/v1",
                Protocol.INVOCATIONS,
                "@cf/llama",
                "LLM_KEY",
                "gpt-4o-mini"));

    assertEquals(labels, config.tasks().getFirst().labels());
    assertEquals("@cf/llama", config.upstreams().get("large").model());
    assertEquals("LLM_KEY", config.upstreams().get("large").apiKeyFrom());
    assertEquals(Protocol.INVOCATIONS, config.upstreams().get("large").protocol());
  }

  @Test
  void saysHowManyFeaturesThereAre() throws IOException {
    TierwiseConfig config =
        load(
            new Starter(
                "digits",
                List.of("0", "1"),
                new InputForm.Features(784),
                "http://127.0.0.1:8090",
                Protocol.INVOCATIONS,
                "digits",
                null,
                "lambda-request"));

    assertEquals(new InputForm.Features(784), config.tasks().getFirst().input());
  }

  private TierwiseConfig load(Starter starter) throws IOException {
    return ConfigFile.load(Files.writeString(folder.resolve("tierwise.yaml"), starter.text()));
  }
}
