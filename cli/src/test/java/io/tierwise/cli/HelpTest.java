package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What every command tells of itself. */
class HelpTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  static Stream<CommandLine> commands() {
    return below(Main.commandLine());
  }

  private static Stream<CommandLine> below(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::below));
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private static List<String> words(String commandLine) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(commandLine);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpExitsWithZeroAndNamesEveryOptionWithoutColours(CommandLine command) {
    List<String> arguments = new ArrayList<>(words(name(command)));
    arguments.removeFirst();
    arguments.add("--help");
    StringWriter out = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(arguments.toArray(String[]::new));
    String help = out.toString();
    assertEquals(0, code, help);
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertTrue(help.contains(option.longestName()), option.longestName() + " in " + help);
      assertTrue(option.description().length > 0, () -> name(command) + " " + option);
    }
    assertFalse(help.contains("\u001b["), help);
    if (command.getSubcommands().isEmpty()) {
      assertTrue(
          help.contains("Example: ./" + name(command)),
          () -> "give '" + name(command) + "' a line in examples.txt");
    }
  }

  @Test
  void everyExampleIsACommandLineThatIsUnderstood() {
    for (String example : Examples.all()) {
      List<String> arguments = words(example).subList(1, words(example).size());
      CommandLine.ParseResult parsed =
          Main.commandLine().parseArgs(arguments.toArray(String[]::new));
      assertTrue(parsed.hasSubcommand(), example);
      assertTrue(parsed.errors().isEmpty(), example);
    }
  }

  @Test
  void completionKnowsEveryCommandAndEveryLongOption() {
    String script = AutoComplete.bash("tierwise", Main.commandLine());
    commands()
        .forEach(command -> {
          assertTrue(
              name(command).equals("tierwise")
                  || script.contains(
                      "_picocli_" + name(command).replace(' ', '_').replace("-", "")),
              name(command));
          Stream.concat(
                  command.getSubcommands().keySet().stream(),
                  command.getCommandSpec().options().stream()
                      .flatMap(option -> Arrays.stream(option.names())))
              .forEach(word -> assertTrue(script.contains(word), word));
        });
  }
}
