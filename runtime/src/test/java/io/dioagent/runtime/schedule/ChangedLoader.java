package io.dioagent.runtime.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads the runtime and its tests once more, on the {@link VirtualClock}, with or without a defect.
 */
public final class ChangedLoader extends ClassLoader {
  static final String RUNTIME = "io.dioagent.runtime.";

  private static final String SHARED = ChangedLoader.class.getPackageName() + ".";

  private final Edit defect;
  private final ProtectionDomain domain;
  private boolean changed;

  /**
   * A loader.
   *
   * @param name of the defect: Fray keeps what it has made of a class by where that is from
   * @param defect null for none
   */
  public ChangedLoader(String name, Edit defect) {
    super(ChangedLoader.class.getClassLoader());
    this.defect = defect;
    try {
      URL place = new URL("file:/schedules/" + name + "/");
      domain = new ProtectionDomain(new CodeSource(place, (Certificate[]) null), null);
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the defect has been put in. */
  public boolean isChanged() {
    return changed;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(RUNTIME) || name.startsWith(SHARED)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      new ClassReader(in.readAllBytes()).accept(new Changes(writer, name), 0);
      byte[] bytes = writer.toByteArray();
      return defineClass(name, bytes, 0, bytes.length, domain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Changes extends ClassVisitor {
    private final boolean isOfDefect;

    Changes(ClassVisitor next, String className) {
      super(Opcodes.ASM9, next);
      isOfDefect = defect != null && defect.isOf(className.substring(RUNTIME.length()));
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      if (!isOfDefect || !defect.isOfMethod(name)) {
        return new ClockReferences(
            super.visitMethod(access, name, descriptor, signature, exceptions));
      }
      changed = true;
      int newAccess = defect.access(access);
      return defect.before(
          new ClockReferences(
              super.visitMethod(newAccess, name, descriptor, signature, exceptions)));
    }
  }

  private static final class ClockReferences extends MethodVisitor {
    private static final String CLOCK = VirtualClock.class.getName().replace('.', '/');

    ClockReferences(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      Object[] virtual = arguments.clone();
      for (int i = 0; i < virtual.length; i++) {
        if (virtual[i] instanceof Handle handle
            && handle.getOwner().equals("java/lang/System")
            && handle.getName().equals("nanoTime")) {
          virtual[i] = new Handle(Opcodes.H_INVOKESTATIC, CLOCK, "nanoTime", "()J", false);
        }
      }
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, virtual);
    }
  }
}
