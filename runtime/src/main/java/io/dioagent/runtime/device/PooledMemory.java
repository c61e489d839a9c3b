package io.dioagent.runtime.device;

import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.memory.WriteMemory;

/** Buffers of the pool, within the share of a device. */
public final class PooledMemory implements WriteMemory {
  private final Device device;
  private final NativeBuffer[] buffers;

  public PooledMemory(Device device, NativeBuffer[] buffers) {
    this.device = device;
    this.buffers = buffers;
  }

  @Override
  public void quarantine() {
    device.quarantine(buffers);
  }

  @Override
  public void endQuarantine() {
    device.endQuarantine(buffers);
  }

  @Override
  public void release() {
    device.release(buffers);
  }
}
