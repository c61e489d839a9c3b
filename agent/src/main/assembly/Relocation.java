import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.ModuleVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/**
 * Puts the used classes of Byte Buddy into the agent's jar, under another package, with a descriptor
 * of their own; and changes the agent's references to them. So properties that an application sets
 * for its own Byte Buddy do not reach the agent's.
 *
 * <p>Arguments: Byte Buddy's jar, the directory of the agent's nested module, and that of Byte
 * Buddy's.
 */
final class Relocation {
  private static final String FROM = "net/bytebuddy/";
  private static final String TO = "io/dioagent/bytebuddy/";
  private static final String MODULE = "net.bytebuddy";

  /** Parts of Byte Buddy that weaving by advice does not reach, though its classes refer to them. */
  private static final List<String> LEFT_OUT =
      List.of(
          "ByteBuddy",
          "agent/",
          "asm/AsmVisitorWrapper$ForDeclaredFields",
          "asm/ClassVisitorFactory",
          "asm/MemberAttributeExtension",
          "asm/MemberSubstitution",
          "asm/ModifierAdjustment",
          "asm/TypeConstantAdjustment",
          "build/",
          "dynamic/DynamicType$",
          "dynamic/loading/",
          "dynamic/scaffold/inline/",
          "dynamic/scaffold/subclass/",
          "dynamic/scaffold/TypeWriter",
          "implementation/bind/",
          "jar/asm/commons/",
          "jar/asmjdkbridge/");

  private final JarFile byteBuddy;
  private final Set<String> used = new TreeSet<>();
  private final Deque<String> toRead = new ArrayDeque<>();

  private Relocation(JarFile byteBuddy) {
    this.byteBuddy = byteBuddy;
  }

  public static void main(String[] arguments) throws IOException {
    try (JarFile jar = new JarFile(arguments[0])) {
      new Relocation(jar).run(Path.of(arguments[1]), Path.of(arguments[2]));
    }
  }

  private void run(Path agent, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(agent)) {
      for (Path file : (Iterable<Path>) files.filter(Relocation::isClass).sorted()::iterator) {
        byte[] classFile = Files.readAllBytes(file);
        if (!file.endsWith("module-info.classdata")) {
          Files.write(file, relocated(classFile));
        }
      }
    }
    Set<String> packages = new TreeSet<>();
    while (!toRead.isEmpty()) {
      String name = toRead.remove();
      try (InputStream in = byteBuddy.getInputStream(byteBuddy.getEntry(name + ".class"))) {
        String relocated = TO + name.substring(FROM.length());
        write(target.resolve(relocated + ".classdata"), relocated(in.readAllBytes()));
        packages.add(relocated.substring(0, relocated.lastIndexOf('/')));
      }
    }
    write(target.resolve("module-info.classdata"), descriptor(packages));
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".classdata");
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private byte[] relocated(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(new ClassRemapper(writer, new Renaming()), 0);
    return writer.toByteArray();
  }

  private static byte[] descriptor(Set<String> packages) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_MODULE, "module-info", null, null, null);
    ModuleVisitor module = writer.visitModule(MODULE, 0, null);
    module.visitRequire("java.base", Opcodes.ACC_MANDATED, null);
    for (String name : packages) {
      module.visitExport(name, 0);
    }
    module.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  /** Renames classes and names of properties, and notes the classes. */
  private final class Renaming extends Remapper {
    Renaming() {
      super(Opcodes.ASM9);
    }

    @Override
    public String map(String internalName) {
      if (!internalName.startsWith(FROM)) {
        return internalName;
      }
      String inByteBuddy = internalName.substring(FROM.length());
      if (LEFT_OUT.stream().noneMatch(inByteBuddy::startsWith) && used.add(internalName)) {
        toRead.add(internalName);
      }
      return TO + inByteBuddy;
    }

    @Override
    public Object mapValue(Object value) {
      if (value instanceof String text && text.startsWith(MODULE + ".")) {
        return TO.replace('/', '.') + text.substring(MODULE.length() + 1);
      }
      return super.mapValue(value);
    }
  }
}
