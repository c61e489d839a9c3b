package io.dioagent.runtime.write;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;

/** Makes a request; as the constructor of {@link WriteRequest}. */
public interface RequestConstructor<T extends WriteRequest> {
  T of(
      FileContext file,
      Lane lane,
      RequestInfo request,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition,
      Origin origin);
}
