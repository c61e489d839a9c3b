package io.dioagent.agent.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;

/**
 * Finds the modules nested in the agent's jar as {@code dio-agent/MODULE/...}. Class files end in
 * {@code .classdata} there, so that scanners of the class path ignore them. A module without a
 * descriptor is an automatic module.
 *
 * <p>No lambdas here: a JVM's first one costs some 30 ms.
 *
 * <p>Used by one thread. Its methods throw {@link UncheckedIOException} if the jar cannot be read.
 */
final class NestedModuleFinder implements ModuleFinder {
  static final String ROOT = "dio-agent/";
  static final String CLASS_SUFFIX = ".classdata";

  /** Lists the packages of each module, a line a module. */
  private static final String PACKAGES = ROOT + "packages";

  private static final String DESCRIPTOR = "module-info" + CLASS_SUFFIX;

  /** The package of two interfaces, which JMX's reflection calls from a module that has no name. */
  private static final String MANAGEMENT = "io.dioagent.agent.management";

  /** By module, the JDK's module that reflects on its exports. */
  private static final Map<String, String> REFLECTED_BY = Map.of("io.dioagent.events", "jdk.jfr");

  /** By module, the packages that have classes. */
  private final Map<String, Set<String>> packages = packages();

  /**
   * The descriptors, as built, of the modules to close; then only these are found. Null if modules
   * are found as they were built.
   */
  private final Map<String, ModuleDescriptor> closed;

  /** The modules requested so far: most belong to the command line only. */
  private final Map<String, ModuleReference> found = new HashMap<>();

  private NestedModuleFinder(boolean closes) {
    closed = closes ? new HashMap<>() : null;
  }

  /** Finds all modules as they were built. */
  static NestedModuleFinder asBuilt() {
    return new NestedModuleFinder(false);
  }

  /**
   * Finds these modules and those that they require. Each exports and opens its packages only to
   * the found modules that require it. Applications reach their class loader by any of their
   * objects, and must not get further.
   */
  static NestedModuleFinder closed(Set<String> roots) throws IOException {
    NestedModuleFinder finder = new NestedModuleFinder(true);
    for (String root : roots) {
      finder.close(root);
    }
    return finder;
  }

  private void close(String name) throws IOException {
    if (!packages.containsKey(name) || closed.containsKey(name)) {
      return;
    }
    ModuleDescriptor original = original(name);
    if (original == null) {
      throw new IOException("module " + name + " has no descriptor: it would be open to all");
    }
    closed.put(name, original);
    for (ModuleDescriptor.Requires requires : original.requires()) {
      if (!requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC)) {
        close(requires.name());
      }
    }
  }

  @Override
  public Optional<ModuleReference> find(String name) {
    ModuleReference module = found.get(name);
    if (module == null && isHere(name)) {
      try {
        module = new NestedModule(descriptor(name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      found.put(name, module);
    }
    return Optional.ofNullable(module);
  }

  private boolean isHere(String name) {
    return closed == null ? packages.containsKey(name) : closed.containsKey(name);
  }

  /** Called to resolve automatic modules. */
  @Override
  public Set<ModuleReference> findAll() {
    Set<ModuleReference> all = new HashSet<>();
    for (String name : closed == null ? packages.keySet() : closed.keySet()) {
      all.add(find(name).orElseThrow());
    }
    return all;
  }

  /**
   * Returns, by module, the packages that have classes. The build has listed them: to look for them
   * among the names of all files costs a start some 10 ms.
   */
  private static Map<String, Set<String>> packages() {
    Map<String, Set<String>> packages = new HashMap<>();
    String[] lines;
    try (InputStream in = AgentJar.CONTENT.getInputStream(AgentJar.CONTENT.getEntry(PACKAGES))) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String line : lines) {
      String[] names = line.split(" ");
      Set<String> ofModule = new LinkedHashSet<>(Arrays.asList(names).subList(1, names.length));
      packages.put(names[0], ofModule);
    }
    return packages;
  }

  /** Returns a descriptor as it was built; null if there is none. */
  private static ModuleDescriptor original(String name) throws IOException {
    ZipEntry entry = AgentJar.CONTENT.getEntry(ROOT + name + "/" + DESCRIPTOR);
    if (entry == null) {
      return null;
    }
    try (InputStream in = AgentJar.CONTENT.getInputStream(entry)) {
      return ModuleDescriptor.read(in);
    }
  }

  /**
   * Returns a module's own descriptor, without required modules that this JVM lacks. JNA works
   * without java.logging (see {@link JnaConstants}) and java.desktop; without jdk.jfr there are no
   * events.
   */
  private ModuleDescriptor descriptor(String name) throws IOException {
    Set<String> own = packages.get(name);
    ModuleDescriptor original = closed == null ? original(name) : closed.get(name);
    if (original == null) {
      return ModuleDescriptor.newAutomaticModule(name).packages(own).build();
    }
    ModuleDescriptor.Builder kept = ModuleDescriptor.newModule(name).packages(own);
    for (ModuleDescriptor.Requires requires : original.requires()) {
      String required = requires.name();
      // A nested module is never taken from the application's modules, even if it is left out.
      if (packages.containsKey(required)
          ? isHere(required)
          : ModuleLayer.boot().findModule(required).isPresent()) {
        kept.requires(requires);
      }
    }
    for (ModuleDescriptor.Exports exports : original.exports()) {
      if (closed == null || exports.source().equals(MANAGEMENT)) {
        kept.exports(exports);
      } else {
        Set<String> targets = targets(name, exports.targets());
        if (!targets.isEmpty()) {
          kept.exports(exports.source(), targets);
        }
      }
    }
    for (ModuleDescriptor.Opens opens : original.opens()) {
      if (closed == null) {
        kept.opens(opens);
      } else {
        Set<String> targets = targets(name, opens.targets());
        if (!targets.isEmpty()) {
          kept.opens(opens.source(), targets);
        }
      }
    }
    for (String service : original.uses()) {
      kept.uses(service);
    }
    for (ModuleDescriptor.Provides provides : original.provides()) {
      kept.provides(provides);
    }
    return kept.build();
  }

  /**
   * Returns the closed modules that require a module, and the JDK's module that reflects on it.
   * Contains only names of modules in the layer: any other could name one of the application's
   * modules.
   *
   * @param only restricts the result to these, if there are any
   */
  private Set<String> targets(String module, Set<String> only) {
    Set<String> targets = new HashSet<>();
    for (Map.Entry<String, ModuleDescriptor> other : closed.entrySet()) {
      for (ModuleDescriptor.Requires requires : other.getValue().requires()) {
        if (requires.name().equals(module)) {
          targets.add(other.getKey());
        }
      }
    }
    if (!only.isEmpty()) {
      targets.retainAll(only);
    } else if (REFLECTED_BY.containsKey(module)) {
      targets.add(REFLECTED_BY.get(module));
    }
    return targets;
  }
}
