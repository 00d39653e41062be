package io.tierwise.distill.win;

import io.tierwise.student.win.WinModel;

/** An outcome with what a router reads of its prompt. */
public record Example(Outcome outcome, WinModel.Reading reading) {}
