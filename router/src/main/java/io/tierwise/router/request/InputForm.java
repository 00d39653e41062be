package io.tierwise.router.request;

import io.tierwise.router.Requirement;

/** What a task reads: the one form of all its inputs. */
public sealed interface InputForm {
  boolean fits(Input input);

  /** An input of this form, to try a model with. */
  Input sample();

  /** Texts. */
  record Text() implements InputForm {
    @Override
    public boolean fits(Input input) {
      return input instanceof Input.Text;
    }

    @Override
    public Input sample() {
      return new Input.Text("a sample");
    }

    @Override
    public String toString() {
      return "text";
    }
  }

  /** Feature vectors of so many numbers. */
  record Features(int dimensions) implements InputForm {
    public Features {
      Requirement.positive("dimensions", dimensions);
    }

    @Override
    public boolean fits(Input input) {
      return input instanceof Input.Features && input.bytes() == dimensions * Float.BYTES;
    }

    @Override
    public Input sample() {
      return new Input.Features(new float[dimensions]);
    }

    @Override
    public String toString() {
      return "vectors of " + dimensions + " features";
    }
  }
}
