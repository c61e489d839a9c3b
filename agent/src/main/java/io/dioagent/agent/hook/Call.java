package io.dioagent.agent.hook;

import java.io.IOException;

/** An operation to be performed on a target. An abstract class: see the package on lambdas. */
abstract class Call {
  /** Returns the hook's result, or {@code DioHook.NOT_MINE}. */
  abstract long on(Target target) throws IOException;
}
