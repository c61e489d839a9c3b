package io.dioagent.agent.boot;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The modules nested in the agent's jar as {@code dio-agent/MODULE/...}, whose class files end in
 * {@code .classdata} there, so that nothing that scans a class path takes them for its own.
 *
 * <p>No lambdas here: the first of a JVM costs some 30 ms.
 *
 * <p>Immutable once made.
 */
final class NestedModuleFinder implements ModuleFinder {
  static final String ROOT = "dio-agent/";
  static final String CLASS_SUFFIX = ".classdata";
  private static final String DESCRIPTOR = "module-info" + CLASS_SUFFIX;

  private final Map<String, ModuleReference> modules;

  private NestedModuleFinder(Map<String, ModuleReference> modules) {
    this.modules = modules;
  }

  /**
   * Finds the modules of a jar.
   *
   * @param jar stays open for as long as classes are loaded from it
   */
  static NestedModuleFinder of(ZipFile jar, URI location) throws IOException {
    Map<String, Set<String>> packages = packages(jar);
    Map<String, ModuleReference> modules = new HashMap<>();
    for (Map.Entry<String, Set<String>> module : packages.entrySet()) {
      String prefix = ROOT + module.getKey() + "/";
      ModuleDescriptor descriptor = descriptor(jar, prefix, module.getValue(), packages.keySet());
      modules.put(descriptor.name(), new NestedModule(descriptor, location, jar, prefix));
    }
    return new NestedModuleFinder(modules);
  }

  /** The names of all modules of a finder. */
  static Set<String> names(ModuleFinder finder) {
    Set<String> names = new HashSet<>();
    for (ModuleReference module : finder.findAll()) {
      names.add(module.descriptor().name());
    }
    return names;
  }

  @Override
  public Optional<ModuleReference> find(String name) {
    return Optional.ofNullable(modules.get(name));
  }

  @Override
  public Set<ModuleReference> findAll() {
    return Set.copyOf(modules.values());
  }

  /** Module directory to packages that have classes. */
  private static Map<String, Set<String>> packages(ZipFile jar) {
    Map<String, Set<String>> packages = new HashMap<>();
    for (Enumeration<? extends ZipEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      String name = entries.nextElement().getName();
      if (name.startsWith(ROOT) && name.endsWith(CLASS_SUFFIX)) {
        int moduleEnd = name.indexOf('/', ROOT.length());
        int packageEnd = name.lastIndexOf('/');
        String module = name.substring(ROOT.length(), moduleEnd);
        Set<String> ofModule = packages.get(module);
        if (ofModule == null) {
          ofModule = new LinkedHashSet<>();
          packages.put(module, ofModule);
        }
        if (packageEnd > moduleEnd) {
          ofModule.add(name.substring(moduleEnd + 1, packageEnd).replace('/', '.'));
        }
      }
    }
    return packages;
  }

  /**
   * A module's own descriptor, without what it requires and this JVM does not have: JNA can do
   * without java.logging (see {@link JnaConstants}) and java.desktop, and without jdk.jfr there are
   * no events.
   */
  private static ModuleDescriptor descriptor(
      ZipFile jar, String prefix, Set<String> packages, Set<String> siblings) throws IOException {
    ModuleDescriptor original;
    try (InputStream in = jar.getInputStream(jar.getEntry(prefix + DESCRIPTOR))) {
      original = ModuleDescriptor.read(in);
    }
    ModuleDescriptor.Builder kept = ModuleDescriptor.newModule(original.name()).packages(packages);
    for (ModuleDescriptor.Requires requires : original.requires()) {
      if (siblings.contains(requires.name())
          || ModuleLayer.boot().findModule(requires.name()).isPresent()) {
        kept.requires(requires);
      }
    }
    for (ModuleDescriptor.Exports exports : original.exports()) {
      kept.exports(exports);
    }
    return kept.build();
  }
}
