package io.dioagent.samples.faults;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An application in a JVM of its own that makes the requests of a test on one of the layers, with a
 * recording. Requests run concurrently; see {@link WriterConsole}.
 */
final class Application implements Fixture {
  private final Layer layer;
  private final Duration deadline;
  private final WorkDirectory work;
  private final Process process;
  private final Writer commands;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Thread reader;
  private int dumps;

  /** Collects the options of an application, and starts it. */
  static final class Builder {
    private final WorkDirectory work;
    private final Layer layer;
    private final List<Path> files = new ArrayList<>();
    private final List<Path> untagged = new ArrayList<>();
    private final List<String> launcher = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private Duration deadline = Duration.ofSeconds(30);
    private String onCollision = "report";

    Builder(WorkDirectory work, Layer layer, Path file) {
      this.work = work;
      this.layer = layer;
      files.add(file);
    }

    Builder deadline(Duration newDeadline) {
      deadline = newDeadline;
      return this;
    }

    /** Sets the agent's option on-collision. */
    Builder onCollision(String policy) {
      onCollision = policy;
      return this;
    }

    /** Adds a file. Requests name files by index; the first is 0. */
    Builder also(Path file) {
      files.add(file);
      return this;
    }

    /** Adds an untagged file; only for the agent's layer. */
    Builder alsoUntagged(Path file) {
      untagged.add(file);
      return this;
    }

    /** Adds a command that takes the command line of the JVM. */
    Builder under(Object... command) {
      for (Object word : command) {
        launcher.add(word.toString());
      }
      return this;
    }

    /** Adds a variable, as NAME=VALUE. */
    Builder environment(String variable) {
      environment.add(variable);
      return this;
    }

    Application start() {
      List<String> command = new ArrayList<>(launcher);
      command.addAll(List.of("env", "LC_ALL=C.UTF-8"));
      command.addAll(environment);
      command.add(java());
      command.addAll(
          List.of(
              "-Xmx256m",
              // Avoids a file in /tmp, which would be left if the JVM is killed.
              "-XX:-UsePerfData",
              "-XX:TieredStopAtLevel=1",
              "-Djava.io.tmpdir=" + work.path(),
              "-XX:StartFlightRecording=settings="
                  + Recorded.settings(work)
                  + ",io.dioagent.RuntimeStatistics#period=everyChunk",
              "-Xlog:disable",
              "-Xlog:all=error:stderr"));
      if (layer == Layer.AGENT) {
        command.add("-javaagent:" + agentJar() + "=" + agentOptions());
        command.addAll(List.of("-cp", testClasses(), ChannelWriter.class.getName()));
      } else {
        Class<?> main = layer == Layer.QUEUE ? QueueWriter.class : RuntimeWriter.class;
        command.addAll(List.of("-cp", allClasses(), main.getName()));
        command.add("" + deadline.toMillis());
        command.add(onCollision.toUpperCase(Locale.ROOT));
      }
      files.forEach(file -> command.add(file.toString()));
      untagged.forEach(file -> command.add(file.toString()));
      return new Application(this, command);
    }

    private String agentOptions() {
      StringBuilder options = new StringBuilder();
      files.forEach(file -> options.append("tag=").append(file).append(','));
      return options
          + "write=sync,deadline="
          + deadline.toMillis()
          + "ms,on-collision="
          + onCollision;
    }
  }

