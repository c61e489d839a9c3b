package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;

/** Makes the calls of a target, each to be performed once its target is known. */
final class Calls {
  private Calls() {}

  static Call write(FileDescriptor descriptor, long address, int length) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.write(descriptor, address, length);
      }
    };
  }

  static Call writeAt(FileDescriptor descriptor, long address, int length, long position) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.writeAt(descriptor, address, length, position);
      }
    };
  }

  static Call gather(FileDescriptor descriptor, long iovecs, int count) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.gather(descriptor, iovecs, count);
      }
    };
  }

  static Call writeByte(FileDescriptor descriptor, int value) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.writeByte(descriptor, value);
      }
    };
  }

  static Call writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.writeBytes(descriptor, bytes, offset, length);
      }
    };
  }

  static Call read(FileDescriptor descriptor, long address, int length) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.read(descriptor, address, length);
      }
    };
  }

  static Call readAt(FileDescriptor descriptor, long address, int length, long position) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.readAt(descriptor, address, length, position);
      }
    };
  }

  static Call scatter(FileDescriptor descriptor, long iovecs, int count) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.scatter(descriptor, iovecs, count);
      }
    };
  }

  static Call readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.readBytes(descriptor, bytes, offset, length);
      }
    };
  }

  static Call force(FileDescriptor descriptor, boolean metadata) {
    return new Call() {
      @Override
      long on(Target target) throws IOException {
        return target.force(descriptor, metadata);
      }
    };
  }
}
