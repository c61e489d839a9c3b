package io.dioagent.agent.boot;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A module below its prefix of the agent's jar. Thread-safe, as {@link ZipFile} is.
 *
 * <p>Applications can reach it by the configuration of the agent's layer, and share its class's
 * module. So it has no field that they could set to have other classes loaded.
 */
final class NestedModule extends ModuleReference {
  private static final String CLASS_SUFFIX = ".class";

  NestedModule(ModuleDescriptor descriptor) {
    super(descriptor, AgentJar.FILE.toURI());
  }

  @Override
  public ModuleReader open() {
    return new Reader();
  }

  private ZipEntry entry(String name) {
    String stored =
        name.endsWith(CLASS_SUFFIX)
            ? name.substring(0, name.length() - CLASS_SUFFIX.length())
                + NestedModuleFinder.CLASS_SUFFIX
            : name;
    return AgentJar.CONTENT.getEntry(NestedModuleFinder.ROOT + descriptor().name() + "/" + stored);
  }

  private final class Reader implements ModuleReader {

    @Override
    public Optional<URI> find(String name) {
      ZipEntry entry = entry(name);
      return entry == null
          ? Optional.empty()
          : Optional.of(URI.create("jar:" + location().orElseThrow() + "!/" + entry.getName()));
    }

    @Override
    public Optional<InputStream> open(String name) throws IOException {
      ZipEntry entry = entry(name);
      return entry == null ? Optional.empty() : Optional.of(AgentJar.CONTENT.getInputStream(entry));
    }

    @Override
    public Optional<ByteBuffer> read(String name) throws IOException {
      ZipEntry entry = entry(name);
      if (entry == null) {
        return Optional.empty();
      }
      // Not readAllBytes, whose buffers are larger than most classes: a start reads a thousand.
      byte[] bytes = new byte[Math.toIntExact(entry.getSize())];
      try (InputStream in = AgentJar.CONTENT.getInputStream(entry)) {
        if (in.readNBytes(bytes, 0, bytes.length) != bytes.length) {
          throw new IOException(entry.getName() + " is cut off");
        }
      }
      boolean jnaClass = JnaConstants.MODULE.equals(descriptor().name()) && isClass(name);
      return Optional.of(ByteBuffer.wrap(jnaClass ? JnaConstants.isolate(bytes) : bytes));
    }

    @Override
    public Stream<String> list() {
      throw new UnsupportedOperationException("the agent's modules are not listed");
    }

    @Override
    public void close() {
      // All modules share the jar, which stays open: classes are loaded for as long as the JVM
      // runs.
    }

    private boolean isClass(String name) {
      return name.endsWith(CLASS_SUFFIX);
    }
  }
}
