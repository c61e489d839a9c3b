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
 * <p>Thread-safe: the JVM calls the transformer from any thread.
 */
public final class Weaver {
  private final List<WovenClass> classes;
  private final Instrumentation instrumentation;
  private final Transformer transformer;

  private Weaver(
      Instrumentation instrumentation, List<WovenClass> classes, Transformer transformer) {
    this.classes = classes;
    this.instrumentation = instrumentation;
    this.transformer = transformer;
  }

  /**
   * Weaves all classes.
   *
   * @throws WeavingException if it failed; then none is woven
   */
  public static Weaver weave(Instrumentation instrumentation) throws WeavingException {
    List<WovenClass> classes = HookTable.ofThisJdk();
    Transformer transformer = new Transformer(classes);
    Weaver weaver = new Weaver(instrumentation, classes, transformer);
    instrumentation.addTransformer(transformer, true);
    try {
      List<Class<?>> loadedBefore = new ArrayList<>();
      for (WovenClass woven : classes) {
        // Loads the class, which weaves it unless it has been loaded before.
        Class<?> type = Class.forName(woven.binaryName(), false, null);
        if (!transformer.hasWoven(woven.binaryName())) {
          loadedBefore.add(type);
        }
      }
      // All at once: each retransformation stops all threads.
      if (!loadedBefore.isEmpty()) {
        instrumentation.retransformClasses(loadedBefore.toArray(new Class<?>[0]));
      }
      weaver.checkAllWoven();
      return weaver;
    } catch (ReflectiveOperationException
        | UnmodifiableClassException
        | RuntimeException
        | LinkageError e) {
      weaver.unweave();
      throw new WeavingException(e.toString(), e);
    } catch (WeavingException e) {
      weaver.unweave();
      throw e;
    }
  }

  /**
   * Weaves all classes once more.
   *
   * @throws WeavingException if it failed
   */
  public void weaveAgain() throws WeavingException {
    retransform("cannot weave once more: ");
    checkAllWoven();
  }

  private void checkAllWoven() throws WeavingException {
    for (WovenClass woven : classes) {
      transformer.checkWoven(woven.binaryName());
    }
  }

  /** Restores all classes. */
  public void unweave() throws WeavingException {
    instrumentation.removeTransformer(transformer);
    retransform("cannot give classes back as they were: ");
  }

  private void retransform(String ifFailed) throws WeavingException {
    List<Class<?>> loaded = new ArrayList<>();
    try {
      for (WovenClass woven : classes) {
        if (transformer.hasWoven(woven.binaryName())) {
          loaded.add(Class.forName(woven.binaryName(), false, null));
        }
      }
      if (!loaded.isEmpty()) {
        instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
      }
    } catch (ReflectiveOperationException | UnmodifiableClassException | LinkageError e) {
      throw new WeavingException(ifFailed + e, e);
    }
  }

  /** The transformer that the JVM calls. */
  private static final class Transformer implements ClassFileTransformer {
    /** By internal name. */
    private final Map<String, WovenClass> classes = new HashMap<>();

    /** Binary names; guarded by this. */
    private final Set<String> woven = new HashSet<>();

    /** The last failure of weaving; guarded by this. */
    private Throwable failure;

    Transformer(List<WovenClass> classes) {
      for (WovenClass type : classes) {
        this.classes.put(type.binaryName().replace('.', '/'), type);
      }
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
        byte[] result = type.weave(classFile);
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

    synchronized boolean hasWoven(String binaryName) {
      return woven.contains(binaryName);
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
