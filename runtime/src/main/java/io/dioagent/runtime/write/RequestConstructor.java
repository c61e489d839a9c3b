package io.dioagent.runtime.write;

import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;

/** Makes a request; as the constructor of {@link BlockingWrite}. */
public interface RequestConstructor<T extends BlockingWrite> {
  T of(
      Request request,
      Lane lane,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition);
}
