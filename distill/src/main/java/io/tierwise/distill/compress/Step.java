package io.tierwise.distill.compress;

/** One job of a recipe, with what is decided about it. */
public interface Step {
  /** The job's name on the command line and in recipes. */
  String job();
}
