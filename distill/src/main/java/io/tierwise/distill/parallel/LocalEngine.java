package io.tierwise.distill.parallel;

import ai.djl.Device;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Scope;
import io.tierwise.distill.train.Gradients.Slope;
import io.tierwise.distill.train.PyTorch;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains in this process, on the devices that are there. With several, each has a copy of the
 * parameters and a part of the batch; the parts' losses meet on the first device, and going back
 * from their sum adds up the copies' gradients. The kernels of different GPUs run at once.
 */
final class LocalEngine implements Engine {

  @Override
  public <P extends Serializable> Replicas<P> replicate(Objective<P> objective) {
    return new LocalReplicas<>(objective, devices());
  }

  @Override
  public void close() {}

  /** All GPUs; the CPU where there is none, or where the engine's natives know none. */
  static List<Device> devices() {
    ai.djl.engine.Engine engine = PyTorch.engine();
    return engine.hasCapability(StandardCapabilities.CUDA) && engine.getGpuCount() > 0
        ? IntStream.range(0, engine.getGpuCount()).mapToObj(Device::gpu).toList()
        : List.of(Device.cpu());
  }

  /** An objective on some devices. */
  static final class LocalReplicas<P extends Serializable> implements Replicas<P> {
    private final Objective<P> objective;
    private final List<Device> devices;
    private final Gradients gradients = new Gradients();

    LocalReplicas(Objective<P> objective, List<Device> devices) {
      this.objective = objective;
      this.devices = List.copyOf(devices);
    }

    @Override
    public Slope slope(P point, int[] batch) {
      if (devices.size() == 1) {
        return objective.slope(gradients, point, batch);
      }
      return gradients.of(
          (scope, parameters) -> loss(scope, point, parameters, batch),
          objective.parameters(point).toArray(Parameter[]::new));
    }

    @Override
    public void close() {
      gradients.close();
    }

    private NDArray loss(Scope scope, P point, List<NDArray> parameters, int[] batch) {
      int parts = Math.min(devices.size(), batch.length);
      NDArray sum = part(scope, point, parameters, batch, 0, parts);
      for (int part = 1; part < parts; part++) {
        sum = sum.add(part(scope, point, parameters, batch, part, parts));
      }
      return sum;
    }

    /** What a part of the batch adds to the batch's mean loss, on the first device. */
    private NDArray part(
        Scope scope, P point, List<NDArray> parameters, int[] batch, int part, int parts) {
      int from = (int) ((long) part * batch.length / parts);
      int to = (int) ((long) (part + 1) * batch.length / parts);
      Device device = devices.get(part);
      List<NDArray> copies =
          parameters.stream().map(parameter -> parameter.toDevice(device, false)).toList();
      Scope there = scope.on(device);
      return objective
          .loss(there, point, copies, Arrays.copyOfRange(batch, from, to))
          .mul(there.number((float) (to - from) / batch.length))
          .toDevice(devices.getFirst(), false);
    }
  }
}
