package io.tierwise.cli;

import io.tierwise.distill.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Shows progress on standard error: a bar on a terminal, nothing elsewhere. */
final class ProgressOption {
  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  private @Nullable ProgressBar bar;

  Progress watch() {
    return quiet || !Terminal.present() ? Progress.SILENT : this::show;
  }

  void done() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private void show(String stage, long done, long total) {
    if (bar != null && !bar.getTaskName().equals(stage)) {
      done();
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(stage)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(done);
    if (done >= total) {
      done();
    }
  }
}
