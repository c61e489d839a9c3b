package io.dioagent.agent.weave;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weaves the classes of {@link HookTable}, and keeps them woven when other agents or JFR on JDK 17
 * retransform them.
 *
 * <p>Weaving loads classes and reads the agent's jar. So each class is loaded first and woven by a
 * retransformation: none is being defined meanwhile, which its own use would fail.
 *
 * <p>Thread-safe: the JVM calls the transformer from any thread.
 */
public final class Weaver {
  private final Instrumentation instrumentation;
  private final Class<?>[] classes;
  private final Transformer transformer;

  private Weaver(Instrumentation instrumentation, Class<?>[] classes, Transformer transformer) {
    this.instrumentation = instrumentation;
    this.classes = classes;
    this.transformer = transformer;
  }

  /**
   * Weaves all classes.
   *
   * @throws WeavingException if it failed; then none is woven
   */
  public static Weaver weave(Instrumentation instrumentation) throws WeavingException {
    List<WovenClass> table = HookTable.of(Runtime.version().feature());
    Weaver weaver;
    try {
      weaver = new Weaver(instrumentation, load(table), new Transformer(table));
    } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
      throw new WeavingException(e.toString(), e);
    }
    instrumentation.addTransformer(weaver.transformer, true);
    try {
      weaver.weaveAgain();
    } catch (WeavingException e) {
      try {
        weaver.unweave();
      } catch (WeavingException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    return weaver;
  }

  private static Class<?>[] load(List<WovenClass> table) throws ClassNotFoundException {
    Class<?>[] loaded = new Class<?>[table.size()];
    for (int i = 0; i < loaded.length; i++) {
      loaded[i] = Class.forName(table.get(i).binaryName(), false, null);
    }
    return loaded;
  }

  /**
   * Weaves all classes once more.
   *
   * @throws WeavingException if it failed
   */
  public void weaveAgain() throws WeavingException {
    retransform("cannot weave: ");
    for (Class<?> type : classes) {
      transformer.checkWoven(type.getName());
    }
  }

  /** Restores all classes. */
  public void unweave() throws WeavingException {
    instrumentation.removeTransformer(transformer);
    retransform("cannot give classes back as they were: ");
  }

  private void retransform(String ifFailed) throws WeavingException {
    try {
      // All at once: each retransformation stops all threads.
      instrumentation.retransformClasses(classes);
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      throw new WeavingException(ifFailed + culprit(e), e);
    }
  }

  /** Describes a failure with its class, which the JVM does not name if there are several. */
  private String culprit(Throwable ofAll) {
    for (Class<?> type : classes) {
      try {
        instrumentation.retransformClasses(type);
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        return type.getName() + ": " + e;
      }
    }
    return ofAll.toString();
  }

  /** The transformer that the JVM calls. */
  private static final class Transformer implements ClassFileTransformer {
    /** By internal name. */
    private final Map<String, WovenClass> classes = new HashMap<>();

    private final Templates templates;

    /** Binary names; guarded by this. */
    private final Set<String> woven = new HashSet<>();

    /** The last failure of weaving; guarded by this. */
    private Throwable failure;

    Transformer(List<WovenClass> classes) {
      List<HookPoint> points = new ArrayList<>();
      for (WovenClass type : classes) {
        this.classes.put(type.binaryName().replace('.', '/'), type);
        points.addAll(type.points());
      }
      templates = new Templates(points);
    }

    @Override
    public byte[] transform(
        ClassLoader loader,
        String name,
        Class<?> redefined,
        ProtectionDomain domain,
        byte[] classFile) {
      WovenClass type = loader == null ? classes.get(name) : null;
      if (type == null) {
        return null;
      }
      try {
        byte[] result = type.weave(classFile, templates);
        succeeded(type);
        return result;
      } catch (RuntimeException | Error e) { // The JVM would swallow it.
        failed(e);
        return null;
      }
    }

    private synchronized void succeeded(WovenClass type) {
      boolean unused = woven.add(type.binaryName());
    }

    private synchronized void failed(Throwable thrown) {
      failure = thrown;
    }

    synchronized void checkWoven(String binaryName) throws WeavingException {
      if (failure != null) {
        throw new WeavingException(String.valueOf(failure.getMessage()), failure);
      }
      if (!woven.contains(binaryName)) {
        throw new WeavingException(binaryName + " was not handed to the transformer", null);
      }
    }
  }
}
