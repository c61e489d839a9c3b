package io.dioagent.runtime.fault;

import io.dioagent.runtime.EventSink;
import io.dioagent.runtime.aio.AioContext;
import io.dioagent.runtime.aio.AioEngine;
import io.dioagent.runtime.aio.AioUnavailableException;
import io.dioagent.runtime.aio.PageCache;
import java.util.List;

/** Another engine, with faults in front. Each hit is told. Thread-safe. */
public final class FaultyEngine implements AioEngine {
  private final AioEngine engine;
  private final Faults faults;

  public FaultyEngine(AioEngine engine, List<FaultRule> rules, EventSink events) {
    this.engine = engine;
    faults = new Faults(rules, events);
  }

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    return new FaultyContext(engine.open(depth), faults);
  }

  @Override
  public PageCache pageCache() {
    return new FaultyPageCache(engine.pageCache(), faults);
  }
}