  private Application(Builder how, List<String> command) {
    layer = how.layer;
    deadline = how.deadline;
    work = how.work;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = process.outputWriter(StandardCharsets.UTF_8);
    reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
    try {
      if (!ready.await(60, TimeUnit.SECONDS) || !said.contains("ready")) {
        close();
        throw new IllegalStateException("the application did not start: " + said);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path agentJar() {
    return Path.of(System.getProperty("dio.test.jar")).toAbsolutePath().normalize();
  }

  static String java() {
    String set = System.getProperty("dio.test.java");
    return set == null || set.isBlank()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : set;
  }

  /** Returns the classes of the application, without the runtime. */
  private static String testClasses() {
    return Path.of("target", "test-classes").toAbsolutePath().toString();
  }

  /** Returns the tests' class path without the agent, which is added by its jar. */
  static String allClasses() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path agent = agentJar().getParent();
    return Stream.of(all.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty() && !Path.of(entry).normalize().startsWith(agent))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = output.readLine()) != null; ) {
        accept(line);
      }
    } catch (IOException e) {
      said.add("its output ended with " + e);
    } finally {
      ready.countDown();
    }
  }

  private void accept(String line) {
    if (line.startsWith("ended ")) {
      String[] words = line.split(" ", 5);
      requests.get(Integer.parseInt(words[1])).ended(Ending.parse(words));
      return;
    }
    said.add(line);
    if (line.equals("ready")) {
      ready.countDown();
    }
  }

  private synchronized void say(String line) {
    try {
      commands.write(line + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the application does not listen, it said " + said, e);
    }
  }

  private synchronized Request request(String verb, int file, long offset, int lengthBytes) {
    Request request = new Request(requests.size(), file, offset, lengthBytes);
    requests.add(request);
    say(verb + " " + request.number() + " " + file + " " + offset + " " + lengthBytes);
    return request;
  }

  /** Starts a write to its first file. */
  Request write(long offset, int lengthBytes) {
    return write(0, offset, lengthBytes);
  }

  /** Starts a write to one of its files. */
  Request write(int file, long offset, int lengthBytes) {
    return request("write", file, offset, lengthBytes);
  }

  /** Starts a write of a page that cannot be read. */
  Request writeUnreadable(long offset) {
    return request("unreadable", 0, offset, Unreadable.BYTES);
  }

  /** Starts a force of its first file. */
  Request force() {
    return request("force", 0, 0, 0);
  }

  /** Waits for the end of all requests. */
  void awaitAll() {
    Wait.until(
        () -> requests.stream().allMatch(Request::hasEnded),
        () ->
            requests.stream().filter(request -> !request.hasEnded()).toList()
                + " have not ended; the application said "
                + said
                + " and waits in "
                + kernelStacks());
  }

  /** Waits for one request's end. */
  Ending await(Request request) {
    Wait.until(
        request::hasEnded,
        () -> request + " has not ended; the application waits in " + kernelStacks());
    return request.ending();
  }

  /** Returns the distinct kernel stacks of its threads. */
  Set<String> kernelStacks() {
    Set<String> stacks = new TreeSet<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc", "" + pid(), "task"))) {
      for (Path task : tasks) {
        stacks.add(kernelStack(task));
      }
    } catch (IOException e) {
      stacks.add(e.toString());
    }
    return stacks;
  }

  private static String kernelStack(Path task) {
    try {
      return Files.readString(task.resolve("stack"));
    } catch (IOException e) {
      return "a thread that has just ended";
    }
  }

  /** Returns the events recorded so far. */
  Recorded recorded() {
    Path dump = work.resolve("dump-" + process.pid() + "-" + dumps++ + ".jfr");
    say("dump " + dump);
    Wait.until(() -> said.contains("dumped " + dump), () -> "no " + dump + ": it said " + said);
    return Recorded.read(dump);
  }

  /** Waits until the kernel uses none of its memory, and returns the recorded events. */
  Recorded settled() {
    Recorded[] last = new Recorded[1];
    Wait.until(
        () -> {
          last[0] = recorded();
          return last[0].isSettled();
        },
        () -> "not settled: " + last[0].statistics());
    return last[0];
  }

  /** Ends the application, and waits for its exit. */
  void end() {
    say("end");
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the application does not end: " + said);
      }
      reader.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("the application ended with " + process.exitValue() + ": " + said);
    }
  }

  Layer layer() {
    return layer;
  }

  Duration deadline() {
    return deadline;
  }

  long pid() {
    return process.pid();
  }

  List<Request> requests() {
    return requests;
  }

  /** Returns the printed lines without results of requests. */
  List<String> said() {
    return said;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + pid() + " cannot be ended: stuck I/O");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
