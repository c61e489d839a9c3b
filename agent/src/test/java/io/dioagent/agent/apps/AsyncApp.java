package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;

/**
 * Asynchronous channels, used in the ways that their documentation names. Each way prints one line,
 * the same with the agent as without. Arguments: a directory and a file in it that is on the disk
 * and large enough (16 MiB); the ways, or none for all of those that need no fault.
 */
public final class AsyncApp {
  private static final String[] WAYS = {
    "future",
    "handler",
    "odd",
    "grow",
    "executor",
    "throwing",
    "waiting",
    "rejected",
    "readOnly",
    "nothing",
    "negative",
    "closed",
    "cancelled",
    "buffers",
    "locked",
    "many"
  };

  private final AsyncWrites writes;
  private final AsyncHandlers handlers;
  private final AsyncRefusals refusals;
  private final AsyncFaults faults;

  private AsyncApp(AsyncFile file) {
    writes = new AsyncWrites(file);
    handlers = new AsyncHandlers(file);
    refusals = new AsyncRefusals(file);
    faults = new AsyncFaults(file);
  }

  /** Runs the ways. */
  public static void main(String[] arguments) throws Exception {
    AsyncApp app = new AsyncApp(new AsyncFile(Path.of(arguments[0])));
    String[] ways =
        arguments.length == 1 ? WAYS : Arrays.copyOfRange(arguments, 1, arguments.length);
    for (String way : ways) {
      String said;
      try {
        said = app.run(way);
      } catch (IOException | RuntimeException | ExecutionException e) {
        said = "unexpected " + e;
      }
      System.out.println(way + ": " + said);
    }
  }

  private String run(String way) throws Exception {
    return switch (way) {
      case "future" -> writes.future();
      case "handler" -> writes.handler();
      case "odd" -> writes.odd();
      case "grow" -> writes.grow();
      case "executor" -> handlers.executor();
      case "throwing" -> handlers.throwing();
      case "waiting" -> handlers.waiting();
      case "rejected" -> handlers.rejected();
      case "readOnly" -> refusals.readOnly();
      case "nothing" -> refusals.nothing();
      case "negative" -> refusals.negative();
      case "closed" -> refusals.closed();
      case "cancelled" -> refusals.cancelled(false) + ", " + refusals.cancelled(true);
      case "buffers" -> writes.buffers();
      case "locked" -> writes.locked();
      case "many" -> writes.many();
      case "closeInFlight" -> faults.closeInFlight();
      case "failing" -> faults.failing();
      case "threads" -> faults.threads();
      case "shutDown" -> handlers.shutDown();
      case "arena" -> refusals.arena();
      default -> throw new IllegalArgumentException(way);
    };
  }
}
