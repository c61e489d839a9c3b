/*
 * noaio ERRNO COMMAND...: runs a command with io_setup(2) failing with this errno, as under a container's seccomp profile.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: noaio ERRNO COMMAND...\n");
    return 2;
  }
  unsigned error = (unsigned)atoi(arguments[1]);
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    fprintf(stderr, "noaio: seccomp: %s\n", strerror(errno));
    return 1;
  }
  execvp(arguments[2], arguments + 2);
  fprintf(stderr, "noaio: %s: %s\n", arguments[2], strerror(errno));
  return 1;
}
