package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import java.util.Optional;

/** A row for the share of written bytes left in the page cache, with the agent and without. */
interface PageCacheRow extends Row {
  @Override
  default Unit unit() {
    return Unit.PERCENT;
  }

  @Override
  default Target target() {
    return Target.SubjectAtMost.ofPageCache();
  }

  @Override
  default Optional<String> whyNot(Bench bench) {
    return bench.whyNoAgent();
  }
}
