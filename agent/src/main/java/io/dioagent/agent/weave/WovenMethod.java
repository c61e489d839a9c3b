package io.dioagent.agent.weave;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A method of a class file.
 *
 * @param owner internal name of its class
 * @param access flags, as in the class file
 */
record WovenMethod(String owner, int access, String name, String descriptor) {
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

  /** Returns the local variable of a parameter. */
  int local(int index) {
    Type[] parameters = Type.getArgumentTypes(descriptor);
    int local = isStatic() ? 0 : 1;
    for (int i = 0; i < index; i++) {
      local += parameters[i].getSize();
    }
    return local;
  }

  /** Returns the types of its initial local variables, as a frame names them. */
  Object[] locals() {
    List<Object> locals = new ArrayList<>();
    if (!isStatic()) {
      locals.add(owner);
    }
    for (Type parameter : Type.getArgumentTypes(descriptor)) {
      locals.add(frameType(parameter));
    }
    return locals.toArray();
  }

  private static Object frameType(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
      case Type.LONG -> Opcodes.LONG;
      case Type.FLOAT -> Opcodes.FLOAT;
      case Type.DOUBLE -> Opcodes.DOUBLE;
      default -> type.getInternalName();
    };
  }

  /**
   * Returns the index of the second boolean parameter of a method whose first parameter is a
   * FileDescriptor; -1 if there is none. It says whether a channel is opened for writing.
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
