package io.tierwise.distill.win;

import io.tierwise.student.win.WinModel;
import io.tierwise.student.win.WinRouter;
import java.util.List;

/** An outcome with what a router reads of its prompt. */
public record Example(Outcome outcome, WinModel.Reading reading) {
  /** In the outcomes' order. */
  public static List<Example> of(List<Outcome> outcomes) {
    return outcomes.parallelStream()
        .map(each -> new Example(each, WinRouter.reading(each.prompt(), each.turns())))
        .toList();
  }
}
