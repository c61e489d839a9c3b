package io.dioagent.agent.weave;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A method of a class file.
 *
 * @param access flags, as in the class file
 */
record WovenMethod(int access, String name, String descriptor) {
  boolean isStatic() {
    return (access & Opcodes.ACC_STATIC) != 0;
  }

  boolean isNative() {
    return (access & Opcodes.ACC_NATIVE) != 0;
  }

  Type parameter(int index) {
    return Type.getArgumentTypes(descriptor)[index];
  }

  Type result() {
    return Type.getReturnType(descriptor);
  }

  /** The local variable of a parameter. */
  int local(int index) {
    Type[] parameters = Type.getArgumentTypes(descriptor);
    int local = isStatic() ? 0 : 1;
    for (int i = 0; i < index; i++) {
      local += parameters[i].getSize();
    }
    return local;
  }

  /**
   * The index of the second boolean parameter of a method whose first is a FileDescriptor, which is
   * whether a channel is opened for writing; -1 if there is none.
   */
  int writableParameter() {
    Type[] parameters = Type.getArgumentTypes(descriptor);
    if (parameters.length == 0
        || !parameters[0].getInternalName().equals("java/io/FileDescriptor")) {
      return -1;
    }
    int booleans = 0;
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getSort() == Type.BOOLEAN && ++booleans == 2) {
        return i;
      }
    }
    return -1;
  }
}
