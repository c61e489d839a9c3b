package io.dioagent.agent.hook;

import java.io.IOException;

/** An operation, to be done on a target. An abstract class: see the package on lambdas. */
abstract class Call {
  /** Answers what the hook does: a result, or {@code DioHook.NOT_MINE}. */
  abstract long on(Target target) throws IOException;
}
