package io.tierwise.student.onnx;

import ai.djl.engine.Engine;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** ONNX Runtime by way of DJL, told to stay on this machine before it starts. */
final class OnnxRuntime {
  private static final Engine ENGINE = start();

  private OnnxRuntime() {}

  static Engine engine() {
    return ENGINE;
  }

  private static Engine start() {
    // DJL asks for updates and for a second engine unless told otherwise. The second would be
    // PyTorch where it is on the class path: 400 MB of natives that a forward pass never uses.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.onnx.disable_alternative", "true");
    // ONNX Runtime reports its use to its maker, and matches the command line against expressions
    // that overflow the stack from 4,000 characters on: a long class path ends the process.
    setEnvironment("ORT_DISABLE_TELEMETRY", "1");
    return Engine.getEngine("OnnxRuntime");
  }

  /** Sets a variable of this process's own environment, which native libraries read. */
  @SuppressWarnings("restricted") // ONNX Runtime itself needs native access
  private static void setEnvironment(String name, String value) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return; // no POSIX system: there the variable has to be set outside
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    int overwrite = 1;
    try (Arena arena = Arena.ofConfined()) {
      int failed =
          (int)
              linker
                  .downcallHandle(setenv.get(), signature)
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), overwrite);
      if (failed != 0) {
        throw new IllegalStateException("cannot set " + name);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("cannot set " + name, e);
    }
  }
}
