package io.dioagent.agent.apps;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * Makes and changes classes with a Byte Buddy of its own, and writes files. It does so twice, and
 * waits between and after for a line on stdin. Prints a line for each thing that it did. Argument:
 * the directory to write to.
 */
public final class ByteBuddyApp {
  /** Bytes that each of the two rounds writes. */
  public static final int ROUND_BYTES = 4 * 8192;

  private static final String OWN_PREFIX = "net.bytebuddy.";
  private static final String AGENT_PREFIX = "io.dioagent.";

  private final Path directory;
  private final Instrumentation instrumentation;

  private ByteBuddyApp(Path directory, Instrumentation instrumentation) {
    this.directory = directory;
    this.instrumentation = instrumentation;
  }

  /** A class whose methods it changes. */
  public static final class Counted {
    /** Counts the calls of {@link #call}, in the advice. */
    public static int calls;

    private Counted() {}

    /** Does nothing before it is changed. */
    static void call() {}
  }

  /** The application's own advice. */
  static final class Counting {
    private Counting() {}

    @Advice.OnMethodEnter
    static void enter() {
      Counted.calls++;
    }
  }

  /** Prints {@code ready} after the first round and {@code done} after the second. */
  public static void main(String[] arguments) throws Exception {
    // The tests are compiled without byte-buddy-agent.
    Object installed =
        Class.forName("net.bytebuddy.agent.ByteBuddyAgent").getMethod("install").invoke(null);
    ByteBuddyApp app = new ByteBuddyApp(Path.of(arguments[0]), (Instrumentation) installed);
    app.round("first");
    System.out.println("ready");
    int unused = System.in.read();
    Counted.calls = 0;
    Counted.call();
    System.out.println("still changed " + Counted.calls);
    app.round("second");
    System.out.println("the agent's " + app.visibleClassesOfAgent());
    System.out.println("done");
    unused = System.in.read();
  }

  private void round(String name) throws Exception {
    System.out.println("subclass " + subclass(name));
    redefine();
    Counted.calls = 0;
    Counted.call();
    System.out.println("redefined " + Counted.calls);
    System.out.println("bytes " + write(directory.resolve(name + ".dat"), name.hashCode()));
    System.out.println("byte-buddy " + jarsOfOwnByteBuddy());
  }

  private static Object subclass(String name) throws ReflectiveOperationException {
    return new ByteBuddy()
        .subclass(Object.class)
        .method(ElementMatchers.named("toString"))
        .intercept(FixedValue.value(name))
        .make()
        .load(ByteBuddyApp.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
        .getLoaded()
        .getDeclaredConstructor()
        .newInstance();
  }

  private static void redefine() {
    Class<?> unused =
        new ByteBuddy()
            .redefine(Counted.class)
            .visit(Advice.to(Counting.class).on(ElementMatchers.named("call")))
            .make()
            .load(ByteBuddyApp.class.getClassLoader(), ClassReloadingStrategy.fromInstalledAgent())
            .getLoaded();
  }

  /** Writes blocks in three ways, and compares the file. */
  private static String write(Path file, long seed) throws IOException {
    byte[] expected = new byte[ROUND_BYTES];
    new SplittableRandom(seed).nextBytes(expected);
    int quarter = ROUND_BYTES / 4;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long written = channel.write(ByteBuffer.wrap(expected, 0, quarter));
      written += channel.write(ByteBuffer.wrap(expected, quarter, quarter), quarter);
      ByteBuffer[] rest = {
        ByteBuffer.wrap(expected, 2 * quarter, quarter),
        ByteBuffer.wrap(expected, 3 * quarter, quarter)
      };
      written += channel.position(2L * quarter).write(rest);
      return written + " " + Arrays.equals(expected, Files.readAllBytes(file));
    }
  }

  /** Returns the jars of all loaded classes of the Byte Buddy that applications see. */
  private Set<String> jarsOfOwnByteBuddy() {
    Set<String> jars = new TreeSet<>();
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (loaded.getName().startsWith(OWN_PREFIX)) {
        CodeSource source = loaded.getProtectionDomain().getCodeSource();
        if (source != null && source.getLocation() != null) { // Null for generated classes.
          jars.add(source.getLocation().getPath());
        }
      }
    }
    return jars;
  }

  /**
   * Whether any class that the agent's own loader has is known to the application's loader, can be
   * loaded by it, or is found as a file.
   */
  private String visibleClassesOfAgent() {
    ClassLoader own = ByteBuddyApp.class.getClassLoader();
    Set<String> visible = new TreeSet<>();
    Set<String> relocated = new TreeSet<>();
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      String name = loaded.getName();
      if (name.startsWith(AGENT_PREFIX) && loaded.getClassLoader() != own) {
        if (name.startsWith(AGENT_PREFIX + "bytebuddy.")) {
          relocated.add(name);
        }
        if (isVisible(name, own)) {
          visible.add(name);
        }
      }
    }
    for (Class<?> initiated : instrumentation.getInitiatedClasses(own)) {
      if (relocated.contains(initiated.getName())) {
        visible.add("initiated " + initiated.getName());
      }
    }
    return (relocated.isEmpty() ? "none" : "Byte Buddy") + ", visible " + visible;
  }

  private static boolean isVisible(String name, ClassLoader loader) {
    if (loader.getResource(name.replace('.', '/') + ".class") != null) {
      return true;
    }
    try {
      Class<?> unused = Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
