package io.dioagent.runtime;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.InFlightRequest;
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
 * Keeps all events in order, for tests. Also checks that each operation that began ends exactly
 * once: others are in {@link #misuses} or {@link #open}. Thread-safe.
 */
public final class RecordingEventSink implements EventSink {

  /** Any recorded event. */
  public sealed interface Recorded {}

  /** See {@link EventSink#endWrite}. */
  public record WriteEnded(
      RequestInfo request, long result, long directBytes, long bufferedBytes, int ios)
      implements Recorded {}

  /** See {@link EventSink#endRead}. */
  public record ReadEnded(
      RequestInfo request, long result, long directBytes, long bufferedBytes, int ios)
      implements Recorded {}

  /** See {@link EventSink#endForce}. */
  public record ForceEnded(String path, boolean metadata, long result) implements Recorded {}

  /** See {@link EventSink#lostCompletion}. */
  public record Lost(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      String submitter,
      String submitterStack)
      implements Recorded {}

  /** See {@link EventSink#lateCompletion}. */
  public record Late(RequestInfo request, long ageNanos, long result, boolean delivered)
      implements Recorded {}

  /** See {@link EventSink#duplicateCompletion}. */
  public record Duplicate(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter)
      implements Recorded {}

  /** See {@link EventSink#unknownCompletion}. */
  public record Unknown(long id, long result) implements Recorded {}

  /** See {@link EventSink#completionError}. */
  public record Failed(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter)
      implements Recorded {}

  /** See {@link EventSink#bufferedFallback}. */
  public record Fallback(RequestInfo part, String reason) implements Recorded {}

  /** See {@link EventSink#pageCacheCollision}. */
  public record Collision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter)
      implements Recorded {}

  /** See {@link EventSink#submissionStall}. */
  public record Stall(RequestInfo request, long durationNanos, String reason) implements Recorded {}

  /** See {@link EventSink#taggedFile}. */
  public record Tagged(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason)
      implements Recorded {}

  /** See {@link EventSink#faultInjected}. */
  public record Injected(RequestInfo request, String fault) implements Recorded {}

  /** The token of a begin; known by identity. */
  private record Token(String operation) {}

  private final List<Recorded> recorded = new ArrayList<>();
  private final List<String> misuses = new ArrayList<>();
  private final Set<Token> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private Supplier<Statistics> statistics;

  /** Makes a sink without events. */
  public RecordingEventSink() {}

  /** Returns all events so far, in their order. */
  public synchronized List<Recorded> all() {
    return List.copyOf(recorded);
  }

  /** Returns the events of one kind so far. */
  public synchronized <T extends Recorded> List<T> all(Class<T> kind) {
    return recorded.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Returns the only event of a kind. */
  public synchronized <T extends Recorded> T only(Class<T> kind) {
    List<T> found = all(kind);
    if (found.size() != 1) {
      throw new AssertionError(
          "expected one " + kind.getSimpleName() + ", got " + found.size() + " in " + recorded);
    }
    return found.get(0);
  }

  /** Waits until there are so many events of a kind, and returns all of the kind. */
  public synchronized <T extends Recorded> List<T> await(Class<T> kind, int count, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (all(kind).size() < count) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new AssertionError(
            "expected "
                + count
                + " of "
                + kind.getSimpleName()
                + " within "
                + limit
                + ": "
                + recorded);
      }
      wait(millis);
    }
    return all(kind);
  }

  /** Returns ends without a begin: second ones, null, those of another operation. */
  public synchronized List<String> misuses() {
    return List.copyOf(misuses);
  }

  /** Returns how many operations began and have not ended. */
  public synchronized int open() {
    return open.size();
  }

  /** Returns the last supplier; null for none. */
  public synchronized Supplier<Statistics> statistics() {
    return statistics;
  }

  /** Removes all events and misuses; open operations stay open. */
  public synchronized void clear() {
    recorded.clear();
    misuses.clear();
  }

  private synchronized void keep(Recorded one) {
    recorded.add(one);
    notifyAll();
  }

  private synchronized Object begin(String operation) {
    Token token = new Token(operation);
    open.add(token);
    return token;
  }

  private synchronized void end(Object token, String operation, Recorded one) {
    if (!(token instanceof Token known)
        || !known.operation().equals(operation)
        || !open.remove(known)) {
      misuses.add(operation + " ended with " + token + ", which is not open: " + one);
    }
    keep(one);
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
    keep(
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
    keep(new Late(request, ageNanos, result, delivered));
  }

  @Override
  public void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    keep(new Duplicate(request, ageNanos, result, reason, submitter));
  }

  @Override
  public void unknownCompletion(long id, long result) {
    keep(new Unknown(id, result));
  }

  @Override
  public void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    keep(new Failed(request, ageNanos, result, reason, submitter));
  }

  @Override
  public void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter) {
    keep(new Fallback(part, reason));
  }

  @Override
  public void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter) {
    keep(new Collision(part, ageNanos, policy, reason, submitter));
  }

  @Override
  public void submissionStall(RequestInfo request, long durationNanos, String reason) {
    keep(new Stall(request, durationNanos, reason));
  }

  @Override
  public void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {
    keep(new Tagged(path, direct, offsetAlignBytes, memoryAlignBytes, reason));
  }

  @Override
  public void faultInjected(RequestInfo request, String fault) {
    keep(new Injected(request, fault));
  }

  @Override
  public synchronized void statisticsFrom(Supplier<Statistics> source) {
    statistics = source;
  }

  @Override
  public void inFlightFrom(Supplier<List<InFlightRequest>> source) {}

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
