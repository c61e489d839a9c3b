package io.dioagent.agent.apps;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;

/** Another agent, which keeps retransforming the JDK's channel classes without changing them. */
public final class MeddlingAgent {
  private static final long PAUSE_MILLIS = 20;

  private MeddlingAgent() {}

  /** Called by the JVM. */
  public static void premain(String options, Instrumentation instrumentation) {
    instrumentation.addTransformer(new Copies(), true);
    Thread thread = new Thread(() -> meddle(instrumentation), "meddling");
    thread.setDaemon(true);
    thread.start();
  }

  private static void meddle(Instrumentation instrumentation) {
    try {
      while (true) {
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
          if (isTarget(type.getName())) {
            loaded.add(type);
          }
        }
        if (!loaded.isEmpty()) {
          instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (UnmodifiableClassException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isTarget(String name) {
    return name.equals("java.io.FileDescriptor")
        || name.equals("java.io.FileCleanable")
        || (name.startsWith("sun.nio.ch.") && name.contains("File"));
  }

  /** Answers each class file as it was, in a new array, which counts as a change. */
  private static final class Copies implements ClassFileTransformer {
    @Override
    public byte[] transform(
        ClassLoader loader,
        String name,
        Class<?> redefined,
        java.security.ProtectionDomain domain,
        byte[] classFile) {
      return redefined == null ? null : classFile.clone();
    }
  }
}
