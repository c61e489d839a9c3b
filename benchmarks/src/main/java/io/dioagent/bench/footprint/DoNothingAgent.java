package io.dioagent.bench.footprint;

import io.dioagent.bench.work.NoAgent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes the jar of {@link NoAgent}. */
final class DoNothingAgent {
  private DoNothingAgent() {}

  /**
   * Writes the jar. Its manifest allows the same as that of dio-agent, because a JVM prepares for
   * that.
   */
  static void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", NoAgent.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    String name = NoAgent.class.getName().replace('.', '/') + ".class";
    try (InputStream classFile = NoAgent.class.getClassLoader().getResourceAsStream(name);
        OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new JarEntry(name));
      long unused = classFile.transferTo(out);
    }
  }
}
