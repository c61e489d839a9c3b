package io.dioagent.agent.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
 * {@code .classdata} there, so that nothing that scans a class path takes them for its own. One
 * without a descriptor is an automatic module.
 *
 * <p>No lambdas here: the first of a JVM costs some 30 ms.
 *
 * <p>Used by one thread. Its methods throw {@link UncheckedIOException} if the jar cannot be read.
 */
final class NestedModuleFinder implements ModuleFinder {
  static final String ROOT = "dio-agent/";
  static final String CLASS_SUFFIX = ".classdata";
  private static final String DESCRIPTOR = "module-info" + CLASS_SUFFIX;

  private final ZipFile jar;
  private final URI location;

  /** Module to packages that have classes. */
  private final Map<String, Set<String>> packages;

  /** Those that were asked for: most of them are of the command line only. */
  private final Map<String, ModuleReference> found = new HashMap<>();

  private NestedModuleFinder(ZipFile jar, URI location) {
    this.jar = jar;
    this.location = location;
    packages = packages(jar);
  }

  /**
   * Finds the modules of a jar.
   *
   * @param jar stays open for as long as classes are loaded from it
   */
  static NestedModuleFinder of(ZipFile jar, URI location) {
    return new NestedModuleFinder(jar, location);
  }

  @Override
  public Optional<ModuleReference> find(String name) {
    ModuleReference module = found.get(name);
    if (module == null && packages.containsKey(name)) {
      String prefix = ROOT + name + "/";
      try {
        module = new NestedModule(descriptor(name, prefix), location, jar, prefix);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      found.put(name, module);
    }
    return Optional.ofNullable(module);
  }

  /** Asked for by who resolves automatic modules. */
  @Override
  public Set<ModuleReference> findAll() {
    Set<ModuleReference> all = new HashSet<>();
    for (String name : packages.keySet()) {
      all.add(find(name).orElseThrow());
    }
    return all;
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
        // The default package has descriptors only.
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
  private ModuleDescriptor descriptor(String name, String prefix) throws IOException {
    Set<String> own = packages.get(name);
    ZipEntry entry = jar.getEntry(prefix + DESCRIPTOR);
    if (entry == null) {
      return ModuleDescriptor.newAutomaticModule(name).packages(own).build();
    }
    ModuleDescriptor original;
    try (InputStream in = jar.getInputStream(entry)) {
      original = ModuleDescriptor.read(in);
    }
    ModuleDescriptor.Builder kept = ModuleDescriptor.newModule(name).packages(own);
    for (ModuleDescriptor.Requires requires : original.requires()) {
      if (packages.containsKey(requires.name())
          || ModuleLayer.boot().findModule(requires.name()).isPresent()) {
        kept.requires(requires);
      }
    }
    for (ModuleDescriptor.Exports exports : original.exports()) {
      kept.exports(exports);
    }
    for (ModuleDescriptor.Opens opens : original.opens()) {
      kept.opens(opens);
    }
    for (String service : original.uses()) {
      kept.uses(service);
    }
    for (ModuleDescriptor.Provides provides : original.provides()) {
      kept.provides(provides);
    }
    return kept.build();
  }
}
