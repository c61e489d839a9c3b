package io.dioagent.agent.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fresh JVM, usually with the packaged agent, that a test starts and always gets rid of.
 *
 * <pre>{@code
 * JvmResult result = AgentJvm.of(MyApp.class, "arg").agent("tag=/data/**").run();
 * }</pre>
 *
 * <p>The {@code java} that runs is {@code -Ddio.test.java}, else {@code DIO_TEST_JAVA} from the
 * environment, else the one that runs the tests; the agent is {@code -Ddio.test.jar}, else the one
 * this module packages. The class path is this module's test classes and what {@link #classpath}
 * adds. The JVM compiles as {@code -Ddio.test.jit} says, an argument for it; by default as any JVM.
 *
 * <p>Not thread-safe.
 */
public final class AgentJvm {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(3);

  private final List<String> jvmArguments = new ArrayList<>();
  private final List<Path> classpath = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> program = new ArrayList<>();
  private final List<String> runner = new ArrayList<>();
  private boolean writesByDefault;
  private String jit = System.getProperty("dio.test.jit", "");
  private Path java = javaExecutable();
  private Duration timeout = DEFAULT_TIMEOUT;

  private AgentJvm(List<String> program) {
    this.program.addAll(program);
    classpath.add(testClasses());
  }

  /** A JVM that runs a class's main, without an agent so far. */
  public static AgentJvm of(Class<?> main, String... arguments) {
    return ofMain(main.getName(), arguments);
  }

  /** A JVM that runs the main of a class known by name only. */
  public static AgentJvm ofMain(String main, String... arguments) {
    List<String> program = new ArrayList<>();
    program.add(main);
    program.addAll(List.of(arguments));
    return new AgentJvm(program);
  }

  /** {@code java -jar dio-agent.jar ARGUMENTS}. */
  public static AgentJvm ofAgentCommand(String... arguments) {
    return ofCommand(agentJar(), arguments);
  }

  /** {@code java -jar JAR ARGUMENTS}. */
  public static AgentJvm ofCommand(Path jar, String... arguments) {
    List<String> program = new ArrayList<>();
    program.add("-jar");
    program.add(jar.toString());
    program.addAll(List.of(arguments));
    AgentJvm jvm = new AgentJvm(program);
    jvm.classpath.clear();
    return jvm;
  }

  /** Adds the packaged agent with these options; null for none. May be called more than once. */
  public AgentJvm agent(String options) {
    return agent(agentJar(), options);
  }

  /** Adds an agent jar with these options; null for none. */
  public AgentJvm agent(Path jar, String options) {
    return jvm("-javaagent:" + jar + (options == null ? "" : "=" + options));
  }

  /** Lets both compilers of the JVM work, whatever the other tests do. */
  public AgentJvm compilingAsUsual() {
    jit = "";
    return this;
  }

  /** Compiles the code on a write's path at its first call, and interprets the rest. */
  public AgentJvm compilingAtOnce() {
    compilingAsUsual();
    jvm("-Xcomp", "-XX:CompileCommand=quiet");
    for (String classes :
        List.of("java/nio/*", "sun/nio/ch/*", "jdk/internal/misc/*", "io/dioagent/*")) {
      jvm("-XX:CompileCommand=compileonly," + classes + ".*");
    }
    return this;
  }

  /** Adds arguments for the JVM itself, in order. */
  public AgentJvm jvm(String... arguments) {
    jvmArguments.addAll(List.of(arguments));
    return this;
  }

  /** Runs the JVM under a command that takes its command line, such as strace with its options. */
  public AgentJvm under(String... command) {
    runner.addAll(List.of(command));
    return this;
  }

  /** Adds jars or directories at the end of the class path. */
  public AgentJvm classpath(Path... entries) {
    classpath.addAll(List.of(entries));
    return this;
  }

  /** Sets an environment variable; the rest is inherited, but for the DIO_ ones. */
  public AgentJvm environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * Leaves the write mode to the agent's default, where the options name none. Otherwise it is sync
   * there: most tests expect that a write goes direct, and is struck by faults.
   */
  public AgentJvm writingByDefault() {
    writesByDefault = true;
    return this;
  }

  /** Runs another java executable than the tests' default. */
  public AgentJvm java(Path executable) {
    java = executable;
    return this;
  }

  /** How long {@link #run} waits; by default 60 s. */
  public AgentJvm timeout(Duration duration) {
    timeout = duration;
    return this;
  }

  /** Starts the JVM, waits for its end and returns its output. */
  public JvmResult run() {
    try (RunningJvm running = start()) {
      return running.await(timeout);
    }
  }

  /** Starts the JVM. Closing the answer destroys it. */
  public RunningJvm start() {
    List<String> command = new ArrayList<>(runner);
    command.add(java.toString());
    if (!jit.isEmpty()) {
      command.add(jit);
    }
    command.addAll(jvmArguments);
    if (!classpath.isEmpty()) {
      command.add("-cp");
      command.add(join(classpath));
    }
    command.addAll(program);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> childEnvironment = builder.environment();
    childEnvironment.keySet().removeIf(name -> name.startsWith("DIO_"));
    childEnvironment.remove("JAVA_TOOL_OPTIONS");
    childEnvironment.remove("JDK_JAVA_OPTIONS");
    if (!writesByDefault) {
      childEnvironment.put("DIO_WRITE", "sync");
    }
    childEnvironment.putAll(environment);
    try {
      return new RunningJvm(builder.start(), String.join(" ", command), timeout);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  /** The java executable that the tests fork. */
  public static Path javaExecutable() {
    String set = System.getProperty("dio.test.java");
    if (set == null || set.isBlank()) {
      set = System.getenv("DIO_TEST_JAVA");
    }
    return set == null || set.isBlank()
        ? Path.of(System.getProperty("java.home"), "bin", "java")
        : Path.of(set);
  }

  /** The feature release of {@link #javaExecutable}, such as 17. */
  public static int javaFeature() {
    Path release = javaExecutable().toAbsolutePath().getParent().resolveSibling("release");
    try {
      for (String line : Files.readAllLines(release)) {
        if (line.startsWith("JAVA_VERSION=")) {
          String version = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
          return Runtime.Version.parse(version).feature();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(release + " has no JAVA_VERSION");
  }

  /** The packaged agent. */
  public static Path agentJar() {
    String set = System.getProperty("dio.test.jar");
    Path jar =
        set == null || set.isBlank()
            ? testClasses().resolveSibling("dio-agent.jar")
            : Path.of(set).toAbsolutePath();
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing: run mvn package first");
    }
    return jar;
  }

  private static Path testClasses() {
    try {
      return Path.of(AgentJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String join(List<Path> paths) {
    StringBuilder joined = new StringBuilder();
    for (Path path : paths) {
      joined.append(joined.length() == 0 ? "" : File.pathSeparator).append(path);
    }
    return joined.toString();
  }
}
