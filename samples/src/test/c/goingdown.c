/*
 * goingdown DIRECTORY: shuts the file system of a directory down, as if its disk had been pulled. Nothing is flushed.
 *
 * ext4 calls it EXT4_IOC_SHUTDOWN and xfs XFS_IOC_GOINGDOWN; the number and the flag are the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define GOINGDOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSHING_THE_LOG 2

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: goingdown DIRECTORY\n");
    return 2;
  }
  int directory = open(arguments[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  uint32_t flags = WITHOUT_FLUSHING_THE_LOG;
  if (directory < 0 || ioctl(directory, GOINGDOWN, &flags) != 0) {
    fprintf(stderr, "goingdown: %s: %s\n", arguments[1], strerror(errno));
    return 1;
  }
  return 0;
}
