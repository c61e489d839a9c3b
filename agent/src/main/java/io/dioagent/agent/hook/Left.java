package io.dioagent.agent.hook;

/**
 * The outcome of giving an open file's operations back to the JDK.
 *
 * @param closed whether the runtime has closed all that it had open for the file
 * @param failure the exception that the application's close has to throw; null for none
 */
record Left(boolean closed, Throwable failure) {
  static final Left GONE = new Left(true, null);
  static final Left KEPT = new Left(false, null);

  boolean needsHook() {
    return !closed || failure != null;
  }
}
