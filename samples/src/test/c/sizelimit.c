/*
 * sizelimit DEVICE BYTES: limits the size of a loop device while in use; 0 for the size of its file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: sizelimit DEVICE BYTES\n");
    return 2;
  }
  int device = open(arguments[1], O_RDWR | O_CLOEXEC);
  struct loop_info64 status;
  if (device < 0 || ioctl(device, LOOP_GET_STATUS64, &status) != 0) {
    fprintf(stderr, "sizelimit: %s: %s\n", arguments[1], strerror(errno));
    return 1;
  }
  status.lo_sizelimit = strtoull(arguments[2], NULL, 10);
  if (ioctl(device, LOOP_SET_STATUS64, &status) != 0) {
    fprintf(stderr, "sizelimit: %s: LOOP_SET_STATUS64: %s\n", arguments[1], strerror(errno));
    return 1;
  }
  return 0;
}
