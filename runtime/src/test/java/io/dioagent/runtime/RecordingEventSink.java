package io.dioagent.runtime;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps all that it is told, in order, for tests. Also sees to it that what began ends exactly
 * once: what did not is in {@link #misuses} or {@link #open}. Thread-safe.
 */
public final class RecordingEventSink implements EventSink {

  /** Anything told. */
  public sealed interface Told {}

  /** See {@link EventSink#endWrite}. */
  public record WriteEnded(
      RequestInfo request, long result, long directBytes, long bufferedBytes, int ios)
      implements Told {}

  /** See {@link EventSink#endRead}. */
  public record ReadEnded(
      RequestInfo request, long result, long directBytes, long bufferedBytes, int ios)
      implements Told {}

  /** See {@link EventSink#endForce}. */
  public record ForceEnded(String path, boolean metadata, long result) implements Told {}

  /** See {@link EventSink#lostCompletion}. */
  public record Lost(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      String submitter,
      String submitterStack)
      implements Told {}

  /** See {@link EventSink#lateCompletion}. */
  public record Late(RequestInfo request, long ageNanos, long result, boolean delivered)
      implements Told {}

  /** See {@link EventSink#duplicateCompletion}. */
  public record Duplicate(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter)
      implements Told {}

  /** See {@link EventSink#unknownCompletion}. */
  public record Unknown(long id, long result) implements Told {}

  /** See {@link EventSink#completionError}. */
  public record Failed(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter)
      implements Told {}

  /** See {@link EventSink#bufferedFallback}. */
  public record Fallback(RequestInfo part, String reason) implements Told {}

  /** See {@link EventSink#pageCacheCollision}. */
  public record Collision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter)
      implements Told {}

  /** See {@link EventSink#submissionStall}. */
  public record Stall(RequestInfo request, long durationNanos, String reason) implements Told {}

  /** See {@link EventSink#taggedFile}. */
  public record Tagged(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason)
      implements Told {}

  /** See {@link EventSink#faultInjected}. */
  public record Injected(RequestInfo request, String fault) implements Told {}

  /** An answer to a begin; known by identity. */
  private record Token(String operation) {}

  private final List<Told> told = new ArrayList<>();
  private final List<String> misuses = new ArrayList<>();
  private final Set<Token> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private Supplier<Statistics> statistics;

  /** One that was told nothing yet. */
  public RecordingEventSink() {}

  /** Everything told so far, in the order in which it was. */
  public synchronized List<Told> all() {
    return List.copyOf(told);
  }

  /** What was told so far of one kind. */
  public synchronized <T extends Told> List<T> all(Class<T> kind) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The one thing of a kind. */
  public synchronized <T extends Told> T only(Class<T> kind) {
    List<T> found = all(kind);
    if (found.size() != 1) {
      throw new AssertionError(
          "expected one " + kind.getSimpleName() + ", was told " + found.size() + " in " + told);
    }
    return found.get(0);
  }

  /** Waits until that many of a kind were told, and answers all of the kind. */
  public synchronized <T extends Told> List<T> await(Class<T> kind, int count, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (all(kind).size() < count) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new AssertionError(
            "expected " + count + " of " + kind.getSimpleName() + " within " + limit + ": " + told);
      }
      wait(millis);
    }
    return all(kind);
  }

  /** Ends without a begin of their own: second ones, null, those of another operation. */
  public synchronized List<String> misuses() {
    return List.copyOf(misuses);
  }

  /** How many operations began and have not ended. */
  public synchronized int open() {
    return open.size();
  }

  /** The supplier told last; null for none. */
  public synchronized Supplier<Statistics> statistics() {
    return statistics;
  }

  /** Forgets what was told and misused; what is open stays so. */
  public synchronized void clear() {
    told.clear();
    misuses.clear();
  }

  private synchronized void tell(Told one) {
    told.add(one);
    notifyAll();
  }

  private synchronized Object begin(String operation) {
    Token token = new Token(operation);
    open.add(token);
    return token;
  }

  private synchronized void end(Object token, String operation, Told one) {
    if (!(token instanceof Token ours)
        || !ours.operation().equals(operation)
        || !open.remove(ours)) {
      misuses.add(operation + " ended with " + token + ", which is not open: " + one);
    }
    tell(one);
  }

  @Override
  public Object beginWrite() {
    return begin("write");
  }

  @Override
  public synchronized void abandonWrite(Object token) {
    if (!open.remove(token)) {
      misuses.add("write abandoned with " + token + ", which is not open");
    }
  }

  @Override
  public void endWrite(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    end(token, "write", new WriteEnded(request, result, directBytes, bufferedBytes, ios));
  }

  @Override
  public Object beginRead() {
    return begin("read");
  }

  @Override
  public void endRead(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    end(token, "read", new ReadEnded(request, result, directBytes, bufferedBytes, ios));
  }

  @Override
  public Object beginForce() {
    return begin("force");
  }

  @Override
  public void endForce(Object token, String path, boolean metadata, long result) {
    end(token, "force", new ForceEnded(path, metadata, result));
  }

  @Override
  public void lostCompletion(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      Thread submitter) {
    tell(
        new Lost(
            request,
            ageNanos,
            deadlineNanos,
            reason,
            pending,
            submitter.getName(),
            stackOf(submitter)));
  }

  @Override
  public void lateCompletion(RequestInfo request, long ageNanos, long result, boolean delivered) {
    tell(new Late(request, ageNanos, result, delivered));
  }

  @Override
  public void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    tell(new Duplicate(request, ageNanos, result, reason, submitter));
  }

  @Override
  public void unknownCompletion(long id, long result) {
    tell(new Unknown(id, result));
  }

  @Override
  public void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    tell(new Failed(request, ageNanos, result, reason, submitter));
  }

  @Override
  public void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter) {
    tell(new Fallback(part, reason));
  }

  @Override
  public void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter) {
    tell(new Collision(part, ageNanos, policy, reason, submitter));
  }

  @Override
  public void submissionStall(RequestInfo request, long durationNanos, String reason) {
    tell(new Stall(request, durationNanos, reason));
  }

  @Override
  public void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {
    tell(new Tagged(path, direct, offsetAlignBytes, memoryAlignBytes, reason));
  }

  @Override
  public void faultInjected(RequestInfo request, String fault) {
    tell(new Injected(request, fault));
  }

  @Override
  public synchronized void statisticsFrom(Supplier<Statistics> source) {
    statistics = source;
  }

  @Override
  public void configurationFrom(Supplier<List<Setting>> source) {}

  private static String stackOf(Thread thread) {
    StringBuilder lines = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      lines.append(frame).append('\n');
    }
    return lines.toString();
  }
}
