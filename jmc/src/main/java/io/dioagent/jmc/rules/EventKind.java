package io.dioagent.jmc.rules;

/** The events that the rules read, by their names in a recording. */
enum EventKind {
  AGENT_CONFIGURATION("AgentConfiguration"),
  BUFFERED_FALLBACK("BufferedFallback"),
  COMPLETION_ERROR("CompletionError"),
  DUPLICATE_COMPLETION("DuplicateCompletion"),
  FAULT_INJECTED("FaultInjected"),
  FORCE("Force"),
  IN_FLIGHT("InFlight"),
  LATE_COMPLETION("LateCompletion"),
  LOST_COMPLETION("LostCompletion"),
  PAGE_CACHE_COLLISION("PageCacheCollision"),
  READ("Read"),
  RUNTIME_STATISTICS("RuntimeStatistics"),
  SUBMISSION_STALL("SubmissionStall"),
  TAGGED_FILE("TaggedFile"),
  UNKNOWN_COMPLETION("UnknownCompletion"),
  WRITE("Write");

  /** The prefix of all event names. */
  static final String PREFIX = "io.dioagent.";

  private final String simpleName;

  EventKind(String simpleName) {
    this.simpleName = simpleName;
  }

  /** Returns the name of the event type in a recording. */
  String id() {
    return PREFIX + simpleName;
  }
}
