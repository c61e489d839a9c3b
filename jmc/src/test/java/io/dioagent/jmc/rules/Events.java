package io.dioagent.jmc.rules;

import io.dioagent.events.AgentConfiguration;
import io.dioagent.events.BufferedFallback;
import io.dioagent.events.CompletionError;
import io.dioagent.events.DuplicateCompletion;
import io.dioagent.events.FaultInjected;
import io.dioagent.events.Force;
import io.dioagent.events.InFlight;
import io.dioagent.events.LateCompletion;
import io.dioagent.events.LostCompletion;
import io.dioagent.events.PageCacheCollision;
import io.dioagent.events.RuntimeStatistics;
import io.dioagent.events.SubmissionStall;
import io.dioagent.events.TaggedFile;
import io.dioagent.events.UnknownCompletion;
import io.dioagent.events.Write;
import java.util.concurrent.TimeUnit;

/** Commits events as the runtime does. Values that do not matter to a test are constant. */
final class Events {
  static final int LENGTH_BYTES = 4096;

  private Events() {}

  static void option(String key, String value) {
    AgentConfiguration event = new AgentConfiguration();
    event.key = key;
    event.value = value;
    event.source = "agent options";
    event.commit();
  }

  static void tagged(String path) {
    tagged(path, true, LENGTH_BYTES, "the kernel asks for offsets aligned to 512");
  }

  static void tagged(String path, boolean direct, int offsetAlign, String reason) {
    TaggedFile event = new TaggedFile();
    event.path = path;
    event.direct = direct;
    event.offsetAlign = offsetAlign;
    event.reason = reason;
    event.commit();
  }

  /** A direct write that takes this long. */
  static void write(long requestId, String path, long durationNanos) {
    Write event = new Write();
    event.begin();
    long until = System.nanoTime() + durationNanos;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    event.end();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.result = LENGTH_BYTES;
    event.directBytes = LENGTH_BYTES;
    event.ios = 1;
    event.commit();
  }

  static void write(String path, long offset, long directBytes, long bufferedBytes, int ios) {
    Write event = new Write();
    event.requestId = 1;
    event.path = path;
    event.offset = offset;
    event.length = directBytes + bufferedBytes;
    event.result = event.length;
    event.directBytes = directBytes;
    event.bufferedBytes = bufferedBytes;
    event.ios = ios;
    event.commit();
  }

  static void fallback(long requestId, String path, long offset, long length, String reason) {
    BufferedFallback event = new BufferedFallback();
    event.requestId = requestId;
    event.path = path;
    event.offset = offset;
    event.length = length;
    event.reason = reason;
    event.commit();
  }

  static void lost(long requestId, String path, long offset, String reason) {
    lost(requestId, path, offset, reason, true);
  }

  static void lost(long requestId, String path, long offset, String reason, boolean pending) {
    LostCompletion event = new LostCompletion();
    event.requestId = requestId;
    event.path = path;
    event.offset = offset;
    event.length = LENGTH_BYTES;
    event.ageNanos = TimeUnit.SECONDS.toNanos(30);
    event.deadlineNanos = TimeUnit.SECONDS.toNanos(30);
    event.reason = reason;
    event.pending = pending;
    event.submitter = "main";
    event.commit();
  }

  static void late(long requestId, String path, long ageNanos, boolean delivered) {
    LateCompletion event = new LateCompletion();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.result = LENGTH_BYTES;
    event.ageNanos = ageNanos;
    event.delivered = delivered;
    event.commit();
  }

  static void duplicate(long requestId, String path) {
    DuplicateCompletion event = new DuplicateCompletion();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.result = LENGTH_BYTES;
    event.reason = "the I/O had ended already";
    event.commit();
  }

  static void unknown(long requestId) {
    UnknownCompletion event = new UnknownCompletion();
    event.requestId = requestId;
    event.errno = 5;
    event.errnoName = "EIO";
    event.commit();
  }

  static void error(long requestId, String path, int errno, String errnoName) {
    CompletionError event = new CompletionError();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.errno = errno;
    event.errnoName = errnoName;
    event.commit();
  }

  static void force(String path, int errno, String errnoName) {
    Force event = new Force();
    event.path = path;
    event.errno = errno;
    event.errnoName = errnoName;
    event.commit();
  }

  static void stall(long requestId, String path, long stallNanos) {
    SubmissionStall event = new SubmissionStall();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.stallNanos = stallNanos;
    event.reason = "io_submit did not return";
    event.commit();
  }

  static void collision(long requestId, String path, String policy) {
    PageCacheCollision event = new PageCacheCollision();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.policy = policy;
    event.reason = "sync_file_range says EIO after the write";
    event.commit();
  }

  static void fault(long requestId, String path, String fault) {
    FaultInjected event = new FaultInjected();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.fault = fault;
    event.commit();
  }

  static void inFlight(long requestId, String path, long ageNanos, String reason) {
    InFlight event = new InFlight();
    event.requestId = requestId;
    event.path = path;
    event.offset = requestId * LENGTH_BYTES;
    event.length = LENGTH_BYTES;
    event.operation = "write";
    event.ageNanos = ageNanos;
    event.deadlineNanos = TimeUnit.SECONDS.toNanos(30);
    event.reason = reason;
    event.submitter = "main";
    event.commit();
  }

  /** Levels of what is in flight: I/Os, and operations older than a second. */
  static void levels(int inFlight, int oldInFlight) {
    RuntimeStatistics event = new RuntimeStatistics();
    event.inFlight = inFlight;
    event.oldInFlight = oldInFlight;
    event.commit();
  }

  /** Counters and levels; fields that no rule reads stay 0. */
  static void statistics(
      double writes, long directBytes, long bufferedBytes, long bufferBytes, long quarantined) {
    RuntimeStatistics event = new RuntimeStatistics();
    event.writes = writes;
    event.directBytes = directBytes;
    event.bufferedBytes = bufferedBytes;
    event.bufferBytes = bufferBytes;
    event.quarantinedBytes = quarantined;
    event.openFiles = 1;
    event.commit();
  }
}
