package io.dioagent.agent.contract.javadoc;

import io.dioagent.agent.contract.Bytes;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The results of an application on one side, to be compared with the other side's, and those that
 * differ from the Javadoc's promise. Thread-safe, by its monitor.
 */
public final class Seen {
  private static final String AGENTS_CAUSE = "io.dioagent.runtime.api.DirectIoException";

  private final UnaryOperator<String> anonymous;
  private final List<String> facts = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  /** Takes a function that removes the intended differences from a message. */
  Seen(UnaryOperator<String> anonymous) {
    this.anonymous = anonymous;
  }

  /** Something that answers, or throws. */
  @FunctionalInterface
  interface Call {
    Object run() throws Exception;
  }

  /** Something that is done, or throws. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /** Records a value that the Javadoc does not specify; it must be the same on both sides. */
  synchronized void value(String what, Object actual) {
    facts.add(what + ": " + anonymous.apply(String.valueOf(actual)));
  }

  /** Records a value that the Javadoc specifies. Numbers are compared regardless of their width. */
  synchronized void is(String what, Object expected, Object actual) {
    value(what, actual);
    if (!Objects.equals(widened(expected), widened(actual))) {
      broken.add(what + " is " + anonymous.apply(actual + ", expected " + expected));
    }
  }

  private static Object widened(Object value) {
    return value instanceof Integer || value instanceof Short
        ? Long.valueOf(((Number) value).longValue())
        : value;
  }

  void holds(String what, boolean actual) {
    is(what, true, actual);
  }

  /** The Javadoc leaves it open which of several it is, so both sides may be different here. */
  synchronized void isOneOf(String what, Object actual, Object... allowed) {
    boolean isAllowed = Arrays.asList(allowed).contains(actual);
    value(what + " allowed", isAllowed);
    if (!isAllowed) {
      broken.add(what + " is " + actual + ", expected one of " + Arrays.toString(allowed));
    }
  }

  /** Records the result or exception of a call; the Javadoc does not specify it. */
  void outcome(String what, Call call) {
    try {
      value(what, call.run());
    } catch (Exception e) {
      value(what, describe(e));
    }
  }

  /** Records the exception of an action, if any; the Javadoc does not specify it. */
  void outcome(String what, Action action) {
    outcome(
        what,
        () -> {
          action.run();
          return "done";
        });
  }

  void fails(Class<? extends Exception> expected, String what, Call call) {
    Object answer;
    try {
      answer = call.run();
    } catch (Exception e) {
      value(what, describe(e));
      if (!expected.isInstance(e)) {
        breaks(what + " throws " + describe(e) + ", expected " + expected.getSimpleName());
      }
      return;
    }
    value(what, answer);
    breaks(what + " answers " + answer + ", expected " + expected.getSimpleName());
  }

  void fails(Class<? extends Exception> expected, String what, Action action) {
    fails(
        expected,
        what,
        () -> {
          action.run();
          return "done";
        });
  }

  /** Where a buffer is. */
  void buffer(String what, ByteBuffer buffer) {
    value(what, buffer.position() + " to " + buffer.limit() + " of " + buffer.capacity());
  }

  /** Whether a channel is open, and where. */
  void channel(String what, FileChannel channel) throws IOException {
    value(
        what,
        channel.isOpen() ? "at " + channel.position() + " of " + channel.size() : "is closed");
  }

  /** All of a file, as a stream reads it. */
  void content(String what, byte[] expected, Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      content(what, expected, in.readAllBytes());
    }
  }

  void content(String what, byte[] expected, byte[] actual) {
    is(what, hash(expected), hash(actual));
  }

  /** Records an exception of the body itself, which must not throw. */
  void unexpected(Throwable thrown) {
    value("threw", describe(thrown));
    breaks("threw " + describe(thrown) + " at " + Arrays.toString(thrown.getStackTrace()));
  }

  synchronized void breaks(String how) {
    broken.add(anonymous.apply(how));
  }

  /** Changes the first recorded value, which the comparison must find. */
  synchronized void damage() {
    facts.set(0, facts.get(0) + "0");
  }

  synchronized List<String> facts() {
    return List.copyOf(facts);
  }

  /** Where the Javadoc's promise does not hold. */
  synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  private static String hash(byte[] bytes) {
    return bytes.length + " bytes " + Bytes.hash(ByteBuffer.wrap(bytes));
  }

  /** A cause that the agent adds is no part of the contract; everything else is. */
  private static String describe(Throwable thrown) {
    String text = thrown.getClass().getName() + " (" + thrown.getMessage() + ")";
    Throwable cause = thrown.getCause();
    return cause == null || cause.getClass().getName().equals(AGENTS_CAUSE)
        ? text
        : text + " because of " + describe(cause);
  }
}
