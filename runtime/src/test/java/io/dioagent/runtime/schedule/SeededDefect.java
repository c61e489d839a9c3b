package io.dioagent.runtime.schedule;

import io.dioagent.runtime.schedule.Edit.Place;

/** A defect of the runtime's that a scenario has to find. */
@SuppressWarnings("ImmutableEnumChecker") // An edit changes classes, and not itself.
public enum SeededDefect {
  // Chunks on their way.
  CHANGE_NOT_NOTIFIED("PIPELINE_SETTLE", at("pipeline.ChunkQueue", "changed").without("notifyAll")),
  SEAL_FORGOTTEN_BY_WRITER(
      "PIPELINE_SEAL", at("pipeline.Pipeline", "endFilling").answering("isSealAsked", 0)),
  WRITES_TAKEN_WHILE_CLOSING(
      "PIPELINE_CLOSE", at("pipeline.Pipeline", "mayTake").without("isClosing", 0)),
  TURN_NOT_ATOMIC(
      "PIPELINE_ADMISSION", at("base.Permits", "tryAcquire").answering("compareAndSet", 1)),
  TURN_NOT_PASSED_ON("PIPELINE_ADMISSION", at("base.Permits", "release").without("wakeFirst")),
  MEMORY_NOT_PASSED_ON(
      "PIPELINE_ADMISSION", at("memory.BufferPool", "releaseUnshared").without("wakeNext")),
  MEMORY_GIVEN_BACK_TWICE(
      "PIPELINE_DRAIN", at("write.WriteRequest", "giveMemoryBack").twice("release")),
  CHUNKS_FOLLOW_WITHOUT_ORDER(
      "PIPELINE_DRAIN", at("pipeline.ChunkQueue", "canTake").answering("canFollow", 1)),
  STUCK_DRAINER_KEPT("PIPELINE_EXPIRE", at("pipeline.ChunkQueue", "ended").without("remove", 0)),
  REQUEST_ENDS_AFTER_RELEASE(
      "PIPELINE_EXPIRE_LATE", at("dio.Dio", "drop").answering("isReleased", 0)),

  // Asynchronous writes.
  REAPER_NOT_WOKEN("ASYNC_SUBMIT", at("async.Reaping", "wake").without("unpark")),
  SUBMITTER_NOT_WOKEN("ASYNC_SUBMIT", at("async.Submitting", "wake").without("unpark")),
  SUBMITTER_IDLE_TOO_LATE(
      "ASYNC_BESIDE_REAPER",
      at("async.Submitting", "submitAll").late("submitterIdle", "parkNanos")),
  EXPIRES_AFTER_ITS_END(
      "ASYNC_EXPIRE", at("write.WriteRequest", "releaseCaller").answering("expire", 1)),
  QUARANTINE_KEPT("ASYNC_EXPIRE", at("write.WriteRequest", "drained").without("endQuarantine")),
  LATE_MEMORY_LOST("ASYNC_LATE", at("write.WriteRequest", "giveMemoryBack").without("release")),
  CLOSE_NOT_NOTIFIED("ASYNC_CLOSE", at("async.AsyncFile", "leave").without("notifyAll")),
  END_LEFT_TO_THE_REAPER(
      "ASYNC_THREAD", at("async.AsyncWriter", "over").without("deliverElsewhere")),
  STUCK_REAPER_KEPT(
      "ASYNC_STUCK_REAPER", at("async.Reaping", "replaceIfStuck").without("startReaper")),

  // Callers' own writes.
  LATE_END_NOT_REPORTED("BEHIND_CALLS", at("behind.CallerCall", "leave").without("end")),
  PLACE_NOT_GIVEN_BACK("BEHIND_CALLS", at("behind.CallerCall", "leave").without("setRelease")),
  REQUEST_OF_AN_EARLIER_WRITE("BEHIND_CALLS", at("behind.CallerCall", "watch").without("take", 0)),
  OPEN_STEP_FORGOTTEN("BEHIND_LATE", at("behind.Trail", "addOpen").without("closeAll")),
  USERS_NOT_COUNTED("BEHIND_TRAIL", at("behind.Trail", "left").unguarded("users")),
  LAST_STEPS_FORGOTTEN("BEHIND_TRAIL", at("behind.Trail", "left").without("closeAll")),
  TRAIL_NOT_CLOSED("BEHIND_TRAIL", at("behind.Trail", "ended").without("closeIfLast")),
  STARTED_STEP_FORGOTTEN("BEHIND_TRAIL", at("behind.Flushes", "started").without("add")),
  STEP_ENDED_TWICE("BEHIND_TRAIL", at("behind.Flushes", "flush").twice("end")),
  BOUND_NOT_NOTIFIED("BEHIND_BOUND", at("behind.DirtyBound", "wake").without("notifyAll")),

  // Range exclusion.
  CLAIM_NOT_WOKEN("CLAIMS", at("file.PageClaims", "gone").without("wake")),
  GATE_LOOKED_AT_ONCE("CLAIMS", at("file.DirectClaims", "tryHold").unguarded("isOpen")),
  CLAIM_RELEASED_FROM_OLD_LIST("CLAIMS", at("file.DirectClaims", "tryRelease").unguarded("list"));

  private final String scenario;
  private final Edit edit;

  SeededDefect(String scenario, Edit edit) {
    this.scenario = scenario;
    this.edit = edit;
  }

  private static Place at(String className, String method) {
    return new Place(className, method);
  }

  /** The scenario that finds it. */
  public String scenario() {
    return scenario;
  }

  /** The runtime with it. */
  public ChangedLoader loader() {
    return new ChangedLoader(name(), edit);
  }
}
