package io.dioagent.agent.host;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/**
 * An application that looks for a way from its own classes into the agent, and by it to native code
 * and to packages of java.base that were not opened to it. Prints what it found: "open NAME" for
 * each way that there is, and "met NAME" for what it had to meet to have looked at all.
 *
 * <p>Arguments: a tagged directory, whose files {@code eio} and {@code lost} fail so; a jar with
 * other classes for the agent's module; the packages of java.base that are opened to it anyway, by
 * commas.
 */
public final class IntruderApp {
  private static final int BYTES = 4096;

  private final Path directory;
  private final ObjectGraph graph = new ObjectGraph();

  private IntruderApp(Path directory) {
    this.directory = directory;
  }

  /** Looks. */
  public static void main(String[] arguments) throws Exception {
    IntruderApp app = new IntruderApp(Path.of(arguments[0]));
    try (Recording recording = new Recording()) {
      recording.start();
      app.addRoots();
      app.graph.walk();
      app.report();
      Routes routes = new Routes(app.graph, Path.of(arguments[1]));
      routes.tryAll(Set.of(arguments[2].split(",")));
    }
    System.out.println("done");
  }

  private void addRoots() throws Exception {
    graph.add(writes());
    graph.add(handlerFrames());
    graph.add(Thread.getAllStackTraces().keySet().toArray());
    Set<String> threads = new TreeSet<>();
    Thread.getAllStackTraces().keySet().forEach(thread -> threads.add(thread.getName()));
    threads.removeIf(name -> !name.startsWith("dio-"));
    met("thread", threads);
    for (String name : Routes.BOOTSTRAP) {
      try {
        graph.add(Class.forName("io.dioagent.agent.boot." + name));
      } catch (ClassNotFoundException e) {
        graph.add(e); // Of another version of the agent.
      }
    }
    graph.add(System.getProperties());
    graph.add(FlightRecorder.getFlightRecorder().getEventTypes());
    met(
        "event",
        FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .map(type -> type.getName())
            .filter(name -> name.startsWith("io.dioagent."))
            .toList());
    for (Provider provider : Security.getProviders()) {
      graph.add(provider);
    }
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.dioagent:type=DirectIo");
    for (int i = 0; i < 1200 && !server.isRegistered(name); i++) {
      Thread.sleep(50);
    }
    graph.add(server);
    graph.add(server.getMBeanInfo(name));
    graph.add(server.getAttribute(name, "InFlight"));
    ClassLoader loader = server.getClassLoaderFor(name);
    met("loader", List.of(loader));
    graph.add(loader);
    for (String hook :
        new String[] {
          "sun.nio.ch.DioHook",
          "sun.nio.ch.DioNatives",
          "sun.nio.ch.DioCalls",
          "jdk.internal.vm.VMSupport"
        }) {
      addStatics(Class.forName(hook, false, null));
    }
    graph.add(ModuleLayer.boot());
    graph.add(ClassLoader.getSystemClassLoader());
  }

  /** Those that the application's flags open. */
  private void addStatics(Class<?> type) {
    for (java.lang.reflect.Field field : type.getDeclaredFields()) {
      try {
        if (java.lang.reflect.Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
          graph.add(field.get(null));
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Exceptions of writes that failed. */
  private List<Throwable> writes() throws IOException {
    List<Throwable> thrown = new ArrayList<>();
    for (String name : new String[] {"fine", "eio", "lost"}) {
      try (FileChannel channel = open(name)) {
        int unused = channel.write(ByteBuffer.allocate(BYTES));
      } catch (IOException e) {
        thrown.add(e);
      }
    }
    Set<String> types = new TreeSet<>();
    thrown.forEach(one -> types.add(one.getClass().getName()));
    met("exception", types);
    return thrown;
  }

  private FileChannel open(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.write(file, new byte[BYTES]);
    return FileChannel.open(file, StandardOpenOption.WRITE);
  }

  /**
   * Classes below a handler, the tasks that an executor is given, and the exceptions they bring.
   */
  private Object[] handlerFrames() throws Exception {
    List<Object> all = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch calls = new CountDownLatch(4);
    CompletionHandler<Integer, Void> handler =
        new CompletionHandler<>() {
          @Override
          public void completed(Integer result, Void attachment) {
            frames();
          }

          @Override
          public void failed(Throwable failure, Void attachment) {
            all.add(failure);
            frames();
          }

          private void frames() {
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .forEach(frame -> all.add(frame.getDeclaringClass()));
            all.add(Thread.currentThread());
            calls.countDown();
          }
        };
    ExecutorService executor =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>()) {
          @Override
          public void execute(Runnable task) {
            all.add(task);
            super.execute(task);
          }
        };
    for (ExecutorService given : new ExecutorService[] {null, executor}) {
      for (String name : new String[] {"fine", "eio"}) {
        try (AsynchronousFileChannel channel =
            AsynchronousFileChannel.open(
                directory.resolve(name), Set.of(StandardOpenOption.WRITE), given)) {
          long before = calls.getCount();
          channel.write(ByteBuffer.allocate(BYTES), 0, null, handler);
          for (int i = 0; i < 1200 && calls.getCount() == before; i++) {
            Thread.sleep(50);
          }
        }
      }
    }
    executor.shutdown();
    Set<String> frames = new TreeSet<>();
    for (Object one : all.toArray()) {
      if (one instanceof Class<?> type && type.getName().startsWith("io.dioagent.agent.hook.")) {
        frames.add(type.getName());
      }
    }
    met("frame", frames);
    return all.toArray();
  }

  private static void met(String what, java.util.Collection<?> all) {
    for (Object one : all) {
      System.out.println("met " + what + " " + one);
    }
  }

  private void report() {
    System.out.println("objects " + graph.size());
    met("layer", graph.layers());
    met("class", graph.classes());
    for (Object leak : graph.leaks()) {
      System.out.println("open leak " + leak.getClass().getName());
    }
    for (Object shared : graph.ofBootstrap()) {
      for (java.lang.reflect.Field field : shared.getClass().getDeclaredFields()) {
        if (!java.lang.reflect.Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
          System.out.println("open field " + field);
        }
      }
    }
  }
}
