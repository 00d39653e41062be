package io.tierwise.router.request;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One named kind of question. */
public sealed interface Task {
  String name();

  /** A question with a fixed set of answers. */
  record Classification(String name, List<Label> labels) implements Task {
    public Classification {
      Requirement.identifier("task.name", name);
      labels = List.copyOf(labels);
      if (labels.size() < 2) {
        throw new InvalidValueException(
            "task.labels", "there are " + labels.size() + " of them", "give at least two labels");
      }
      Set<Label> seen = new HashSet<>();
      for (Label label : labels) {
        if (!seen.add(label)) {
          throw new InvalidValueException(
              "task.labels", "'" + label + "' is there twice", "name each label once");
        }
      }
    }

    /** Position of a label in {@link #labels}, or -1 when it is none of them. */
    public int indexOf(Label label) {
      return labels.indexOf(label);
    }
  }

  /** A question with free text as its answer. */
  record Chat(String name) implements Task {
    public Chat {
      Requirement.identifier("task.name", name);
    }
  }
}
