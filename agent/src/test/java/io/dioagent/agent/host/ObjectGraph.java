package io.dioagent.agent.host;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * All objects that an application gets at from some roots: by the fields that reflection opens to
 * it, and by the JDK's public methods of classes, loaders, modules, layers, threads and exceptions.
 */
final class ObjectGraph {
  private static final String BOOTSTRAP = "io.dioagent.agent.boot.";
  private static final String TESTS = "io.dioagent.agent.host.";

  /** The rest of a heap, which opened packages of the JDK lead to, is not the agent's. */
  private static final int MOST_OBJECTS = 300_000;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ArrayDeque<Object> queue = new ArrayDeque<>();
  private final Module own = ObjectGraph.class.getModule();

  /** Layers with the agent's module. */
  private final Set<ModuleLayer> layers = Collections.newSetFromMap(new IdentityHashMap<>());

  private final List<Object> leaks = new ArrayList<>();
  private final Set<String> classes = new TreeSet<>();
  private final List<Object> ofBootstrap = new ArrayList<>();

  void add(Object root) {
    if (root != null && seen.size() < MOST_OBJECTS && seen.add(root)) {
      queue.add(root);
    }
  }

  void walk() {
    for (Object next; (next = queue.poll()) != null; ) {
      visit(next);
    }
  }

  /** Objects that open the agent or the JDK. */
  List<Object> leaks() {
    return leaks;
  }

  Set<ModuleLayer> layers() {
    return layers;
  }

  /** Names of the classes in the agent's layers that were met, as objects or by themselves. */
  Set<String> classes() {
    return classes;
  }

  /** Objects of classes that the agent shares with the application's module. */
  List<Object> ofBootstrap() {
    return ofBootstrap;
  }

  int size() {
    return seen.size();
  }

  private static boolean isAgents(ModuleLayer layer) {
    return layer != null && layer.findModule("io.dioagent.agent").isPresent();
  }

  private void visit(Object object) {
    if (object instanceof Instrumentation
        || (object instanceof ModuleLayer.Controller controller && isAgents(controller.layer()))) {
      leaks.add(object);
    }
    Class<?> type = object.getClass();
    add(type);
    if (type.getName().startsWith(BOOTSTRAP)) {
      ofBootstrap.add(object);
    }
    switch (kind(object)) {
      case 0 -> visitClass((Class<?>) object);
      case 1 -> visitLoader((ClassLoader) object);
      case 2 -> visitModule((Module) object);
      case 3 -> visitLayer((ModuleLayer) object);
      case 4 -> visitConfiguration((Configuration) object);
      case 5 -> visitThread((Thread) object);
      case 6 -> visitThrowable((Throwable) object);
      case 7 -> visitReference((Reference<?>) object);
      case 8 -> visitLookup((MethodHandles.Lookup) object);
      default -> visitContent(object);
    }
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      visitFields(c, object);
    }
  }

  private static int kind(Object object) {
    Class<?>[] kinds = {
      Class.class,
      ClassLoader.class,
      Module.class,
      ModuleLayer.class,
      Configuration.class,
      Thread.class,
      Throwable.class,
      Reference.class,
      MethodHandles.Lookup.class
    };
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i].isInstance(object)) {
        return i;
      }
    }
    return kinds.length;
  }

  private void visitContent(Object object) {
    if (object instanceof Object[] array) {
      for (int i = 0; i < Array.getLength(array); i++) {
        add(array[i]);
      }
    } else if (object.getClass().getModule() != Object.class.getModule()) {
      return; // Another module's collection is not traversed.
    } else if (object instanceof Map<?, ?> map) {
      List<Map.Entry<?, ?>> entries = new ArrayList<>();
      try {
        entries.addAll(map.entrySet());
      } catch (RuntimeException e) { // It changes meanwhile, or cannot be looked at.
        return;
      }
      for (Map.Entry<?, ?> entry : entries) {
        add(entry.getKey());
        add(entry.getValue());
      }
    } else if (object instanceof Collection<?> collection) {
      try {
        new ArrayList<Object>(collection).forEach(this::add);
      } catch (RuntimeException e) {
        return;
      }
    }
  }

  private void visitClass(Class<?> type) {
    if (isAgents(type.getModule().getLayer())) {
      boolean unused = classes.add(type.getName());
    }
    add(type.getClassLoader());
    add(type.getModule());
    add(type.getProtectionDomain());
    add(type.getSuperclass());
    add(type.getInterfaces());
    if (type.getModule() == own && !type.getName().startsWith(TESTS)) {
      visitFields(type, null);
    }
  }

  private void visitLoader(ClassLoader loader) {
    add(loader.getParent());
    add(loader.getUnnamedModule());
    add(loader.getDefinedPackages());
  }

  private void visitModule(Module module) {
    add(module.getLayer());
    add(module.getClassLoader());
    add(module.getDescriptor());
  }

  private void visitLayer(ModuleLayer layer) {
    if (isAgents(layer)) {
      boolean unused = layers.add(layer);
    }
    add(layer.configuration());
    layer.parents().forEach(this::add);
    for (Module module : layer.modules()) {
      add(module);
      add(layer.findLoader(module.getName()));
    }
  }

  private void visitConfiguration(Configuration configuration) {
    for (ResolvedModule module : configuration.modules()) {
      ModuleReference reference = module.reference();
      add(reference);
      if (!"jrt".equals(reference.location().map(java.net.URI::getScheme).orElse("jrt"))) {
        try {
          add(reference.open());
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }

  private void visitThread(Thread thread) {
    add(thread.getContextClassLoader());
    add(thread.getThreadGroup());
    add(thread.getUncaughtExceptionHandler());
    add(LockSupport.getBlocker(thread));
  }

  private void visitThrowable(Throwable thrown) {
    add(thrown.getCause());
    add(thrown.getSuppressed());
  }

  private void visitReference(Reference<?> reference) {
    try {
      add(reference.get());
    } catch (UnsupportedOperationException e) {
      return; // It does not show what it refers to.
    }
  }

  private void visitLookup(MethodHandles.Lookup lookup) {
    if (isAgents(lookup.lookupClass().getModule().getLayer())) {
      leaks.add(lookup);
    }
  }

  /** Those of an object; the static ones for null. */
  private void visitFields(Class<?> type, Object object) {
    if (type.isArray() || type.isPrimitive()) {
      return;
    }
    for (Field field : type.getDeclaredFields()) {
      if (field.getType().isPrimitive()
          || Modifier.isStatic(field.getModifiers()) != (object == null)) {
        continue;
      }
      try {
        if (field.trySetAccessible()) {
          add(field.get(object));
        }
      } catch (IllegalAccessException | LinkageError e) {
        throw new IllegalStateException(field.toString(), e);
      }
    }
  }
}
