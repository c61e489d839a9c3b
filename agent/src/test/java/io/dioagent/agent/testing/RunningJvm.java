package io.dioagent.agent.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A JVM that runs until it ends or {@link #close} destroys it. Its output is read by threads of its
 * own, so it never blocks on a full pipe.
 *
 * <p>Thread-safe.
 */
public final class RunningJvm implements AutoCloseable {
  private final Process process;
  private final String command;
  private final Duration timeout;
  private final Output out;
  private final Output err;

  RunningJvm(Process process, String command, Duration timeout) {
    this.process = process;
    this.command = command;
    this.timeout = timeout;
    out = new Output(process.getInputStream());
    err = new Output(process.getErrorStream());
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Writes a line to its stdin. */
  public void send(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has printed this text to stdout, and fails if it ends without. */
  public void awaitOut(String text) {
    out.await(printed -> printed.contains(text), "\"" + text + "\" on stdout");
  }

  /** Waits until it has printed this text to stderr, and fails if it ends without. */
  public void awaitErr(String text) {
    err.await(printed -> printed.contains(text), "\"" + text + "\" on stderr");
  }

  /** Waits for a whole line on stdout that begins so, and answers the rest of the line. */
  public String awaitLine(String prefix) {
    out.await(printed -> restOfLine(printed, prefix) != null, "a line \"" + prefix + "\"");
    return restOfLine(out.text(), prefix);
  }

  private static String restOfLine(String printed, String prefix) {
    int start = printed.startsWith(prefix) ? 0 : printed.indexOf("\n" + prefix) + 1;
    int end = printed.indexOf('\n', start);
    return end < 0 || !printed.startsWith(prefix, start)
        ? null
        : printed.substring(start + prefix.length(), end);
  }

  /** Returns its stdout so far. */
  public String out() {
    return out.text();
  }

  /** Returns its stderr so far. */
  public String err() {
    return err.text();
  }

  /** Waits for its end for the time-out it was built with. */
  public JvmResult await() {
    return await(timeout);
  }

  /** Waits for its end, and fails with all that it printed if it does not come in time. */
  public JvmResult await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + limit.toSeconds() + " s" + describe());
      }
      out.join();
      err.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return new JvmResult(command, process.exitValue(), out.text(), err.text());
  }

  /** Kills it by SIGKILL, and returns its output. */
  public JvmResult kill() {
    process.destroyForcibly();
    return await();
  }

  /** Destroys it, if it still runs, and the processes that it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String describe() {
    return "\n$ " + command + "\nstdout:\n" + out.text() + "\nstderr:\n" + err.text();
  }

  /** One stream's text so far; guarded by this. */
  private final class Output {
    private final StringBuilder text = new StringBuilder();
    private final Thread reader;
    private boolean ended;

    Output(InputStream stream) {
      reader = new Thread(() -> read(stream), "output of " + process.pid());
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      byte[] buffer = new byte[8192];
      try (stream) {
        for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
          append(new String(buffer, 0, length, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        append(""); // The process was destroyed: its output so far counts.
      }
      end();
    }

    private synchronized void append(String part) {
      text.append(part);
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    synchronized String text() {
      return text.toString();
    }

    void join() throws InterruptedException {
      reader.join(TimeUnit.SECONDS.toMillis(10));
    }

    void await(Predicate<String> condition, String expected) {
      long deadlineNanos = System.nanoTime() + timeout.toNanos();
      boolean reached;
      synchronized (this) {
        reached = condition.test(text.toString());
        while (!reached && !ended && System.nanoTime() < deadlineNanos) {
          try {
            wait(100);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            break;
          }
          reached = condition.test(text.toString());
        }
      }
      if (!reached) {
        throw new AssertionError("expected " + expected + describe());
      }
    }
  }
}
