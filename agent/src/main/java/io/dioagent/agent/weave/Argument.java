package io.dioagent.agent.weave;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A value that a woven method passes to the hook.
 *
 * @param kind where it comes from
 * @param index of a parameter, from 0
 * @param owner of a field
 * @param name of a field
 * @param fieldType of a field
 * @param type in the hook's method; null for a parameter's own
 */
record Argument(Kind kind, int index, String owner, String name, Type fieldType, Type type) {
  private static final Type OBJECT = Type.getObjectType("java/lang/Object");
  private static final Type FILE_DESCRIPTOR = Type.getObjectType("java/io/FileDescriptor");

  private enum Kind {
    THIS,
    PARAMETER,
    FIELD,
    RESULT
  }

  /** {@code this}, as an Object. */
  static Argument self() {
    return new Argument(Kind.THIS, -1, null, null, null, OBJECT);
  }

  /** {@code this}, in the class java.io.FileDescriptor. */
  static Argument selfDescriptor() {
    return new Argument(Kind.THIS, -1, null, null, null, FILE_DESCRIPTOR);
  }

  /** A parameter, as it is. */
  static Argument parameter(int index) {
    return new Argument(Kind.PARAMETER, index, null, null, null, null);
  }

  /** A parameter whose class the hook does not know, as an Object. */
  static Argument parameterAsObject(int index) {
    return new Argument(Kind.PARAMETER, index, null, null, null, OBJECT);
  }

  /** {@code this.fd}, a FileDescriptor. */
  static Argument descriptorOf(String owner) {
    return field(owner, "fd", FILE_DESCRIPTOR);
  }

  /** {@code this.NAME}. */
  static Argument field(String owner, String name, Type type) {
    return new Argument(Kind.FIELD, -1, owner, name, type, type);
  }

  /** {@code this.NAME}, as an Object. */
  static Argument fieldAsObject(String owner, String name, Type type) {
    return new Argument(Kind.FIELD, -1, owner, name, type, OBJECT);
  }

  /** The woven method's result, an object. Must be the first argument, and only in an epilogue. */
  static Argument result() {
    return new Argument(Kind.RESULT, -1, null, null, null, OBJECT);
  }

  /** All parameters of a method, as they are. */
  static Argument[] parameters(String descriptor) {
    Argument[] all = new Argument[Type.getArgumentTypes(descriptor).length];
    for (int i = 0; i < all.length; i++) {
      all[i] = parameter(i);
    }
    return all;
  }

  /** Returns its type in the hook's method. */
  Type typeIn(WovenMethod method) {
    return type != null ? type : method.parameter(index);
  }

  /** Pushes it onto the stack; a result is there already. */
  void push(MethodVisitor code, WovenMethod method) {
    switch (kind) {
      case THIS -> code.visitVarInsn(Opcodes.ALOAD, 0);
      case PARAMETER ->
          code.visitVarInsn(method.parameter(index).getOpcode(Opcodes.ILOAD), method.local(index));
      case FIELD -> {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, owner, name, fieldType.getDescriptor());
      }
      case RESULT -> code.visitInsn(Opcodes.DUP);
    }
  }
}
