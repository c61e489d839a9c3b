package io.dioagent.agent.weave;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** A method of the JDK that gets a prologue. */
enum HookPoint {
  WRITE("write", "(Ljava/io/FileDescriptor;JI)I", Prologue.REDIRECT),
  PWRITE("pwrite", "(Ljava/io/FileDescriptor;JIJ)I", Prologue.REDIRECT),
  WRITEV("writev", "(Ljava/io/FileDescriptor;JI)J", Prologue.REDIRECT),
  FORCE("force", "(Ljava/io/FileDescriptor;Z)I", Prologue.REDIRECT),
  /** Both channel classes have one, with parameters that differ between JDKs. */
  OPEN("open", null, Prologue.OPENED),
  CLOSE("close", "()V", Prologue.CLOSING),
  CLEANUP("performCleanup", "()V", Prologue.CLEANING);

  private static final String FILE_DESCRIPTOR = "java/io/FileDescriptor";

  private final String method;
  private final String descriptor;
  private final Prologue prologue;

  HookPoint(String method, String descriptor, Prologue prologue) {
    this.method = method;
    this.descriptor = descriptor;
    this.prologue = prologue;
  }

  Prologue prologue() {
    return prologue;
  }

  boolean matches(int access, String name, String actualDescriptor) {
    if (!name.equals(method)) {
      return false;
    }
    boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
    if (this == OPEN) {
      return isStatic && writableParameter(actualDescriptor) >= 0;
    }
    return !isStatic && actualDescriptor.equals(descriptor);
  }

  /**
   * The local variable that tells whether a channel is opened for writing: the second boolean of
   * {@code open(FileDescriptor, [String path,] boolean readable, boolean writable, ...)}; -1 if
   * there is none.
   */
  static int writableParameter(String descriptor) {
    Type[] parameters = Type.getArgumentTypes(descriptor);
    if (parameters.length == 0 || !parameters[0].getInternalName().equals(FILE_DESCRIPTOR)) {
      return -1;
    }
    int local = 0;
    int booleans = 0;
    for (Type parameter : parameters) {
      if (parameter.getSort() == Type.BOOLEAN && ++booleans == 2) {
        return local;
      }
      local += parameter.getSize();
    }
    return -1;
  }

  /** For messages. */
  String describe() {
    return method + (descriptor == null ? "(FileDescriptor, ..)" : descriptor);
  }
}
