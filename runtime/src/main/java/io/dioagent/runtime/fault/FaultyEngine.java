package io.dioagent.runtime.fault;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.PageCache;
import java.util.List;

/** Another engine, with faults in front. Each hit is reported. Thread-safe. */
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
