package io.dioagent.agent.weave;

import io.dioagent.agent.OwnResources;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.AsmClassReader;

/**
 * The advice classes as Byte Buddy's templates. They are read from their class files before any
 * class is woven, and never run. Thread-safe, as nothing changes later.
 */
final class Templates {
  /** The one type of the JDK that has to be described: advice for a method's end catches it. */
  private static final TypePool KNOWN =
      new TypePool.Explicit(
          Map.of(Throwable.class.getName(), TypeDescription.ForLoadedType.of(Throwable.class)));

  private final Map<String, Advice> byRow = new HashMap<>();

  /**
   * Reads the advice of some rows.
   *
   * @throws IllegalArgumentException if an advice class is missing or wrong
   */
  Templates(List<HookPoint> rows) {
    ClassFileLocator classFiles = new OwnClassFiles();
    TypePool types = pool(classFiles);
    for (HookPoint row : rows) {
      if (row.enter() != null && !byRow.containsKey(key(row))) {
        byRow.put(key(row), read(row, types, classFiles));
      }
    }
  }

  private static String key(HookPoint row) {
    return row.exit() == null
        ? row.enter().getName()
        : row.enter().getName() + " " + row.exit().getName();
  }

  private static Advice read(HookPoint row, TypePool types, ClassFileLocator classFiles) {
    try {
      Advice.WithCustomMapping reader =
          Advice.withCustomMapping().with(AsmClassReader.Factory.Default.ASM_ONLY);
      TypeDescription enter = types.describe(row.enter().getName()).resolve();
      return row.exit() == null
          ? reader.to(enter, classFiles)
          : reader.to(enter, types.describe(row.exit().getName()).resolve(), classFiles);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("cannot read " + key(row) + ": " + e, e);
    }
  }

  /** Returns types that are described by their class files, each only if that is needed. */
  static TypePool pool(ClassFileLocator classFiles) {
    return new TypePool.Default.WithLazyResolution(
        new TypePool.CacheProvider.Simple(),
        classFiles,
        TypePool.Default.ReaderMode.FAST,
        AsmClassReader.Factory.Default.ASM_ONLY,
        KNOWN);
  }

  /** Returns a row's advice; null if it has none. */
  Advice of(HookPoint row) {
    return row.enter() == null ? null : byRow.get(key(row));
  }

  /** Class files of this package and of Byte Buddy's annotations, read from the agent's jar. */
  private static final class OwnClassFiles implements ClassFileLocator {
    @Override
    public Resolution locate(String name) throws IOException {
      Class<?> neighbour;
      if (name.startsWith(Advice.class.getName())) {
        neighbour = Advice.class;
      } else if (name.startsWith(Templates.class.getPackageName())) {
        neighbour = Templates.class;
      } else {
        return new Resolution.Illegal(name);
      }
      try (InputStream in = open(neighbour, name.replace('.', '/') + CLASS_FILE_EXTENSION)) {
        return new Resolution.Explicit(in.readAllBytes());
      }
    }

    private static InputStream open(Class<?> neighbour, String file) throws IOException {
      Module module = neighbour.getModule();
      return module.isNamed()
          ? OwnResources.open(module, file)
          : neighbour.getClassLoader().getResourceAsStream(file); // In tests.
    }

    @Override
    public void close() {}
  }
}
